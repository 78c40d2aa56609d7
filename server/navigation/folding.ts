import type { FoldingRange } from "vscode-languageserver";
import { FoldingRangeKind } from "vscode-languageserver";
import type { ScriptLine } from "../../language/index.ts";
import type { Script } from "../scripts/script.ts";

/** What can be folded: blocks of all kinds, and comments of two lines and more. */
export function folding(script: Script): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const { lines } = script.document;
  let comment = -1;
  let block = -1;
  for (let index = 0; index <= lines.length; index++) {
    const line = lines[index];
    if (line !== undefined && isComment(line)) {
      if (comment < 0) comment = index;
      continue;
    }
    if (comment >= 0 && index - comment > 1)
      ranges.push({ startLine: comment, endLine: index - 1, kind: FoldingRangeKind.Comment });
    comment = -1;
    if (line?.kind !== "machine") continue;
    const { syntax } = line;
    if (syntax.kind !== "machine") continue;
    if (syntax.word !== undefined) block = index;
    if (syntax.closes && block >= 0) {
      // The closing brace stays visible.
      if (index - block > 1) ranges.push({ startLine: block, endLine: index - 1 });
      block = -1;
    }
  }
  for (const { open, close, closed } of script.document.blocks.list) {
    const endLine = closed ? close - 1 : close;
    if (endLine > open) ranges.push({ startLine: open, endLine });
  }
  return ranges.sort((a, b) => a.startLine - b.startLine);
}

function isComment({ text }: ScriptLine): boolean {
  return /^\s*#/.test(text);
}
