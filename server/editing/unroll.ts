import type { CodeAction } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import { nodesOf, opensBlock } from "../../language/index.ts";
import { constantOf } from "../navigation/mentions.ts";
import { endingOf, lineRange, type Script } from "../scripts/script.ts";

/** Lines that an unrolled loop has at most. */
const MOST = 500;

/** A loop over constants, written out: its lines once for each value. Not where a name would be defined twice then, or a block stands in it. */
export function unroll(script: Script, index: number): CodeAction | undefined {
  const { document } = script;
  const { syntax } = document.lines[index];
  const block = document.blocks.openedAt(index);
  if (syntax.kind !== "for" || block?.closed !== true) return undefined;
  const [from, to] = [syntax.from, syntax.to].map((bound) => constantOf(document.lines[index], bound));
  const step = syntax.step === undefined ? 1n : constantOf(document.lines[index], syntax.step);
  if (from === undefined || to === undefined || step === undefined || step === 0n) return undefined;
  const body = document.lines.slice(block.open + 1, block.close);
  if (body.some((line) => line.isDeclaration || opensBlock(line) || line.problem !== undefined)) return undefined;
  const count = (to - from) / step + 1n;
  if (count < 1n || count * BigInt(body.length) > BigInt(MOST)) return undefined;
  const indent = /^\s*/.exec(document.lines[index].text)?.[0] ?? "";
  const lines: string[] = [];
  for (let turn = 0n; turn < count; turn++) {
    for (const line of body) {
      let text = line.text;
      const uses = nodesOf(line).filter((node) => node.kind === "name" && node.name === syntax.name.text);
      for (const { start, length } of uses.sort((one, other) => other.start - one.start))
        text = `${text.slice(0, start)}${from + turn * step}${text.slice(start + length)}`;
      lines.push(text.trim() === "" ? "" : indent + text.trim());
    }
  }
  const range = { start: { line: block.open, character: 0 }, end: lineRange(script, block.close).end };
  return {
    title: `Write the loop out (${count} times)`,
    kind: CodeActionKind.RefactorInline,
    edit: { changes: { [script.uri]: [{ range, newText: lines.join(endingOf(script)) }] } },
  };
}
