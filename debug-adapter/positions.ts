import type { DebugProtocol } from "@vscode/debugprotocol";
import type { IncludedFile, ScriptDocument } from "../language/index.ts";
import { statementSpan } from "../language/index.ts";
import type { Launched } from "./launching/launch.ts";

/** Lines and columns as the editor counts them. Inside, both begin at 0. */
export class Positions {
  private readonly firstLine: number;
  private readonly firstColumn: number;

  constructor({ linesStartAt1 = true, columnsStartAt1 = true }: Partial<DebugProtocol.InitializeRequestArguments>) {
    this.firstLine = linesStartAt1 ? 1 : 0;
    this.firstColumn = columnsStartAt1 ? 1 : 0;
  }

  line(line: number): number {
    return line + this.firstLine;
  }

  column(column: number): number {
    return column + this.firstColumn;
  }

  fromLine(line: number): number {
    return line - this.firstLine;
  }

  fromColumn(column: number): number {
    return column - this.firstColumn;
  }

  /** Where the statement of a line stands. */
  statement(
    document: Pick<ScriptDocument, "lines">,
    line: number,
  ): { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number } {
    const { start, length } = statementSpan(document.lines[line]);
    return {
      line: this.line(line),
      column: this.column(start),
      endLine: this.line(line),
      endColumn: this.column(start + length),
    };
  }
}

/** Reference of the text that describes a saved machine, where a session has no script to show. */
export const OVERVIEW_REFERENCE = 1;

/** Reference of a script that was made of a log. */
export const SCRIPT_REFERENCE = 2;

/** The script as the protocol names it, a file that it includes, or the description of the saved machine in their place. */
export function sourceOf(
  { name, program, imported }: Pick<Launched, "name" | "program" | "imported">,
  file?: IncludedFile,
): DebugProtocol.Source {
  if (file !== undefined) return { name: file.path, path: file.identity };
  if (imported) return { name: `${name}.itscmd`, sourceReference: SCRIPT_REFERENCE };
  if (program !== undefined) return { name, path: program };
  return { name: `saved machine ${name}`, sourceReference: OVERVIEW_REFERENCE };
}

/** The text of a line's statement. */
export function statementText(document: Pick<ScriptDocument, "lines">, line: number): string {
  const { text } = document.lines[line];
  const { start, length } = statementSpan(document.lines[line]);
  return text.slice(start, start + length);
}
