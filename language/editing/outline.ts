import type { ScriptDocument } from "../document.ts";
import type { ScriptLine } from "../parse/line.ts";
import type { Span } from "../parse/syntax.ts";

/** What the text alone says of a script's outline: a machine block or a `let`. */
export interface OutlineEntry {
  readonly kind: "machine" | "let";
  readonly name: string;
  readonly detail: string;
  /** First and last line, from 0. */
  readonly line: number;
  readonly endLine: number;
  /** What to select in the first line. */
  readonly selection: Span;
}

/** The machines of a script with their models, and its `let` names, in the order of the lines. */
export function outline(document: ScriptDocument): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  document.lines.forEach((source, line) => {
    if (!source.isDeclaration) return;
    const { syntax, text } = source;
    if (syntax.kind === "machine" && syntax.word !== undefined) {
      const detail = document.machineLines(line).machine.model;
      const endLine = machineEnd(document.lines, line);
      entries.push({ kind: "machine", name: "machine", detail, line, endLine, selection: syntax.word });
    } else if (syntax.kind === "let") {
      const { name, value } = syntax;
      const detail = text.slice(value.start, value.start + value.length);
      entries.push({ kind: "let", name: name.text, detail, line, endLine: line, selection: name });
    }
  });
  return entries;
}

function machineEnd(lines: readonly ScriptLine[], from: number): number {
  let line = from;
  for (; line < lines.length; line++) {
    const { kind } = lines[line];
    if (kind !== "machine" && kind !== "blank") return line - 1;
    const { syntax } = lines[line];
    if (syntax.kind === "machine" && syntax.closes) return line;
  }
  return line - 1;
}
