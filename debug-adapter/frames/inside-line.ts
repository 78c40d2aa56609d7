import type { Mark } from "../../emulator/index.ts";
import {
  type CommandSpan,
  commandSpans,
  commandSteps,
  EmulatorTarget,
  isCommandSpan,
  type LineDone,
  type MicroStep,
  type MsiSpan,
  msiSteps,
  type ScriptRun,
} from "../../runner/index.ts";

/** A command of the line, or an MSI of the script. */
type Span = CommandSpan | MsiSpan;

/**
 * A line that is gone through from the inside: command by command, or micro-step by micro-step. The line has run; what it did is known
 * from the journal, and the machine is shown as it was at the moment that is looked at.
 */
export class InsideLine {
  /** What the line has done, which nobody was told yet. */
  readonly done: LineDone;
  private readonly run: ScriptRun;
  private readonly target: EmulatorTarget;
  private readonly spans: readonly Span[];
  private at = 0;
  /** Micro-step of the present command; undefined: before it. */
  private step: number | undefined;
  private steps: { readonly span: Span; readonly list: readonly MicroStep[] } | undefined;

  private constructor(run: ScriptRun, target: EmulatorTarget, done: LineDone, spans: readonly Span[]) {
    this.run = run;
    this.target = target;
    this.done = done;
    this.spans = spans;
  }

  /** The inside of the line that has just run; undefined when no ITS did anything during it. @param msi of a line `msi` */
  static of(
    run: ScriptRun,
    done: LineDone,
    msi?: Pick<MsiSpan, "its" | "deviceId" | "eventId">,
  ): InsideLine | undefined {
    const { target } = run;
    const begin = run.history.at(-1)?.mark;
    if (!(target instanceof EmulatorTarget) || begin === undefined || target.map.gicc !== undefined) return undefined;
    const end = target.time.mark();
    const spans =
      msi === undefined ? commandSpans(target, done.result, begin, end) : [{ ...msi, from: begin, to: end }];
    return spans.length === 0 ? undefined : new InsideLine(run, target, done, spans);
  }

  /** The command that is looked at, its place from 0, and how many there are that can be. */
  get command(): { readonly span: Span; readonly number: number; readonly count: number } {
    return { span: this.spans[this.at], number: this.at, count: this.spans.length };
  }

  /** The micro-step that is shown: the machine is as it leaves it. Undefined before the first one. */
  get micro(): { readonly step: MicroStep; readonly number: number; readonly count: number } | undefined {
    const list = this.list();
    return this.step === undefined ? undefined : { step: list[this.step], number: this.step, count: list.length };
  }

  /** Goes to before a command, the last one where there are fewer. @param micro to its first micro-step */
  enter(micro: boolean, command = 0): void {
    this.show(Math.min(command, this.spans.length - 1), micro ? 0 : undefined);
  }

  /** Goes to the last command. @param micro to its last micro-step */
  enterLast(micro: boolean): void {
    const last = this.spans.length - 1;
    this.show(last, micro ? this.list(last).length - 1 : undefined);
  }

  /** Goes on: by a command, or by a micro-step where one is shown or asked for. @returns false behind the last one */
  next(micro: boolean): boolean {
    if (micro || this.step !== undefined) {
      const following = this.step === undefined ? 0 : this.step + 1;
      if (following < this.list().length) return this.show(this.at, following);
      return this.at + 1 < this.spans.length && this.show(this.at + 1, 0);
    }
    return this.at + 1 < this.spans.length && this.show(this.at + 1, undefined);
  }

  /** Goes back likewise. @returns false before the first one */
  back(micro: boolean): boolean {
    if (micro || this.step !== undefined) {
      if (this.step !== undefined && this.step > 0) return this.show(this.at, this.step - 1);
      return this.at > 0 && this.show(this.at - 1, this.list(this.at - 1).length - 1);
    }
    return this.at > 0 && this.show(this.at - 1, undefined);
  }

  /** Leaves the micro-steps for the command behind theirs. @returns false when there is none, or no micro-step is shown */
  out(): boolean {
    return this.step !== undefined && this.at + 1 < this.spans.length && this.show(this.at + 1, undefined);
  }

  /**
   * Goes on, or back, to before a command that is wanted.
   * @param from place of the first one that is looked at; undefined: the one beside the present
   * @param look is asked at each that may be, with the machine as it is before the command
   * @returns what `look` answered; undefined when there is none, and where it stands then counts for nothing
   */
  seek<Found>(
    direction: 1 | -1,
    from: "start" | "here" | "end",
    may: (span: CommandSpan) => boolean,
    look: (span: CommandSpan) => Found | undefined,
  ): Found | undefined {
    const { spans } = this;
    const first = { start: 0, here: this.at + direction, end: spans.length - 1 }[from];
    for (let at = first; at >= 0 && at < spans.length; at += direction) {
      const span = spans[at];
      if (!isCommandSpan(span) || !may(span)) continue;
      this.show(at, undefined);
      const found = look(span);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private list(at = this.at): readonly MicroStep[] {
    const span = this.spans[at];
    if (this.steps?.span !== span) {
      // Looked at from behind it: a moment that is taken back is not in the journal.
      this.run.leave();
      const list = isCommandSpan(span) ? commandSteps(this.target, span) : msiSteps(this.target, span);
      this.steps = { span, list };
      this.run.showWithin(this.mark());
    }
    return this.steps.list;
  }

  private mark(): Mark {
    const span = this.spans[this.at];
    if (this.step === undefined || this.steps?.span !== span) return span.from;
    return this.steps.list[this.step].mark;
  }

  private show(at: number, step: number | undefined): true {
    this.at = at;
    this.step = undefined;
    // An MSI that comes to no entry has no micro-steps: then it is shown before it.
    if (step !== undefined && this.list().length > 0) this.step = step;
    this.run.showWithin(this.mark());
    return true;
  }
}
