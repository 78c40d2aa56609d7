import type { LineDone, ScriptRun } from "../../runner/index.ts";
import { InsideLine } from "../frames/inside-line.ts";
import type { Stops } from "../stops/stops.ts";

/** The line of a run that is gone through from the inside, if there is one, and the ways into it and out of it. */
export class Inside {
  private readonly run: ScriptRun;
  private readonly stops: Stops;
  private present: InsideLine | undefined;
  /** Whether what that line did was told before, as it ran the first time. */
  private wasTold = false;

  constructor(run: ScriptRun, stops: Stops) {
    this.run = run;
    this.stops = stops;
  }

  get line(): InsideLine | undefined {
    return this.present;
  }

  /** Goes into the line that has just run, to before a command. @param msi that it sends @returns whether an ITS does something for it */
  enter(done: LineDone, msi: ReturnType<Stops["msiOf"]>, micro: boolean, command = 0): boolean {
    this.present = InsideLine.of(this.run, done, msi);
    this.present?.enter(micro, command);
    return this.present !== undefined;
  }

  /** Goes to the end of the inside of the last line. @returns whether it has one */
  enterBackwards(): boolean {
    if (!this.run.stepBack()) return false;
    const msi = this.stops.msiOf(this.run);
    const done = this.run.step();
    this.present = done && InsideLine.of(this.run, done, msi);
    this.present?.enterLast(true);
    this.wasTold = this.present !== undefined;
    return this.wasTold;
  }

  /** Goes to behind the line, with all that it did. @returns what that was, and whether it was told before; undefined when there is none */
  leave(): { readonly done: LineDone; readonly wasTold: boolean } | undefined {
    const { present, wasTold } = this;
    if (present === undefined) return undefined;
    this.drop();
    this.run.leave();
    return { done: present.done, wasTold };
  }

  /** Leaves it for where the line had not begun yet. */
  drop(): void {
    this.present = undefined;
    this.wasTold = false;
  }

  /** Goes into the line that has just run, to before a command in a slot with a breakpoint. @returns the breakpoint's id */
  enterAtSlot(done: LineDone): number | undefined {
    const inside = InsideLine.of(this.run, done);
    const id = inside && this.seek(inside, 1, "start");
    if (id === undefined) this.run.leave();
    return id;
  }

  /** Goes into the last line from behind, as {@link enterAtSlot}. */
  enterAtSlotBackwards(): number | undefined {
    const { run } = this;
    const last = run.history.at(-1);
    if (this.stops.slots.isEmpty || run.inLine || last === undefined || last.result.commandCount === 0)
      return undefined;
    const done = run.repeatLast();
    const inside = done && InsideLine.of(run, done);
    const id = inside && this.seek(inside, -1, "end");
    if (id === undefined) run.leave();
    else this.wasTold = true;
    return id;
  }

  /** Goes on inside of the line to the next slot with a breakpoint. @returns the breakpoint's id */
  toSlot(direction: 1 | -1): number | undefined {
    return this.present && this.seek(this.present, direction, "here");
  }

  private seek(inside: InsideLine, direction: 1 | -1, from: "start" | "here" | "end"): number | undefined {
    const { slots } = this.stops;
    const id = inside.seek(
      direction,
      from,
      ({ address }) => slots.has(address),
      (span) => slots.hit(span, this.run),
    );
    if (id !== undefined) this.present = inside;
    return id;
  }
}
