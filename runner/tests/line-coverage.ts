import { type ScriptDocument, type ScriptLine, type ScriptPart, statementSpan } from "../../language/index.ts";
import type { LineDone } from "../flow/run-history.ts";

/** How often the lines of a file have run. */
export interface FileCoverage {
  /** Of an included file its identity; undefined: the script itself. */
  readonly file: string | undefined;
  /** Lines that can run, from 0, ascending. */
  readonly lines: readonly number[];
  /** Of each of them where its statement begins, how long it is, and how often it has run. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly runs: readonly number[];
}

/** Counts how often lines run: those of a script, and of the files that it includes. */
export class LineCoverage {
  private readonly document: ScriptDocument;
  /** By the identity of a file; undefined: the script. */
  private readonly counts = new Map<string | undefined, { readonly part: ScriptPart; readonly runs: Uint32Array }>();

  constructor(document: ScriptDocument) {
    this.document = document;
    this.countsOf(document);
  }

  ran({ line, at }: LineDone): void {
    if (at === undefined) this.countsOf(this.document)[line]++;
    else this.countsOf(at.part)[at.line]++;
  }

  /** The script first. Of a file that is included and of which no line has run there is nothing. */
  files(): FileCoverage[] {
    return [...this.counts].map(([file, { part, runs }]) => {
      const lines = part.lines.flatMap((line, at) => (canRun(line) ? [at] : []));
      const spans = lines.map((at) => statementSpan(part.lines[at]));
      return {
        file,
        lines,
        starts: spans.map(({ start }) => start),
        lengths: spans.map(({ length }) => length),
        runs: lines.map((at) => runs[at]),
      };
    });
  }

  private countsOf(part: ScriptPart): Uint32Array {
    const file = part.file?.identity;
    let found = this.counts.get(file);
    if (found === undefined) {
      found = { part, runs: new Uint32Array(part.lines.length) };
      this.counts.set(file, found);
    }
    return found.runs;
  }
}

/** Whether a line does something: the end of a block, an else, a macro where it is defined, and a line that cannot be read do not. */
function canRun({ kind, statement }: ScriptLine): boolean {
  return statement !== undefined && kind !== "end" && statement.kind !== "macro";
}
