import { COMMAND_BYTES } from "../../architecture/index.ts";
import { generateCase, type Plan } from "./generate.ts";
import { ModelSide } from "./model-side.ts";
import { type Access, accessesOf, countCommands, type FuzzCase } from "./operations.ts";
import { type Divergence, differenceText, type RunResult, runCase, signature } from "./run-case.ts";
import { caseScript } from "./script.ts";
import type { Shape } from "./shape.ts";
import { type Shows, shrink } from "./shrink.ts";
import type { Side } from "./side.ts";
import { recordVector, type Vector } from "./vector.ts";

/** Makes the machine to compare with, as after reset. */
export type StartSide = (shape: Shape) => Promise<Side>;
/** Makes our machine, as after reset. */
export type StartModel = (shape: Shape) => ModelSide;

/** A divergence, made as short as possible. */
export interface Finding {
  readonly fuzzCase: FuzzCase;
  readonly divergence: Divergence;
  readonly script: string;
  readonly vector: Vector;
}

export interface Totals {
  readonly cases: number;
  /** Commands that were queued. */
  readonly queued: number;
  /** Commands that the ITS took; more, since a poked pointer makes it take old ones again. */
  readonly executed: number;
  readonly batches: number;
  /** Cases that were left because they reached a device that the model does not have. */
  readonly foreign: number;
  readonly finding?: Finding;
}

/** Runs of the two machines that shrinking may take. */
const SHRINK_RUNS = 1500;
/** A case with more commands than this is likely to have some that are there for their place in the queue alone. */
const MANY_COMMANDS = 8;

/** Compares cases of two machines. */
export class Fuzzer {
  private readonly start: StartSide;
  private readonly startModel: StartModel;
  private readonly progress: (text: string) => void;

  constructor(
    start: StartSide,
    progress: (text: string) => void,
    startModel: StartModel = (shape) => new ModelSide(shape),
  ) {
    this.start = start;
    this.startModel = startModel;
    this.progress = progress;
  }

  /**
   * Runs cases until so many commands were queued, or something differs.
   * @param isOver whether no other case is to begin
   */
  async run(plan: Plan, commands: number, firstCase = 0, isOver = () => false): Promise<Totals> {
    const totals = { cases: 0, queued: 0, executed: 0, batches: 0, foreign: 0 };
    let next = this.prepare(plan, firstCase);
    for (let number = firstCase; ; number++) {
      const { fuzzCase, side } = await next;
      // The next machine starts while this one works.
      const following = this.prepare(plan, number + 1);
      following.catch(() => undefined);
      const result = await this.compare(fuzzCase, side);
      totals.cases++;
      totals.queued += countCommands(fuzzCase.batches);
      totals.executed += result.commands;
      totals.batches += fuzzCase.batches.length;
      if (result.foreign !== undefined) totals.foreign++;
      const isLast = totals.queued >= commands || isOver();
      if (result.divergence !== undefined || isLast) {
        await following.then(({ side: unused }) => unused.close());
      }
      if (result.divergence !== undefined)
        return { ...totals, finding: await this.investigate(fuzzCase, result.divergence) };
      this.progress(`case ${number}: ${totals.queued} commands queued, no divergence`);
      if (isLast) return totals;
      next = following;
    }
  }

  private async prepare(plan: Plan, number: number): Promise<{ fuzzCase: FuzzCase; side: Side }> {
    const fuzzCase = generateCase(plan, number);
    return { fuzzCase, side: await this.start(fuzzCase.shape) };
  }

  private async compare(fuzzCase: FuzzCase, side: Side): Promise<RunResult> {
    try {
      return await runCase(fuzzCase, this.startModel(fuzzCase.shape), side);
    } finally {
      await side.close();
    }
  }

  /** Runs a case once. */
  async runOnce(fuzzCase: FuzzCase): Promise<RunResult> {
    return this.compare(fuzzCase, await this.start(fuzzCase.shape));
  }

  /** The shortest case that shows the same. */
  private async shortest(fuzzCase: FuzzCase, shows: Shows): Promise<FuzzCase> {
    const options = {
      runs: SHRINK_RUNS,
      progress: (runs: number, operations: number): void => {
        if (runs % 50 === 0) this.progress(`shrinking: ${operations} operations left after ${runs} runs`);
      },
    };
    const short = await shrink(fuzzCase, shows, options);
    if (countCommands(short.batches) <= MANY_COMMANDS) return short;
    // Many commands are left where their places in the queue count. As stores they can go without the ones behind them moving.
    const stores = lowered(short, this.startModel(short.shape));
    const shorter = (await shows(stores)) ? await shrink(stores, shows, options) : short;
    return length(shorter) < length(short) ? shorter : short;
  }

  /** Shrinks a case that diverges, and writes down what is left. */
  async investigate(found: FuzzCase, divergence: Divergence): Promise<Finding> {
    this.progress(
      `${found.name} diverges after batch ${divergence.batch}: ${differenceText(divergence.differences[0])}`,
    );
    const about = signature(divergence);
    const prefix = { ...found, batches: found.batches.slice(0, divergence.batch + 1) };
    const shows = async (candidate: FuzzCase): Promise<boolean> => {
      const result = await this.runOnce(candidate);
      return result.divergence !== undefined && signature(result.divergence) === about;
    };
    const fuzzCase = await this.shortest(prefix, shows);
    const result = await this.runOnce(fuzzCase);
    const { differences } = result.divergence ?? divergence;
    const description = differences.map(differenceText).join("; ");
    const side = await this.start(fuzzCase.shape);
    try {
      const accesses = flatten(fuzzCase, this.startModel(fuzzCase.shape));
      const { name, shape } = fuzzCase;
      const vector = await recordVector({ name, description, shape, accesses, differences }, side);
      const script = caseScript(fuzzCase, differences, this.startModel(shape));
      return { fuzzCase, divergence: result.divergence ?? divergence, script, vector };
    } finally {
      await side.close();
    }
  }
}

/** Operations of a case, each command one. */
function length({ batches }: FuzzCase): number {
  return batches.flat().length + countCommands(batches);
}

/** The case with its commands as stores, one a command, and writes of GITS_CWRITER. */
function lowered(fuzzCase: FuzzCase, model: ModelSide): FuzzCase {
  const accesses = flatten(fuzzCase, model).flatMap((access): Access[] => {
    if (access.kind !== "store" || access.data.length <= COMMAND_BYTES) return [access];
    const pieces: Access[] = [];
    for (let at = 0; at < access.data.length; at += COMMAND_BYTES) {
      const data = access.data.subarray(at, at + COMMAND_BYTES);
      pieces.push({ kind: "store", address: access.address + at, data });
    }
    return pieces;
  });
  return { ...fuzzCase, batches: [accesses] };
}

/** Every access of a case in order, as our machine's registers place its commands. */
export function flatten(fuzzCase: FuzzCase, model: ModelSide): Access[] {
  const all: Access[] = [];
  for (const operation of fuzzCase.batches.flat()) {
    const accesses = accessesOf(operation, (address, bytes) => model.read(address, bytes));
    all.push(...accesses);
    model.performNow(accesses);
  }
  return all;
}
