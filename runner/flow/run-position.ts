import type { ScriptDocument, ScriptLine } from "../../language/index.ts";
import type { StatementResult } from "../statement-result.ts";
import { type Frame, type Position, scriptLine, startPosition } from "./frame.ts";
import type { IncludedLine } from "./included-problem.ts";
import { moveBehind, type RunHistory } from "./run-history.ts";

/** Where the next line of a run is. It is found anew when the run has gone on or back, and when its document has changed below. */
export class RunPosition {
  private readonly document: ScriptDocument;
  private readonly past: RunHistory;
  /** Where the next line was when it was looked for last: while a line is carried out, that line. */
  readonly found: Position;
  /** The version of the document then; -1: it has to be looked for. */
  private looked = -1;

  constructor(document: ScriptDocument, past: RunHistory) {
    this.document = document;
    this.past = past;
    this.found = startPosition(document);
  }

  /** Title of the tests that run, the others are passed over; undefined: all run. */
  get onlyTest(): string | undefined {
    return this.found.onlyTest;
  }

  set onlyTest(title: string | undefined) {
    this.found.onlyTest = title;
    this.lose();
  }

  /** The run has gone on or back. */
  lose(): void {
    this.looked = -1;
  }

  get next(): Position {
    const { document, found } = this;
    if (this.looked === document.version) return found;
    this.looked = document.version;
    moveBehind(document, found, this.past.last);
    return found;
  }

  /** The next line as the script has it, see {@link scriptLine}; the number of lines at the end. */
  get line(): number {
    return scriptLine(this.document, this.next);
  }

  /** The next line of an included file; undefined: it is one of the script. */
  get included(): IncludedLine | undefined {
    const { part, at } = this.next;
    return part === this.document ? undefined : { part, line: at };
  }

  /** The next line itself; undefined at the end. */
  get source(): ScriptLine | undefined {
    const { part, at } = this.next;
    return part.lines[at];
  }

  /**
   * Where the run goes from the line that has just run, where it stands in a block or opens one; undefined elsewhere.
   * @param moved where the line has moved to @param local what it has named there
   */
  after(moved: Position | undefined, local: StatementResult["defined"]): Position | undefined {
    const { found } = this;
    if (moved === undefined && found.frame === undefined) return undefined;
    const own = found.at;
    const after = moved ?? { ...found, at: own + 1 };
    // A line that has moved nowhere goes to the one below.
    if (after.at === own && after.part === found.part && !after.skips) after.at = own + 1;
    if (local !== undefined) after.locals = { ...local, next: after.locals };
    return after;
  }

  /** The blocks that the next line stands in, the innermost first, with the lines that called the macros among them. */
  *frames(): Generator<Frame> {
    for (let { frame } = this.next; frame !== undefined; frame = frame.outer) yield frame;
  }

  /** Whether the run is behind a line of the script, and does not come to it any more but by a macro. @param line from 0 */
  hasPassed(line: number): boolean {
    const { blocks } = this.document;
    let outer = blocks.around(line);
    while (outer?.parent !== undefined) outer = outer.parent;
    return this.next.frame === undefined && outer?.kind !== "macro";
  }
}
