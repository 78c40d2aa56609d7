import type { CommandWords } from "../../architecture/index.ts";
import { RAM } from "../../scripts/qemu/virt-machine.ts";
import type { Batch, FuzzCase, Operation } from "./operations.ts";

/** Whether a case still shows what it is shrunk for. */
export type Shows = (fuzzCase: FuzzCase) => Promise<boolean>;

export interface ShrinkOptions {
  /** Runs of the two machines at most. */
  readonly runs: number;
  /** Called after each run with what is left. */
  readonly progress?: (runs: number, operations: number) => void;
}

/**
 * The shortest case it can find that still shows the divergence: fewer batches and operations, then fewer commands, then words and
 * values that are simpler. Every step is kept only if the shorter case shows it too.
 */
export async function shrink(fuzzCase: FuzzCase, shows: Shows, options: ShrinkOptions): Promise<FuzzCase> {
  const shrinker = new Shrinker(fuzzCase, shows, options);
  await shrinker.run();
  return shrinker.best;
}

/** What one operation is shrunk as: a single command, so that commands of one queue write can go one by one. */
type Unit = Operation;

class Shrinker {
  best: FuzzCase;
  private runs = 0;
  private readonly shows: Shows;
  private readonly options: ShrinkOptions;

  constructor(fuzzCase: FuzzCase, shows: Shows, options: ShrinkOptions) {
    this.best = fuzzCase;
    this.shows = shows;
    this.options = options;
  }

  private get spent(): boolean {
    return this.runs >= this.options.runs;
  }

  /** Keeps the batches if they show it. */
  private async keeps(batches: readonly Batch[]): Promise<boolean> {
    if (this.spent) return false;
    this.runs++;
    const candidate = { ...this.best, batches };
    const kept = await this.shows(candidate);
    if (kept) this.best = candidate;
    this.options.progress?.(this.runs, this.best.batches.flat().length);
    return kept;
  }

  async run(): Promise<void> {
    await this.fewer(
      () => this.best.batches,
      (batches) => batches,
    );
    // One batch is compared once at its end: what comes in between need not be looked at.
    await this.keeps([this.best.batches.flat()]);
    await this.eachBatch((at) =>
      this.fewer(
        () => this.best.batches[at],
        (operations) => this.best.batches.with(at, operations),
      ),
    );
    // Each command by itself, then all that are left together again where that does as well.
    await this.keeps(this.best.batches.map((batch) => batch.flatMap(single)));
    for (let before = -1; before !== this.size && !this.spent; ) {
      before = this.size;
      await this.eachBatch((at) =>
        this.fewer(
          () => this.best.batches[at],
          (operations) => this.best.batches.with(at, operations),
        ),
      );
      await this.eachBatch((at) => this.simplerOperations(at));
    }
    await this.keeps(this.best.batches.map(together));
    await this.fewerInRuns();
  }

  private get size(): number {
    return this.best.batches.reduce((sum, batch) => sum + batch.reduce((all, unit) => all + weight(unit), 1), 0);
  }

  private async eachBatch(action: (at: number) => Promise<void>): Promise<void> {
    for (let at = this.best.batches.length - 1; at >= 0 && !this.spent; at--) await action(at);
  }

  /** Delta debugging: leaves out runs of elements, half of them at first, single ones at last. From the end, where causes are few. */
  private async fewer<T>(current: () => readonly T[], whole: (rest: readonly T[]) => readonly Batch[]): Promise<void> {
    for (let run = Math.ceil(current().length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
      for (let end = current().length; end > 0 && !this.spent; end -= run) {
        const from = Math.max(0, end - run);
        const list = current();
        if (list.length > 1 || run === 1) await this.keeps(whole([...list.slice(0, from), ...list.slice(end)]));
      }
    }
  }

  /** Commands that must share a queue write are shrunk inside it. */
  private async fewerInRuns(): Promise<void> {
    await this.eachBatch(async (at) => {
      for (let index = this.best.batches[at].length - 1; index >= 0; index--) {
        const words = (): readonly CommandWords[] => {
          const operation = this.best.batches[at][index];
          return operation?.kind === "commands" ? operation.words : [];
        };
        if (words().length < 2) continue;
        await this.fewer(words, (rest) =>
          this.best.batches.with(at, this.best.batches[at].with(index, { kind: "commands", words: rest })),
        );
      }
    });
  }

  private async simplerOperations(at: number): Promise<void> {
    for (let index = 0; index < this.best.batches[at].length && !this.spent; index++) {
      for (let again = true; again && !this.spent; ) {
        again = false;
        for (const simpler of simplerThan(this.best.batches[at][index])) {
          if (await this.keeps(this.best.batches.with(at, this.best.batches[at].with(index, simpler)))) {
            again = true;
            break;
          }
        }
      }
    }
  }
}

function single(operation: Operation): Unit[] {
  if (operation.kind !== "commands") return [operation];
  return operation.words.map((words) => ({ kind: "commands", words: [words] }));
}

/** Neighbouring commands in one queue write. */
function together(batch: Batch): Batch {
  const operations: Operation[] = [];
  for (const operation of batch) {
    const last = operations.at(-1);
    if (operation.kind === "commands" && last?.kind === "commands") {
      operations[operations.length - 1] = { kind: "commands", words: [...last.words, ...operation.words] };
    } else {
      operations.push(operation);
    }
  }
  return operations;
}

/** Simpler values for the same operation, simplest first. Every one weighs less than the operation, so that shrinking ends. */
function* simplerThan(operation: Operation): Iterable<Operation> {
  switch (operation.kind) {
    case "commands": {
      const [words] = operation.words;
      if (operation.words.length !== 1) return;
      for (const at of [3, 2, 1, 0] as const) {
        // The opcode stays: another command is another case.
        const floor = at === 0 ? words[0] & 0xffn : 0n;
        for (const value of simplerValues(words[at] & ~floor)) {
          const simpler: [bigint, bigint, bigint, bigint] = [...words];
          simpler[at] = value | floor;
          yield { kind: "commands", words: [simpler] };
        }
      }
      return;
    }
    case "write":
      for (const value of simplerValues(operation.value)) yield { ...operation, value };
      return;
    case "store":
      if (operation.data.some((byte) => byte !== 0))
        yield { ...operation, data: new Uint8Array(operation.data.length) };
      return;
    case "fill":
      if (operation.length > 1) yield { ...operation, length: Math.ceil(operation.length / 2) };
      return;
    case "read":
      return;
  }
}

/** The value without one of its fields, as far as one can guess: halves, quarters, … of its bits cleared. */
function* simplerValues(value: bigint): Iterable<bigint> {
  if (value === 0n) return;
  yield 0n;
  const seen = new Set<bigint>([0n, value]);
  for (let width = 32n; width >= 1n; width /= 2n) {
    for (let from = 0n; from < 64n; from += width) {
      const mask = ((1n << width) - 1n) << from;
      const simpler = value & ~mask;
      if (seen.has(simpler) || leavesRam(value, simpler)) continue;
      seen.add(simpler);
      yield simpler;
    }
  }
}

/**
 * Whether an address in RAM would become one elsewhere: in the frames of the GIC or in flash memory, where another divergence may wait.
 */
function leavesRam(value: bigint, simpler: bigint): boolean {
  return isRam(value & ADDRESS_BITS) && !isRam(simpler & ADDRESS_BITS) && (simpler & ADDRESS_BITS) !== 0n;
}

function isRam(address: bigint): boolean {
  return address >= BigInt(RAM.base) && address < BigInt(RAM.base + RAM.bytes);
}

/** Bits of an address in a register or a command. */
const ADDRESS_BITS = 0x000f_ffff_ffff_f000n;

/** How far an operation is from the simplest one: what shrinking makes smaller. */
function weight(operation: Operation): number {
  switch (operation.kind) {
    case "commands":
      return operation.words.reduce((sum, words) => sum + 1 + words.reduce((all, word) => all + ones(word), 0), 0);
    case "write":
      return 1 + ones(operation.value);
    case "store":
      return 1 + operation.data.reduce((sum, byte) => sum + ones(BigInt(byte)), 0);
    case "fill":
      return 1 + Math.log2(operation.length + 1);
    case "read":
      return 1;
  }
}

function ones(value: bigint): number {
  let count = 0;
  for (let left = BigInt.asUintN(64, value); left !== 0n; left &= left - 1n) count++;
  return count;
}
