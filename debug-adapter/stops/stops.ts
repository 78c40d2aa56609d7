import type { ScriptDocument } from "../../language/index.ts";
import { CommandBreakpoints } from "./command-breakpoints.ts";
import { DataBreakpoints } from "./data-breakpoints.ts";
import { LineBreakpoints } from "./line-breakpoints.ts";

/** Everything that a script is to stop at, but for problems. */
export class Stops {
  readonly lines: LineBreakpoints;
  readonly commands: CommandBreakpoints;
  readonly data: DataBreakpoints;
  private lastId = 0;

  constructor(document: ScriptDocument) {
    const nextId = (): number => ++this.lastId;
    this.lines = new LineBreakpoints(document, nextId);
    this.commands = new CommandBreakpoints(document, nextId);
    this.data = new DataBreakpoints(document, nextId);
  }

  /** Whether anything may be to stop at before a line, or behind it: what looks at the machine is asked only there. @param line from 0 */
  mayStop(line: number): boolean {
    return this.lines.mayStop(line) || this.commands.mayStop(line);
  }

  /** Another version of the script. @returns the breakpoints on lines, where they are now */
  replace(document: ScriptDocument): ReturnType<LineBreakpoints["replace"]> {
    this.commands.replace(document);
    this.data.replace(document);
    return this.lines.replace(document);
  }
}
