import type { Range, TextEdit } from "vscode-languageserver";
import { formatLines } from "../../language/index.ts";
import { lineRange, type Script } from "../scripts/script.ts";

/** Edits that bring a script, or its lines in a range, into the one form; lines that have it already get none. Line endings stay. */
export function formatting(script: Script, range?: Range): TextEdit[] {
  const { document } = script;
  if (document.refusal !== undefined) return [];
  const from = range?.start.line ?? 0;
  const to = range?.end.line ?? document.lines.length - 1;
  const edits: TextEdit[] = [];
  // Comments of neighbouring lines share a column, so the lines around a range count too.
  formatLines(document.lines).forEach((text, line) => {
    if (line >= from && line <= to && text !== document.lines[line].text)
      edits.push({ range: lineRange(script, line), newText: text });
  });
  return edits;
}
