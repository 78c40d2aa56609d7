import type { Position, Range, TextEdit } from "vscode-languageserver";
import { formatRange } from "../../language/index.ts";
import { lineRange, type Script } from "../scripts/script.ts";

/** Edits that bring a script, or its lines in a range, into the one form; lines that have it already get none. Line endings stay. */
export function formatting(script: Script, range?: Range): TextEdit[] {
  const { document } = script;
  if (document.refusal !== undefined) return [];
  const from = Math.max(range?.start.line ?? 0, 0);
  const to = Math.min(lastLine(range) ?? document.lines.length - 1, document.lines.length - 1);
  const edits: TextEdit[] = [];
  formatRange(document.lines, from, to).forEach((text, at) => {
    const line = from + at;
    if (text !== document.lines[line].text) edits.push({ range: lineRange(script, line), newText: text });
  });
  return edits;
}

/** The last line of a range. One that ends where a line begins has nothing of that line. */
function lastLine(range: Range | undefined): number | undefined {
  if (range === undefined) return undefined;
  const { start, end } = range;
  return end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
}

/** Characters behind which a line is brought into the one form: the end of a line, and of a block. */
export const formatTriggers = { first: "\n", more: ["}"] } as const;

/** What typing a character makes of the line that it ends: a new line the line above it, a brace its own. Others stay as they are. */
export function formattingOnType(script: Script, { line }: Position, character: string): TextEdit[] {
  const ended = character === "\n" ? line - 1 : line;
  if (ended < 0 || script.document.lines[ended] === undefined) return [];
  const place = { line: ended, character: 0 };
  return formatting(script, { start: place, end: place });
}
