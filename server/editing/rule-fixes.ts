import type { Diagnostic } from "vscode-languageserver";
import { type DiagnosticData, isRuleId, rules, type ScriptLine } from "../../language/index.ts";
import { endingOf, rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";

/** What mends a line that breaks a rule, best first: what the rule itself proposes, and a comment that allows it. */
export function ruleFixes(script: Script, { code, range }: Diagnostic, data: DiagnosticData | undefined): Fix[] {
  if (typeof code !== "string" || !isRuleId(code)) return [];
  const { line } = range.start;
  const source = script.document.lines[line];
  if (code === rules.nothingAllowed.code || code === rules.unknownAllowed.code) {
    const removed = withoutId(source, range.start.character);
    return removed === undefined
      ? []
      : [
          {
            title: `Remove ${removed.id} from the comment`,
            edits: [{ range: rangeOf(line, removed), newText: "" }],
            preferred: true,
          },
        ];
  }
  const proposed = data?.kind === "grouping" ? [group(range, data.text)] : [];
  return [...proposed, allow(script, line, code)];
}

function group(range: Diagnostic["range"], text: string): Fix {
  return { title: `Write ${text}`, edits: [{ range, newText: text }], preferred: true };
}

/** A comment that allows a rule, on a line of its own above, or one id more in the one that is there. */
function allow(script: Script, line: number, id: string): Fix {
  const title = `Allow ${id} here`;
  const { lines } = script.document;
  const own = lines[line].allowance?.ids.at(-1);
  const above = lines[line - 1]?.allowance;
  const last = own ?? (above?.alone === true ? above.ids.at(-1) : undefined);
  if (last !== undefined) {
    const at = { start: last.start + last.length, length: 0 };
    return { title, edits: [{ range: rangeOf(own === undefined ? line - 1 : line, at), newText: `, ${id}` }] };
  }
  const indent = /^\s*/.exec(lines[line].text)?.[0] ?? "";
  const edit = { range: rangeOf(line, { start: 0, length: 0 }), newText: `${indent}# allow ${id}${endingOf(script)}` };
  return { title, edits: [edit] };
}

/** An id of a comment with the comma that goes with it; of the only one the whole comment. */
function withoutId({ text, allowance }: ScriptLine, column: number) {
  const at = allowance?.ids.findIndex(({ start }) => start === column) ?? -1;
  const ids = allowance?.ids ?? [];
  const found = ids[at];
  if (found === undefined) return undefined;
  const { id } = found;
  if (ids.length === 1) {
    const start = text.slice(0, text.lastIndexOf("#", column)).trimEnd().length;
    return { id, start, length: text.length - start };
  }
  const next = ids[at + 1];
  const before = ids[at - 1];
  const start = next === undefined ? before.start + before.length : found.start;
  return { id, start, length: (next?.start ?? found.start + found.length) - start };
}
