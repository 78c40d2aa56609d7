import type { ModelName } from "../../architecture/index.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";
import { createMachine, QemuMachine } from "../../emulator/index.ts";
import { LEVEL2_PAGES } from "./guest-memory.ts";
import { MachineTarget } from "./machine-target.ts";
import { grouped } from "./numbers.ts";
import { type Difference, TraceReplay } from "./replay.ts";
import { TraceSurvey } from "./survey.ts";
import type { TallyRow } from "./tally.ts";

/** What was given to the machine without a line that says so. */
export interface Assumptions {
  /** LPIs whose priority and enable bit were taken from HPPI updates. */
  readonly lpis: number;
  /** Times at which an LPI was taken to be disabled. */
  readonly disabled: number;
  /** First-level entries of two-level tables. */
  readonly level1Entries: number;
}

/** What a replay came to. */
export interface ReplayResult {
  /** "qemu-7.2 with 2 PEs, GICv3, one Security state, an ITS" */
  readonly machine: string;
  readonly survey: TraceSurvey;
  readonly compared: number;
  readonly given: number;
  readonly passedOver: number;
  readonly rows: readonly TallyRow[];
  readonly assumptions: Assumptions;
  readonly difference: Difference | undefined;
  /** Why the replay ended early without a difference. */
  readonly problem: string | undefined;
}

/**
 * The replay of one trace, which is read twice: first to find out the machine's shape and what no line shows ({@link survey}), then to
 * replay it. The caller brings the lines, so that a trace of any length needs little memory.
 */
export class TraceRun {
  readonly survey = new TraceSurvey();
  private replay: TraceReplay | undefined;
  private machine = "";
  private line = 0;
  private characters = 0;
  /** Whether the second reading was ended by what it found. */
  private ended = false;

  /**
   * Between the two readings: makes the machine.
   * @returns why the trace cannot be replayed, or undefined
   */
  begin(model: ModelName): string | undefined {
    const { survey } = this;
    const problem = survey.problem();
    if (problem !== undefined) return problem;
    const gicVersion = survey.virtualLpis ? 4 : 3;
    const { cpus, twoSecurityStates: secure } = survey;
    const ram = [...survey.memory.ranges(), LEVEL2_PAGES];
    const machine = createMachine({ model, cpus, ram, gicVersion, secure });
    if (!(machine instanceof QemuMachine)) return `${model} is no model of QEMU, whose traces these are.`;
    this.machine = `${model} with ${cpus} ${cpus === 1 ? "PE" : "PEs"}, GICv${gicVersion}, ${secure ? "two Security states" : "one Security state"}`;
    this.replay = new TraceReplay(new MachineTarget(machine, survey.virtualInterrupts), survey);
    return undefined;
  }

  /** Takes the next line of the second reading. @returns whether more are wanted */
  replayLine(text: string): boolean {
    const { replay } = this;
    if (replay === undefined) throw new Error("a replay begins before its first line");
    this.line++;
    this.characters += text.length;
    const event = parseTraceLine(text, this.line);
    this.ended = typeof event !== "string" && !replay.event(event);
    return !this.ended;
  }

  /** The second reading is over, or was ended. */
  finish(): ReplayResult {
    const { replay, survey, machine } = this;
    if (replay === undefined) throw new Error("a replay begins before it ends");
    replay.end();
    const { tally, properties, guest, difference } = replay;
    const compared = tally.total("compared");
    const given = tally.total("given");
    const idle =
      compared + given === 0
        ? "The machine has no register that the trace names, so nothing could be compared."
        : undefined;
    return {
      machine,
      survey,
      compared,
      given,
      passedOver: tally.total("passedOver"),
      rows: tally.list(),
      assumptions: { lpis: properties.given, disabled: properties.disabled, level1Entries: guest.level1Entries },
      difference,
      problem: replay.problem ?? (difference === undefined ? (this.changed() ?? idle) : undefined),
    };
  }

  /** Says that the two readings did not see the same trace: what was replayed is then no answer about either. */
  private changed(): string | undefined {
    const { survey, line, characters, ended } = this;
    if (ended || (line === survey.lines && characters === survey.characters)) return undefined;
    const size = (lines: number, all: number): string =>
      `${grouped(lines)} lines with ${grouped(all)} characters in all`;
    return `The trace changed while it was read: first it had ${size(survey.lines, survey.characters)}, then ${size(line, characters)}. Replay a copy of it that nothing writes to.`;
  }
}
