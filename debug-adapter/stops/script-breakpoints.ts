import type { ScriptDocument } from "../../language/index.ts";
import type { LinePlace, ScriptRun } from "../../runner/index.ts";
import { type Hit, noHit } from "./hit.ts";
import { type LineBreakpointRequest, LineBreakpoints, type PlacedBreakpoint } from "./line-breakpoints.ts";

/** The breakpoints on lines of a script and of the files that it includes. */
export class ScriptBreakpoints {
  private document: ScriptDocument;
  private readonly nextId: () => number;
  private readonly own: LineBreakpoints;
  /** Those of included files, by identity. */
  private readonly included = new Map<string, LineBreakpoints>();

  constructor(document: ScriptDocument, nextId: () => number) {
    this.document = document;
    this.nextId = nextId;
    this.own = new LineBreakpoints(document, nextId);
  }

  /** Replaces all breakpoints of the script. */
  set(requests: readonly LineBreakpointRequest[]): readonly PlacedBreakpoint[] {
    return this.own.set(requests);
  }

  /** Replaces all breakpoints of an included file. @param file its identity */
  setIncluded(file: string, requests: readonly LineBreakpointRequest[]): readonly PlacedBreakpoint[] {
    const part = this.document.included(file);
    if (part === undefined) return [];
    const lines = new LineBreakpoints(part, this.nextId);
    this.included.set(file, lines);
    return lines.set(requests);
  }

  /** Places the breakpoints in another version of the script, and in its files as they are then. They keep their ids. */
  replace(document: ScriptDocument): readonly PlacedBreakpoint[] {
    this.document = document;
    const placed = [...this.own.replace(document)];
    for (const [file, lines] of this.included) placed.push(...lines.replace(document.included(file)));
    return placed;
  }

  get isEmpty(): boolean {
    if (!this.own.isEmpty) return false;
    for (const lines of this.included.values()) if (!lines.isEmpty) return false;
    return true;
  }

  /** Whether there is a breakpoint on a line. */
  mayStop(place: LinePlace): boolean {
    return this.of(place)?.isOn(lineOf(place)) === true;
  }

  /** What the breakpoints of the line that runs next ask for. */
  hit(run: ScriptRun): Hit {
    const place = { line: run.nextLine, at: run.nextIncluded };
    return this.of(place)?.ask(run, lineOf(place), false) ?? noHit;
  }

  /** What those of the line that has just run, or of one that is next again, ask for that are asked behind it. */
  hitAfter(run: ScriptRun, place: LinePlace): Hit {
    return this.of(place)?.ask(run, lineOf(place), true) ?? noHit;
  }

  private of({ at }: LinePlace): LineBreakpoints | undefined {
    return at === undefined ? this.own : this.included.get(at.part.identity);
  }
}

/** Number of a line in the file that it stands in. */
function lineOf({ line, at }: LinePlace): number {
  return at?.line ?? line;
}
