import { COMMAND_BYTES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { CommandObserver } from "../../machine-parts.ts";
import { DONE, type Outcome, swallowed } from "../../outcome.ts";
import { Restartable, type Steps } from "../../pace.ts";
import { Errno } from "../errno.ts";
import { KvmItsCommands } from "./its-commands.ts";
import { KvmItsRegisters } from "./its-registers.ts";
import { restoreTables } from "./its-restore.ts";
import { saveTables, type TableResult } from "./its-save.ts";
import { ItsWord, KvmItsState } from "./its-state.ts";
import { QueueWriters } from "./queue-writers.ts";

/** Commands between two looks at the pace. */
const STRETCH = 16;

/** One ITS of a KVM guest. */
export class KvmIts {
  observer: CommandObserver | undefined;
  readonly state: KvmItsState;
  readonly registers: KvmItsRegisters;
  /** Stores to GITS_CWRITER in steps. */
  readonly writers: QueueWriters;
  private readonly commands: KvmItsCommands;
  private readonly journal: Journal;
  /** Whether the address was set, its low and its high word. */
  private readonly place: Bank;
  private readonly saving: Restartable<TableResult>;
  private readonly restoring: Restartable<number>;
  private readonly resetting: Restartable<number>;

  /** @param number of the ITS in its machine, from 0 */
  constructor(number: number, options: ConstructorParameters<typeof KvmItsState>[0]) {
    this.journal = options.journal;
    this.place = new Bank(options.journal, new Uint32Array(3));
    this.state = new KvmItsState(options);
    const { pace } = options.memory;
    this.saving = new Restartable<TableResult>(pace, { errno: Errno.ERESTART });
    this.restoring = new Restartable<number>(pace, Errno.ERESTART);
    this.resetting = new Restartable<number>(pace, Errno.ERESTART);
    this.journal.watchQueue(this.state.registers, ItsWord.creadr, number);
    this.commands = new KvmItsCommands(this.state);
    const queue = { processOne: () => this.processOne(), runCommand: () => this.runCommand() };
    this.writers = new QueueWriters(this.state, queue, options.journal);
    this.registers = new KvmItsRegisters(this.state, {
      process: () => this.processQueue(),
      changed: () => this.journal.endCommands(),
      wait: () => this.writers.wait(),
      run: (steps) => this.run(steps),
    });
  }

  /** Guest physical address of the control frame; undefined until user space has set it. */
  get base(): number | undefined {
    const { words } = this.place;
    return words[0] === 0 ? undefined : words[2] * 2 ** 32 + words[1];
  }

  set base(address: number | undefined) {
    this.place.set(0, address === undefined ? 0 : 1);
    this.place.set(1, (address ?? 0) >>> 0);
    this.place.set(2, Math.floor((address ?? 0) / 2 ** 32));
  }

  /**
   * Runs every command between GITS_CREADR and GITS_CWRITER (`vgic_its_process_commands`); the writing vCPU waits for it. Where the
   * pace stops it, it goes on from there.
   */
  private processQueue(): void {
    const { state } = this;
    // In the draft of 2016 whoever carries out commands takes these along.
    if (!state.enabled || this.writers.owner >= 0) return;
    const { words } = state.registers;
    const { queueAddress, queueBytes } = state;
    const end = words[ItsWord.cwriter];
    if (end === queueBytes) {
      this.processForEver(0);
      return;
    }
    if (words[ItsWord.creadr] === end) return;
    const { memory } = state;
    const { pace } = memory;
    const window = memory.window(queueAddress, queueBytes);
    const queue = window?.bank.words;
    const firstWord = window === undefined ? 0 : (queueAddress - window.base) >>> 2;
    while (words[ItsWord.creadr] !== end) {
      if (pace.due) {
        pace.stop(() => this.processQueue());
        return;
      }
      let taken = 0;
      for (let offset = words[ItsWord.creadr]; taken < STRETCH && offset !== end; taken++)
        offset = this.runNext(offset, queueBytes, queue, firstWord);
      pace.take(taken);
    }
    this.journal.endCommands();
  }

  /**
   * Carries out one command.
   * @param offset of it @param bytes size of the queue @param queue words that hold it from `firstWord` on, when all of it is in RAM
   * @returns the offset of the next one
   */
  private runNext(offset: number, bytes: number, queue: Uint32Array | undefined, firstWord: number): number {
    const next = offset + COMMAND_BYTES === bytes ? 0 : offset + COMMAND_BYTES;
    // First, so that the journal's entry for it tells where the command's changes begin; no command looks at it.
    this.state.registers.set(ItsWord.creadr, next);
    // User space can set GITS_CREADR behind the queue's end.
    if (queue === undefined || offset >= bytes || this.observer !== undefined) this.runCommand(offset);
    else this.commands.execute(queue, firstWord + (offset >>> 2));
    return next;
  }

  /** GITS_CREADR never is the queue's size: the commands go round. One round, and the vCPU stays where it is. @param from bytes done */
  private processForEver(from: number): void {
    const { state } = this;
    const { pace } = state.memory;
    for (let at = from; at < state.queueBytes; at += COMMAND_BYTES) {
      if (pace.due) {
        pace.stop(() => this.processForEver(at));
        return;
      }
      pace.take(1);
      this.processOne();
    }
    this.journal.endCommands();
    this.writers.never(0);
  }

  /** Carries out what a store to a register asks beyond the register; where the pace stops it, it goes on from there. */
  private run(steps: Steps<void>): void {
    const { pace } = this.state.memory;
    while (steps.next().done !== true) {
      if (!pace.due) continue;
      pace.stop(() => this.run(steps));
      return;
    }
  }

  private processOne(): void {
    const { registers, queueBytes } = this.state;
    const offset = registers.words[ItsWord.creadr];
    const next = (offset + COMMAND_BYTES) & 0xfffe0;
    registers.set(ItsWord.creadr, next === queueBytes ? 0 : next);
    this.runCommand(offset);
  }

  /** Carries out the command at an offset of the queue. One that is not in RAM is skipped: GITS_CREADR advances over it. */
  private runCommand(offset = this.state.registers.words[ItsWord.creadr]): void {
    const { state, observer } = this;
    observer?.begin(offset);
    const address = state.queueAddress + offset;
    const window = state.memory.window(address, COMMAND_BYTES);
    if (window === undefined) {
      observer?.end(offset, 0, swallowed(Errno.EFAULT));
      return;
    }
    const { words } = window.bank;
    const at = (address - window.base) >>> 2;
    const opcode = words[at] & 0xff;
    const outcome = this.commands.execute(words, at);
    observer?.end(offset, opcode, outcome);
  }

  /**
   * A device's write to GITS_TRANSLATER.
   * @param deviceId any uint32 @param event any uint32
   */
  translate(deviceId: number, event: number): Outcome {
    return this.deliverCached(deviceId, event) ? DONE : this.commands.trigger(deviceId, event);
  }

  /** Delivers by a cached translation, which asks nothing else; KVM_SIGNAL_MSI tries this before it looks at its flags. @returns false when there is none */
  deliverCached(deviceId: number, event: number): boolean {
    const { state } = this;
    const cached = state.cache.find(deviceId, event);
    if (cached === 0) return false;
    state.lpis.setPending(cached, true);
    return true;
  }

  /** SAVE_TABLES. @returns errno ERESTART when the pace has stopped it: it goes on when it is asked for again */
  save(): TableResult {
    return this.saving.run(() => saveTables(this.state));
  }

  /** RESTORE_TABLES. @returns errno; ERESTART as {@link save} */
  restore(): number {
    return this.restoring.run(() => restoreTables(this.state));
  }

  /** CTRL/RESET. @returns errno; ERESTART as {@link save} */
  reset(): number {
    return this.resetting.run(() => this.registers.resetByUser());
  }
}
