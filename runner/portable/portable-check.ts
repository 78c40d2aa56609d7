import type { ModelName } from "../../architecture/index.ts";
import { MemoryBudget, releasedModelNames } from "../../emulator/index.ts";
import type { MachineDescription, ScriptDocument } from "../../language/index.ts";
import type { MachineBounds } from "../emulator-target.ts";
import type { LinePlace } from "../flow/run-history.ts";
import { ScriptRun } from "../script-run.ts";
import { type Prepared, prepareTarget } from "../setup.ts";
import { answerOf, differ } from "./line-answer.ts";
import type { LineDifference, PortableAnswer } from "./line-difference.ts";

/** Changes of one machine that can be taken back: looks at registers need that, nobody goes back. */
const JOURNAL_CHANGES = 2 ** 16;
/** Bytes of memory that the machines of all models may hold together. */
const ALL_BYTES = 2 ** 30;
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
      answers.push({ model, answer: answerOf(this.document, done, run.target) });
    }
    if (answers.length === 0) this.ended = true;
    if (place === undefined) return undefined;
    const parts = new Set(this.runners.map(({ run }) => run.nextSource)).size > 1;
    if (parts) this.ended = true;
    if (!differ(answers.map(({ answer }) => answer)) && !parts) return undefined;
    const { line, at } = place;
    return { line, ...(at === undefined ? {} : { at }), answers, ...(parts ? { parts } : {}) };
  }
}
