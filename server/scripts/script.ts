import type { Position, Range } from "vscode-languageserver";
import type { ScriptDocument, ScriptLine } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import type { Simulation } from "../../runner/index.ts";
import type { PortableHints } from "./portable-hints.ts";

/** An open script: what every provider looks at. Providers change nothing of it. */
export interface Script {
  readonly uri: string;
  readonly version: number;
  readonly document: ScriptDocument;
  /** URI of a file that the script includes. @param file its identity */
  uriOf(file: string): string | undefined;
  /** Absent while `gicWorkbench.diagnostics.simulate` is off. */
  readonly simulation?: Simulation;
  /** What differs between models; absent as {@link simulation}. */
  readonly portable?: PortableHints;
}

/** A place in a script with the line that holds it. */
export interface Cursor {
  readonly index: number;
  readonly column: number;
  readonly line: ScriptLine;
}

/** The line and column of a position; undefined beyond the text, and in a document that is refused. */
export function cursorAt(script: Script, { line: index, character }: Position): Cursor | undefined {
  const line = script.document.lines[index];
  return line === undefined ? undefined : { index, column: Math.min(character, line.text.length), line };
}

/** A piece of a line as the protocol's range. Both count UTF-16 units. */
export function rangeOf(line: number, { start, length }: Span): Range {
  return { start: { line, character: start }, end: { line, character: start + length } };
}

/** A whole line without its ending. */
export function lineRange(script: Script, line: number): Range {
  return rangeOf(line, { start: 0, length: script.document.lines[line]?.text.length ?? 0 });
}

/** Whether a column stands in a span or directly behind it. */
export function holds({ start, length }: Span, column: number): boolean {
  return column >= start && column <= start + length;
}

/** The text of a span of a line. */
export function textOf({ text }: ScriptLine, { start, length }: Span): string {
  return text.slice(start, start + length);
}

/** The line ending that inserted lines get: that of the first line. */
export function endingOf({ document }: Script): string {
  return document.lines[0]?.ending || "\n";
}
