import { COMMAND_BYTES, COMMAND_WORDS, commandByOpcode, errorKindByCode, opcodeOf } from "../../architecture/index.ts";
import type { CommandObserver } from "../machine-parts.ts";
import {
  DONE,
  ignored,
  type Outcome,
  OutcomeKind,
  outcomeDetail,
  stalled,
  swallowed,
  unknownCommand,
} from "../outcome.ts";
import { EventLookup } from "./event-lookup.ts";
import { ArchItsRegisters } from "./its-registers.ts";
import { type ArchItsState, ItsWord } from "./its-state.ts";
import { hasVersion, reservedBits } from "./packet.ts";
import { PhysicalCommands } from "./physical-commands.ts";
import { Found } from "./table-home.ts";
import { VirtualCommands } from "./virtual-commands.ts";

type Handler = (words: Uint32Array) => Outcome;

/** GITS_STATUSR.Syndrome by EE of the error that a translation met (Arm GITS_STATUSR page); others are 0, unknown. */
const syndromes: ReadonlyMap<number, number> = new Map([
  [0x01, 2],
  [0x04, 3],
  [0x05, 4],
  [0x07, 5],
  [0x10, 7],
]);
const SYNDROME_VPE = 9;

/** One ITS of the strict reading. */
export class ArchIts {
  observer: CommandObserver | undefined;
  readonly state: ArchItsState;
  readonly registers: ArchItsRegisters;
  private readonly lookup: EventLookup;
  private readonly physical: PhysicalCommands;
  private readonly handlers: (Handler | undefined)[] = new Array<Handler | undefined>(256).fill(undefined);
  private readonly reserved: ReadonlyMap<number, Uint32Array>;
  private readonly packet = new Uint32Array(COMMAND_WORDS);

  constructor(state: ArchItsState) {
    this.state = state;
    state.shared.journal.watchQueue(state.registers, ItsWord.creadr, state.number);
    this.lookup = new EventLookup(state);
    this.physical = new PhysicalCommands(state, this.lookup);
    this.registers = new ArchItsRegisters(state, () => this.processQueue());
    const { virtual, vmovps, features } = state.shared;
    this.reserved = reservedBits(features.version);
    this.install(this.physicalHandlers());
    if (virtual === undefined || vmovps === undefined) return;
    const { physical } = this;
    this.install(
      this.virtualHandlers(new VirtualCommands(state, this.lookup, { physical, delivery: virtual, vmovps })),
    );
  }

  private install(handlers: Readonly<Record<string, Handler>>): void {
    const { version } = this.state.shared.features;
    for (const [name, handler] of Object.entries(handlers)) {
      const number = opcodeOf(name);
      const since = commandByOpcode(number)?.since;
      if (since !== undefined && hasVersion(version, since)) this.handlers[number] = handler;
    }
  }

  private physicalHandlers(): Readonly<Record<string, Handler>> {
    const { physical } = this;
    return {
      MOVI: (words) => physical.movi(words),
      INT: (words) => physical.int(words),
      CLEAR: (words) => physical.clear(words),
      SYNC: (words) => physical.sync(words),
      MAPD: (words) => physical.mapd(words),
      MAPC: (words) => physical.mapc(words),
      MAPTI: (words) => physical.mapti(words),
      MAPI: (words) => physical.mapi(words),
      INV: (words) => physical.inv(words),
      INVALL: (words) => physical.invall(words),
      MOVALL: (words) => physical.movall(words),
      DISCARD: (words) => physical.discard(words),
    };
  }

  private virtualHandlers(commands: VirtualCommands): Readonly<Record<string, Handler>> {
    return {
      VMOVI: (words) => commands.vmovi(words),
      VMOVP: (words) => commands.vmovp(words),
      VSGI: (words) => commands.vsgi(words),
      VSYNC: (words) => commands.vsync(words),
      VMAPP: (words) => commands.vmapp(words),
      VMAPTI: (words) => commands.vmapti(words),
      VMAPI: (words) => commands.vmapi(words),
      VINVALL: (words) => commands.vinvall(words),
      INVDB: (words) => commands.invdb(words),
    };
  }

  /**
   * Runs the commands from GITS_CREADR up to GITS_CWRITER. An error leaves GITS_CREADR at the offending command, Stalled. Where the
   * pace stops it, it goes on from there.
   */
  private processQueue(): void {
    const { state } = this;
    const { words, shared } = state;
    if (!state.enabled || words[ItsWord.stalled] !== 0) return;
    const end = words[ItsWord.cwriter];
    if (end === words[ItsWord.creadr]) return;
    if (!state.queueValid) {
      shared.remarks.ofIts(state.number, "queue-not-valid");
      return;
    }
    const { queueBytes, queueAddress } = state;
    if (end >= queueBytes) return;
    const { pace } = shared.memory;
    while (words[ItsWord.creadr] !== end && words[ItsWord.stalled] === 0) {
      if (pace.due) {
        pace.stop(() => this.processQueue());
        return;
      }
      pace.take(1);
      this.runNext(queueAddress, queueBytes);
    }
    shared.journal.endCommands();
  }

  /** Carries out one command. @param base address of the queue @param bytes size of the queue */
  private runNext(base: number, bytes: number): void {
    const { state, observer } = this;
    const { words, registers, shared } = state;
    const offset = words[ItsWord.creadr];
    observer?.begin(offset);
    const next = offset + COMMAND_BYTES;
    // First, so that the journal's entry for it tells where the command's changes begin; no command looks at it.
    registers.set(ItsWord.creadr, next === bytes ? 0 : next);
    const outcome = this.runCommand(base + offset);
    const kind = outcome >>> 24;
    if (kind === OutcomeKind.stalled) {
      registers.set(ItsWord.stalled, 1);
      registers.set(ItsWord.creadr, offset);
    }
    observer?.end(offset, this.packet[0] & 0xff, outcome);
    if (shared.features.systemErrors && (kind === OutcomeKind.stalled || kind === OutcomeKind.ignored)) {
      shared.remarks.systemError(state.number, outcomeDetail(outcome));
    }
  }

  private runCommand(address: number): Outcome {
    const { packet, state } = this;
    const window = state.shared.memory.window(address, COMMAND_BYTES);
    if (window === undefined) {
      packet.fill(0);
      return stalled(0);
    }
    const at = (address - window.base) >>> 2;
    for (let word = 0; word < COMMAND_WORDS; word++) packet[word] = window.bank.words[at + word];
    const number = packet[0] & 0xff;
    const handler = this.handlers[number];
    const { remarks } = state.shared;
    if (handler === undefined) {
      remarks.ofIts(state.number, "reserved-opcode");
      return unknownCommand(number);
    }
    if (remarks.listener !== undefined) this.checkReserved(number);
    return handler(packet);
  }

  private checkReserved(number: number): void {
    const masks = this.reserved.get(number);
    if (masks === undefined) return;
    let set = 0;
    for (let word = 0; word < COMMAND_WORDS; word++) set |= this.packet[word] & masks[word];
    if (set !== 0) this.state.shared.remarks.ofIts(this.state.number, "reserved-bits");
  }

  /**
   * A device writes an EventID to GITS_TRANSLATER. Errors of a translation stop no queue; GITS_STATUSR reports what lacks a mapping.
   * @param deviceId any uint32 @param eventId any uint32
   */
  translate(deviceId: number, eventId: number): Outcome {
    const { state, lookup } = this;
    if (!state.enabled) return swallowed(0);
    const outcome = this.physical.translate(deviceId >>> 0, eventId >>> 0);
    if (outcome === DONE) return DONE;
    const code = outcomeDetail(outcome);
    if (code === 0) return swallowed(0);
    const kind = errorKindByCode(code & 0xff)?.code ?? 0;
    const ofVpe = kind === 0x10 && lookup.event.virtual;
    this.registers.reportUnmapped(deviceId >>> 0, eventId >>> 0, ofVpe ? SYNDROME_VPE : (syndromes.get(kind) ?? 0));
    return ignored(code);
  }

  /** A write to GITS_SGIR (GICv4.1). While the ITS is disabled it does nothing. */
  sendVirtualSgi(vpeId: number, vintid: number): void {
    const { state, lookup } = this;
    if (!state.enabled) return;
    if (lookup.readVpe(vpeId) !== Found.mapped) {
      state.shared.remarks.ofIts(state.number, "vpe-not-mapped");
      return;
    }
    state.shared.virtual?.signalSgi(vpeId, lookup.vpe, vintid);
  }
}
