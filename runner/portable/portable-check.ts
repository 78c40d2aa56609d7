import type { ModelName } from "../../architecture/index.ts";
import { type CommandEvent, MemoryBudget, releasedModelNames } from "../../emulator/index.ts";
import type { MachineDescription, ScriptDocument } from "../../language/index.ts";
import type { MachineBounds } from "../emulator-target.ts";
import { runErrors } from "../errors.ts";
import { outcomeText } from "../explain-outcome.ts";
import { type LineDone, type LinePlace, sourceOfLine } from "../flow/run-history.ts";
import { mappedTo } from "../mappings/subject.ts";
import { touchOf } from "../mappings/touched.ts";
import { ScriptRun } from "../script-run.ts";
import { type Prepared, prepareTarget } from "../setup.ts";
import type { Target } from "../target.ts";

/** What a line comes to on one model. */
export interface PortableAnswer {
  readonly model: ModelName;
  readonly answer: string;
}

/** A line that comes to different things. */
export interface LineDifference extends LinePlace {
  /** Of every model that has run the line. */
  readonly answers: readonly PortableAnswer[];
  /** Whether the models go to different lines behind it, so that no line below is compared. */
  readonly parts?: boolean;
}

/** Changes of one machine that can be taken back: looks at registers need that, nobody goes back. */
const JOURNAL_CHANGES = 2 ** 16;
/** Bytes of memory that the machines of all models may hold together. */
const ALL_BYTES = 2 ** 30;
/** A command that waits behind one that has stalled the queue: that one was told of. */
const WAITS = "waits in the queue";

interface Runner {
  readonly model: ModelName;
  readonly run: ScriptRun;
}

/** Runs a script on several models at once, line by line, and compares what each line comes to. */
export class PortableCheck {
  /** Models that have no such machine, with the reason. */
  readonly absent: { readonly model: ModelName; readonly reason: string }[] = [];
  private readonly runners: Runner[] = [];
  private readonly document: ScriptDocument;
  private readonly budget: MemoryBudget;
  private ended = false;

  /** @param budget of the memory that the machines hold together */
  constructor(
    document: ScriptDocument,
    models: readonly ModelName[] = releasedModelNames,
    budget = new MemoryBudget(ALL_BYTES),
  ) {
    this.document = document;
    this.budget = budget;
    for (const model of models) this.begin(model);
  }

  private begin(model: ModelName): void {
    const bounds: MachineBounds = { budget: this.budget, journalLimit: JOURNAL_CHANGES };
    const prepare = (machine: MachineDescription): Prepared => prepareTarget({ ...machine, model }, bounds);
    const prepared = prepare(this.document.machine);
    if ("failure" in prepared) this.absent.push({ model, reason: prepared.failure });
    else {
      this.runners.push({ model, run: new ScriptRun(this.document, prepared.target, prepare) });
    }
  }

  /** Models that run the script. */
  get models(): readonly ModelName[] {
    return this.runners.map(({ model }) => model);
  }

  /** Whether every line was compared. */
  get complete(): boolean {
    return this.ended;
  }

  /** Gives back the memory. */
  dispose(): void {
    this.ended = true;
    this.runners.length = 0;
    this.budget.release();
  }

  /** Compares the next line. @returns undefined when it comes to the same everywhere, or there is none */
  step(): LineDifference | undefined {
    if (this.ended) return undefined;
    const answers: PortableAnswer[] = [];
    let place: LinePlace | undefined;
    for (const { model, run } of this.runners) {
      const done = run.step();
      if (done === undefined) {
        this.ended = true;
        continue;
      }
      place = done;
      answers.push({ model, answer: isExpected(this.document, done) ? "as expected" : answerOf(done, run.target) });
    }
    if (answers.length === 0) this.ended = true;
    if (place === undefined) return undefined;
    const parts = new Set(this.runners.map(({ run }) => run.nextSource)).size > 1;
    if (parts) this.ended = true;
    const said = new Set(answers.map(({ answer }) => answer).filter((answer) => answer !== WAITS));
    if (said.size < 2 && !parts) return undefined;
    const { line, at } = place;
    return { line, ...(at === undefined ? {} : { at }), answers, ...(parts ? { parts } : {}) };
  }
}

/** Whether a line says what has to become of it, and the machine does that: which of the outcomes that fit it was is no difference then. */
function isExpected(document: ScriptDocument, done: LineDone): boolean {
  const { result } = done;
  const statement = sourceOfLine(document, done).statement;
  const expects = statement !== undefined && "expected" in statement && statement.expected !== undefined;
  return expects && !result.problems.some(({ severity }) => severity === "error");
}

/** What a line did, in a few words; of a command that maps something also what is mapped now, because models differ in silence there. */
function answerOf({ result }: LineDone, target: Target): string {
  const { problems, commands, shown } = result;
  const error = problems.find(({ severity }) => severity === "error");
  const waits = problems.some(({ code }) => code === runErrors.notProcessed.code);
  if (waits) return WAITS;
  if (shown !== undefined) return shown.text ?? `0x${shown.value.toString(16)}`;
  const last = commands.at(-1);
  if (last !== undefined) return `${outcomeText(last.outcome)}${mappedText(last, target)}`;
  if (error === undefined) return "done";
  return error.code === runErrors.expectationFailed.code ? "fails" : error.message;
}

function mappedText(event: CommandEvent, target: Target): string {
  const touch = touchOf(event, target);
  if (touch === undefined) return "";
  const mapped = mappedTo(target.tables(event.its), touch.subject);
  switch (mapped?.kind) {
    case undefined:
      return ", not mapped";
    case "event":
      return `, pINTID ${mapped.intid}`;
    case "collection":
      return `, RDbase ${mapped.target}`;
    case "device":
      return "";
  }
}

/** Models by what they answer: `kvm-7.2, kvm-7.3: done` and `arch: stalled`. */
export function differenceLines({ answers, parts }: LineDifference): string[] {
  const groups = new Map<string, ModelName[]>();
  for (const { model, answer } of answers) groups.set(answer, [...(groups.get(answer) ?? []), model]);
  const list = [...groups].map(([answer, models]) => `${models.join(", ")}: ${answer}`);
  return parts === true ? [...list, "they go different ways from here, so the lines below are not compared"] : list;
}
