import { deepEqual } from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Journal } from "../../../emulator/journal/journal.ts";
import { Pool } from "../../../emulator/journal/pool.ts";
import {
  IRQ_WORDS,
  IrqFlag,
  IrqWord,
  isPending,
  listOf,
  priorityOf,
  withPriority,
} from "../../../emulator/kvm/interrupts/interrupt-record.ts";
import type { ListOrder } from "../../../emulator/kvm/interrupts/list-places.ts";
import { PendingList } from "../../../emulator/kvm/interrupts/pending-list.ts";

const RECORDS = 12;
const ROOM = 3;
const PE = 0;
const OTHER = 1;

/** A list as the kernel keeps it: one run, sorted as a whole. */
class KernelList {
  run: number[] = [];
  /** How many of its beginning are in list registers. */
  inRegisters = 0;
  private readonly pool: Pool;
  private readonly order: ListOrder;

  constructor(pool: Pool, order: ListOrder) {
    this.pool = pool;
    this.order = order;
  }

  private flags(record: number): number {
    return this.pool.bank.words[record + IrqWord.flags];
  }

  takes(record: number): boolean {
    const flags = this.flags(record);
    if ((flags & IrqFlag.active) !== 0) return true;
    return (
      (flags & IrqFlag.enabled) !== 0 && isPending(flags) && this.pool.bank.words[record + IrqWord.target] === PE + 1
    );
  }

  /** vgic.c `vgic_irq_cmp`, as numbers that are compared one after the other; what the PE does not take keeps its order behind all. */
  private keys(record: number, groups: number): number[] {
    if (!this.takes(record)) return [1];
    const flags = this.flags(record);
    const active = (flags & IrqFlag.active) !== 0;
    const priority = priorityOf(flags);
    if (this.order === "active-first") return [0, active ? 0 : 1, active ? 0 : priority];
    const group = (flags & IrqFlag.group1) !== 0 ? 2 : 1;
    return [0, (groups & group) !== 0 ? 0 : 1, active ? 1 : 0, priority, (flags & IrqFlag.hw) !== 0 ? 0 : 1];
  }

  /** @returns what goes into list registers */
  fill(sort: boolean, groups: number): number[] {
    if (sort) {
      const keys = new Map(this.run.map((record) => [record, this.keys(record, groups)]));
      this.run = this.run.toSorted((a, b) => {
        const [left, right] = [keys.get(a) ?? [], keys.get(b) ?? []];
        const at = left.findIndex((key, index) => key !== right[index]);
        return at < 0 ? 0 : left[at] - right[at];
      });
    }
    return this.run.filter((record) => this.takes(record)).slice(0, ROOM);
  }
}

type Step =
  | { readonly kind: "queue" | "remove"; readonly record: number }
  | { readonly kind: "flags"; readonly record: number; readonly flag: number }
  | { readonly kind: "priority"; readonly record: number; readonly priority: number }
  | { readonly kind: "move"; readonly record: number }
  | { readonly kind: "enter"; readonly groups: number }
  | { readonly kind: "leave" };

const record = fc.nat(RECORDS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("queue" as const), record }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), record }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("flags" as const),
      record,
      flag: fc.constantFrom(IrqFlag.enabled, IrqFlag.pending, IrqFlag.active, IrqFlag.group1, IrqFlag.hw),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("priority" as const), record, priority: fc.constantFrom(0, 4, 8) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), record }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("enter" as const), groups: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "leave" as const }) },
);

class Both {
  private readonly pool: Pool;
  private readonly list: PendingList;
  private readonly kernel: KernelList;
  private readonly records: readonly number[];
  private inGuest = false;

  constructor(order: ListOrder, priorities: readonly number[]) {
    const journal = new Journal({ active: false });
    this.pool = new Pool(journal, IRQ_WORDS, 1 << 10);
    this.list = new PendingList(journal, this.pool, PE, order);
    this.kernel = new KernelList(this.pool, order);
    this.records = priorities.map((priority) => {
      const made = this.pool.alloc();
      this.pool.bank.set(
        made + IrqWord.flags,
        withPriority(IrqFlag.enabled | IrqFlag.edge | IrqFlag.pending, priority),
      );
      this.pool.bank.set(made + IrqWord.target, PE + 1);
      return made;
    });
  }

  private isListed(made: number): boolean {
    return listOf(this.pool.bank.words[made + IrqWord.queued]) !== 0;
  }

  private set(made: number, word: number, value: number): void {
    if (this.isListed(made)) this.list.change(made, word, value >>> 0);
    else this.pool.bank.set(made + word, value);
  }

  private names(records: readonly number[]): number[] {
    return records.map((made) => this.records.indexOf(made));
  }

  private get chosen(): number[] {
    return Array.from({ length: this.list.chosenCount }, (_, index) => this.list.chosen(index));
  }

  run(one: Step): void {
    const { pool, list, kernel } = this;
    const made = "record" in one ? this.records[one.record] : 0;
    const flags = pool.bank.words[made + IrqWord.flags];
    switch (one.kind) {
      case "queue":
        if (this.isListed(made)) return;
        list.add(made, ROOM);
        kernel.run.push(made);
        return;
      case "remove":
        if (!this.isListed(made)) return;
        list.remove(made);
        pool.bank.set(made + IrqWord.queued, 0);
        kernel.run = kernel.run.filter((other) => other !== made);
        return;
      case "flags":
        this.set(made, IrqWord.flags, flags ^ one.flag);
        return;
      case "priority":
        this.set(made, IrqWord.flags, withPriority(flags, one.priority));
        return;
      case "move":
        this.set(made, IrqWord.target, pool.bank.words[made + IrqWord.target] === PE + 1 ? OTHER + 1 : PE + 1);
        return;
      case "enter": {
        if (this.inGuest) this.run({ kind: "leave" });
        this.inGuest = true;
        list.setAsideChosen();
        const sort = list.chosenCount + list.waiting > ROOM;
        list.fill(ROOM, sort, one.groups);
        deepEqual(this.names(this.chosen), this.names(kernel.fill(sort, one.groups)));
        return;
      }
      case "leave": {
        this.inGuest = false;
        list.setAsideChosen();
        const left: number[] = [];
        const owner = (other: number): number => {
          const state = pool.bank.words[other + IrqWord.flags];
          if ((state & IrqFlag.active) !== 0) return PE + 1;
          return (state & IrqFlag.enabled) !== 0 && isPending(state) ? pool.bank.words[other + IrqWord.target] : 0;
        };
        list.takeAside(owner, (other, to) => {
          pool.bank.set(other + IrqWord.queued, 0);
          if (to !== 0) left.push(other);
        });
        const gone = kernel.run.filter((other) => !kernel.takes(other));
        deepEqual(this.names(left), this.names(gone.filter((other) => owner(other) !== 0)));
        kernel.run = kernel.run.filter((other) => kernel.takes(other));
        return;
      }
    }
  }
}

for (const order of ["active-first", "enabled-group-first"] as const) {
  test(`a PE's list gives the list registers what the kernel's sorted list gives them (${order})`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 4, 8), { minLength: RECORDS, maxLength: RECORDS }),
        fc.array(step, { maxLength: 80, size: "max" }),
        (priorities, steps) => {
          const both = new Both(order, priorities);
          for (const one of steps) both.run(one);
        },
      ),
      { numRuns: 3000 },
    );
  });
}

test("a list that has only grown is sorted in as many steps however long it is", () => {
  const changes = (length: number): number => {
    const journal = new Journal();
    const pool = new Pool(journal, IRQ_WORDS, 1 << 12);
    const list = new PendingList(journal, pool, PE, "enabled-group-first");
    const records = Array.from({ length }, () => {
      const made = pool.alloc();
      pool.bank.set(made + IrqWord.flags, withPriority(IrqFlag.enabled | IrqFlag.edge | IrqFlag.pending, 0));
      pool.bank.set(made + IrqWord.target, PE + 1);
      list.add(made, ROOM);
      return made;
    });
    const before = journal.mark();
    list.fill(ROOM, true, 2);
    deepEqual(
      Array.from({ length: list.chosenCount }, (_, index) => list.chosen(index)),
      records.slice(0, ROOM),
    );
    return journal.mark() - before;
  };
  deepEqual(changes(2000), changes(20));
});
