import { CommandGenerator } from "./generate-commands.ts";
import { EditGenerator } from "./generate-edits.ts";
import { RegisterGenerator } from "./generate-registers.ts";
import type { Batch, FuzzCase, Operation } from "./operations.ts";
import { Pools } from "./pools.ts";
import { Random } from "./random.ts";
import type { Shape } from "./shape.ts";

export interface Plan {
  readonly seed: number;
  readonly gicVersion: 3 | 4;
  readonly secure: boolean;
  /** Commands of a batch at most. */
  readonly batchCommands: number;
}

/** Batches of a case, after the one that sets the machine up. */
const BATCHES = 32;
/** Of every hundred commands. */
const WRONG_PERCENT = 33;
const PES = [1, 2, 3, 4, 4, 4, 5];

/** The case with this number: the same for the same plan, whatever ran before it. */
export function generateCase(plan: Plan, number: number): FuzzCase {
  const random = new Random(plan.seed, number);
  const shape: Shape = { gicVersion: plan.gicVersion, cpus: random.pick(PES), secure: plan.secure };
  const pools = new Pools(random, shape);
  const commands = new CommandGenerator(pools);
  const registers = new RegisterGenerator(pools);
  const edits = new EditGenerator(pools);
  // How wild a case is: few cases are nothing but register pokes, some are nothing but commands.
  const others = random.pick([0, 1, 1, 3, 3, 8]);
  const batches: Batch[] = [[...registers.boot(), { kind: "commands", words: commands.populate() }]];
  for (let index = 0; index < BATCHES; index++) {
    const batch: Operation[] = [];
    for (let left = random.between(1, plan.batchCommands); left > 0; ) {
      const run = Math.min(left, random.between(1, plan.batchCommands));
      left -= run;
      const words = Array.from({ length: run }, () =>
        random.chance(WRONG_PERCENT) ? commands.wrong() : commands.right(),
      );
      batch.push({ kind: "commands", words });
      for (let other = random.below(others + 1); other > 0; other--) {
        if (random.chance(45)) batch.push(edits.next());
        else batch.push(...registers.next());
      }
    }
    batches.push(batch);
  }
  return {
    name: `seed-${plan.seed}-case-${number}${plan.gicVersion === 4 ? "-v4" : ""}${plan.secure ? "-secure" : ""}`,
    shape,
    batches,
  };
}
