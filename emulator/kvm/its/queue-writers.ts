import { COMMAND_BYTES, MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { StepResult } from "../../vmm.ts";
import { ItsWord, type KvmItsState } from "./its-state.ts";

/** Where a vCPU is in its store to GITS_CWRITER. */
const Phase = {
  /** In none: its store has returned. */
  none: 0,
  /** It has not taken the lock yet. */
  before: 1,
  /** It carries out commands; next comes one command. */
  processing: 2,
  /** As `processing`; a command is done, and next GITS_CREADR moves on (draft of 2016). */
  advancing: 3,
} as const;

/** Words a vCPU: its phase, and the queue offset that it stores. */
const WORDS = 2;
const OFFSET_MASK = 0xfffe0;

/** What a writer asks its ITS to do. */
interface Queue {
  /** Carries out the command at a queue offset and moves GITS_CREADR, before it. */
  processOne(): void;
  /** Carries out the command at GITS_CREADR, which stays. */
  runCommand(): void;
}

/**
 * Stores to GITS_CWRITER by several vCPUs, each in steps that can be put in any order. A kernel holds a mutex from the check of the
 * value to the last command. The draft of 2016 takes a lock only to compare, to store and to move on: who finds GITS_CREADR equal to
 * GITS_CWRITER carries out everything, also what others queue meanwhile, and these return at once.
 */
export class QueueWriters {
  private readonly its: KvmItsState;
  private readonly queue: Queue;
  private readonly journal: Journal;
  private readonly bank: Bank;

  constructor(its: KvmItsState, queue: Queue, journal: Journal) {
    this.its = its;
    this.queue = queue;
    this.journal = journal;
    this.bank = new Bank(journal, new Uint32Array(0), MAX_PES * WORDS);
  }

  private phase(pe: number): number {
    return this.bank.words[pe * WORDS] ?? Phase.none;
  }

  private setPhase(pe: number, phase: number): void {
    this.bank.ensure((pe + 1) * WORDS);
    this.bank.set(pe * WORDS, phase);
  }

  private get draining(): boolean {
    return this.its.decisions.queueWriters === "the first for all";
  }

  /** Whether the store of a vCPU has not returned yet. */
  writing(pe: number): boolean {
    return this.phase(pe) !== Phase.none;
  }

  /** Whether any vCPU is in a store. */
  get busy(): boolean {
    for (let pe = 0; pe * WORDS < this.bank.words.length; pe++) if (this.writing(pe)) return true;
    return false;
  }

  /** The vCPU that carries out commands, or -1. */
  get owner(): number {
    for (let pe = 0; pe * WORDS < this.bank.words.length; pe++) if (this.phase(pe) >= Phase.processing) return pe;
    return -1;
  }

  /** A vCPU begins its store. @returns false when its last one has not returned */
  begin(pe: number, value: number): boolean {
    if (this.writing(pe)) return false;
    this.setPhase(pe, Phase.before);
    this.bank.set(pe * WORDS + 1, value & OFFSET_MASK);
    return true;
  }

  /** The next step of a vCPU. @returns undefined when it is in no store */
  step(pe: number): StepResult | undefined {
    const phase = this.phase(pe);
    if (phase === Phase.none) return undefined;
    if (phase === Phase.before) return this.enter(pe);
    const { registers } = this.its;
    if (!this.draining) {
      this.queue.processOne();
      this.journal.endCommands();
      return this.end(pe, "command");
    }
    if (phase === Phase.processing) {
      this.queue.runCommand();
      this.setPhase(pe, Phase.advancing);
      return "command";
    }
    const next = (registers.words[ItsWord.creadr] + COMMAND_BYTES) & OFFSET_MASK;
    registers.set(ItsWord.creadr, next === this.its.queueBytes ? 0 : next);
    this.journal.endCommands();
    this.setPhase(pe, Phase.processing);
    return this.end(pe, "moved on");
  }

  private enter(pe: number): StepResult {
    const { its } = this;
    const { registers } = its;
    if (!this.draining && this.owner >= 0) return "waits";
    const value = this.bank.words[pe * WORDS + 1];
    const { queueBytes } = its;
    if (value > queueBytes || (value === queueBytes && !its.takesCwriterAtEnd)) return this.finish(pe);
    const first = registers.words[ItsWord.creadr] === registers.words[ItsWord.cwriter];
    registers.set(ItsWord.cwriter, value);
    this.journal.endCommands();
    if (this.draining && !first) {
      this.setPhase(pe, Phase.none);
      return "left it to another";
    }
    if (!its.enabled) return this.finish(pe);
    this.setPhase(pe, Phase.processing);
    return this.end(pe, "took the queue");
  }

  /** The store returns once the queue is empty. */
  private end(pe: number, step: StepResult): StepResult {
    const { words } = this.its.registers;
    return words[ItsWord.creadr] === words[ItsWord.cwriter] ? this.finish(pe) : step;
  }

  private finish(pe: number): StepResult {
    this.setPhase(pe, Phase.none);
    return "returned";
  }

  /**
   * Another access wants the mutex: who holds it goes on to its end first. The draft has no mutex to wait for.
   * @returns false when the pace stops it before
   */
  wait(): boolean {
    if (this.draining) return true;
    const { pace } = this.its.memory;
    for (let pe = this.owner; pe >= 0; pe = this.owner) {
      if (pace.due) return false;
      pace.take(1);
      this.step(pe);
    }
    return true;
  }

  /** A whole store found the queue without an end (GITS_CWRITER = its size): the vCPU goes round for ever. */
  never(pe: number): void {
    this.setPhase(pe, Phase.processing);
  }
}
