import { isProblem, operationOf, type ScriptDocument } from "../../language/index.ts";
import type { LinePlace, ScriptRun } from "../../runner/index.ts";
import { CommandBreakpoints } from "./command-breakpoints.ts";
import { scopeOf } from "./condition.ts";
import { DataBreakpoints } from "./data-breakpoints.ts";
import { Exceptions } from "./exceptions.ts";
import type { PlacedBreakpoint } from "./line-breakpoints.ts";
import { ScriptBreakpoints } from "./script-breakpoints.ts";
import { SlotBreakpoints } from "./slot-breakpoints.ts";

/** Everything that a script is to stop at. */
export class Stops {
  readonly lines: ScriptBreakpoints;
  readonly commands: CommandBreakpoints;
  readonly data: DataBreakpoints;
  readonly slots: SlotBreakpoints;
  readonly exceptions: Exceptions;
  private lastId = 0;

  constructor(document: ScriptDocument) {
    const nextId = (): number => ++this.lastId;
    this.lines = new ScriptBreakpoints(document, nextId);
    this.commands = new CommandBreakpoints(document, nextId);
    this.data = new DataBreakpoints(document, nextId);
    this.slots = new SlotBreakpoints(document, nextId);
    this.exceptions = new Exceptions(document, nextId);
  }

  /** Whether anything may be to stop at before a line: what looks at the machine is asked only there. */
  mayStop(place: LinePlace): boolean {
    return this.lines.mayStop(place) || this.commands.mayStop(place);
  }

  /** The ids of the MSI that the line which runs next sends; undefined when it sends none. */
  msiOf(run: ScriptRun): { readonly its: number; readonly deviceId: number; readonly eventId: number } | undefined {
    const next = run.nextSource?.statement;
    const statement = next?.kind === "let" ? next.source : next;
    if (statement?.kind !== "msi") return undefined;
    const operation = operationOf(statement, scopeOf(run));
    if (isProblem(operation) || operation.kind !== "msi") return undefined;
    return { its: operation.its, deviceId: Number(operation.deviceId), eventId: Number(operation.eventId) };
  }

  /** Another version of the script. @returns the breakpoints on lines, where they are now */
  replace(document: ScriptDocument): readonly PlacedBreakpoint[] {
    this.commands.replace(document);
    this.data.replace(document);
    this.slots.replace(document);
    this.exceptions.replace(document);
    return this.lines.replace(document);
  }
}
