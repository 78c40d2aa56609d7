import { COMMAND_BYTES, COMMAND_WORDS } from "../../architecture/index.ts";
import { STALLED } from "../gicv3/its-fields.ts";
import type { CommandObserver } from "../machine-parts.ts";
import { DONE, type Outcome, OutcomeKind, stalled } from "../outcome.ts";
import { QemuItsCommands } from "./its-commands.ts";
import { ItsLookup } from "./its-lookup.ts";
import { QemuItsRegisters } from "./its-registers.ts";
import { ItsWord, type QemuItsState } from "./its-state.ts";
import { VirtualCommands } from "./its-virtual-commands.ts";

const COMMAND_SHIFT = 5;
/** Offset field of GITS_CWRITER and GITS_CREADR, in commands. */
const OFFSET_MASK = 0x7fff;
const OFFSET_BITS = OFFSET_MASK << COMMAND_SHIFT;

/** Commands between two looks at the pace. */
const STRETCH = 16;

/** One ITS as QEMU emulates it. */
export class QemuIts {
  observer: CommandObserver | undefined;
  readonly state: QemuItsState;
  readonly lookup: ItsLookup;
  readonly registers: QemuItsRegisters;
  private readonly commands: QemuItsCommands;
  /** A command that is not in RAM. */
  private readonly fetched = new Uint32Array(COMMAND_WORDS);

  /** @param all the ITSs of the machine, this one among them; the list may still grow */
  constructor(state: QemuItsState, all: readonly QemuIts[]) {
    this.state = state;
    state.journal.watchQueue(state.registers, ItsWord.creadr, all.length);
    this.lookup = new ItsLookup(state);
    this.commands = new QemuItsCommands(state, this.lookup, new VirtualCommands(state, this.lookup, all));
    this.registers = new QemuItsRegisters(state, () => this.processQueue());
  }

  /**
   * Runs the commands from GITS_CREADR up to GITS_CWRITER (process_cmdq). A stalled queue has GITS_CREADR.Stalled set and goes on
   * at the next write of GITS_CWRITER, with or without Retry; Stalled stays set then. Where the pace stops it, it goes on from there.
   */
  private processQueue(): void {
    const { state } = this;
    if (!state.enabled) return;
    const { words, queueAddress, queueCommands } = state;
    const end = (words[ItsWord.cwriter] >>> COMMAND_SHIFT) & OFFSET_MASK;
    const first = (words[ItsWord.creadr] >>> COMMAND_SHIFT) & OFFSET_MASK;
    if (end >= queueCommands || first >= queueCommands) return;
    if (first === end) return;
    const { memory } = state.dma;
    const { pace } = memory;
    const window = memory.window(queueAddress, queueCommands * COMMAND_BYTES);
    const queue = window?.bank.words;
    const firstWord = window === undefined ? 0 : (queueAddress - window.base) >>> 2;
    // A table in the frame of another ITS makes that one run its queue, all of it, before this command goes on.
    const isOutermost = pace.hold();
    let next = first;
    while (next !== end && next >= 0) {
      if (isOutermost && pace.isSpent) {
        pace.unhold();
        pace.stop(() => this.processQueue());
        return;
      }
      let taken = 0;
      for (; taken < STRETCH && next !== end && next >= 0; taken++) next = this.runNext(next, queue, firstWord);
      pace.take(taken);
    }
    pace.unhold();
    state.journal.endCommands();
  }

  /**
   * Carries out one command.
   * @param number its place in the queue @param queue words that hold the queue from `firstWord` on, when all of it is in RAM
   * @returns the place of the next, or -1 when the queue has stalled
   */
  private runNext(number: number, queue: Uint32Array | undefined, firstWord: number): number {
    const { observer, commands } = this;
    const { words, registers, queueCommands } = this.state;
    const before = words[ItsWord.creadr];
    const following = number + 1 === queueCommands ? 0 : number + 1;
    // First, so that the journal's entry for it tells where the command's changes begin; no command looks at it.
    registers.set(ItsWord.creadr, (before & ~OFFSET_BITS) | (following << COMMAND_SHIFT));
    const at = firstWord + number * COMMAND_WORDS;
    const outcome =
      queue !== undefined && observer === undefined ? commands.execute(queue, at) : this.runObserved(number, queue, at);
    if (outcome >>> 24 !== OutcomeKind.stalled) return following;
    registers.set(ItsWord.creadr, before | STALLED);
    return -1;
  }

  /** Carries out a command that may have to be fetched, and that somebody may want to know of. */
  private runObserved(number: number, queue: Uint32Array | undefined, at: number): Outcome {
    const { observer, state } = this;
    const queueOffset = number * COMMAND_BYTES;
    observer?.begin(queueOffset);
    let [words, first] = [queue, at];
    if (words === undefined) {
      const address = state.queueAddress + queueOffset;
      const window = state.dma.memory.window(address, COMMAND_BYTES);
      if (window !== undefined) [words, first] = [window.bank.words, (address - window.base) >>> 2];
      else if (state.decisions.unreadableCommand === "stall") return stalled(0);
      else [words, first] = [this.fetchElsewhere(address), 0];
    }
    const opcode = words[first] & 0xff;
    const outcome = this.commands.execute(words, first);
    observer?.end(queueOffset, opcode, outcome);
    return outcome;
  }

  /** QEMU copies a command that is not in RAM; what it cannot read is zero. */
  private fetchElsewhere(address: number): Uint32Array {
    const { dma } = this.state;
    for (let word = 0; word < COMMAND_WORDS; word += 2) {
      dma.read64(address + word * 4);
      this.fetched[word] = dma.memory.lo;
      this.fetched[word + 1] = dma.memory.hi;
    }
    return this.fetched;
  }

  /**
   * A device writes an EventID to GITS_TRANSLATER.
   * @param deviceId any uint32 @param eventId any uint32
   */
  translate(deviceId: number, eventId: number): Outcome {
    return this.state.enabled ? this.commands.signal(deviceId >>> 0, eventId >>> 0) : DONE;
  }
}
