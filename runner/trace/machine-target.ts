import { COMMAND_BYTES, type CommandWords } from "../../architecture/index.ts";
import { affinityOfPe } from "../../dumps/qemu-trace/affinity.ts";
import { producedEvent, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import type { EntryKind, QemuMachine, QemuObserver } from "../../emulator/index.ts";
import { describeState } from "./describe-state.ts";
import { faultEvent, readEvent, writeEvent } from "./entry-events.ts";
import type { AccessBytes, Frame, TraceTarget } from "./target.ts";

/** ICH_LR<n> that QEMU names when no virtual interrupt is pending. */
const NO_LIST_REGISTER = -1;

/** What a QEMU machine of the emulator tells of itself. */
const TOLD = [
  "gicv3_cpuif_update",
  "gicv3_cpuif_set_irqs",
  "gicv3_redist_send_sgi",
  "gicv3_its_process_command",
  ...["dte", "ite", "cte", "vte"].flatMap((entry) =>
    ["read", "write", "read_fault"].map((access) => `gicv3_its_${entry}_${access}`),
  ),
];
/** What it tells only while no virtual interrupt can be pending: it has no list registers. */
const TOLD_WITHOUT_VIRTUAL = ["gicv3_cpuif_virt_update", "gicv3_cpuif_virt_set_irqs"];

/** A QEMU machine of the emulator as the target of a replay. */
export class MachineTarget implements TraceTarget, QemuObserver {
  onEvent: ((event: TraceEvent) => void) | undefined;
  readonly produces: ReadonlySet<string>;
  private readonly machine: QemuMachine;
  /** Command that an ITS carries out. */
  private packet: CommandWords = [0n, 0n, 0n, 0n];

  /** @param virtual whether the guest of the trace used virtual interrupts */
  constructor(machine: QemuMachine, virtual: boolean) {
    this.machine = machine;
    this.produces = new Set(virtual ? TOLD : [...TOLD, ...TOLD_WITHOUT_VIRTUAL]);
    machine.observe(this);
  }

  private addressOf(frame: Frame, offset: number): number {
    const { map } = this.machine;
    if (frame === "distributor") return map.gicd + offset;
    return frame === "its" ? map.its[0] + offset : map.gicr + frame.pe * map.gicrStride + offset;
  }

  read(frame: Frame, offset: number, bytes: AccessBytes, secure = false): bigint | undefined {
    return this.machine.read(this.addressOf(frame, offset), bytes, secure);
  }

  write(frame: Frame, offset: number, bytes: AccessBytes, value: bigint, secure = false): void {
    this.machine.write(this.addressOf(frame, offset), bytes, value, secure);
  }

  readSystemRegister(pe: number, name: string): bigint | undefined {
    return this.machine.readSystemRegister(pe, name);
  }

  writeSystemRegister(pe: number, name: string, value: bigint): boolean {
    return this.machine.writeSystemRegister(pe, name, value);
  }

  setLine(intid: number, level: boolean, pe?: number): void {
    this.machine.setLine(intid, level, pe);
  }

  signalMsi(deviceId: number, eventId: number): void {
    this.machine.signalMsi(0, deviceId, eventId);
  }

  changeExceptionLevel(pe: number): void {
    const { best, bestVirtual } = this.machine.highestPriority(pe);
    this.priority(pe, best.intid, best.group, best.priority);
    const cpu = affinityOfPe(pe);
    const { intid, group, priority } = bestVirtual;
    this.tell("gicv3_cpuif_virt_update", cpu, NO_LIST_REGISTER, intid, group, priority);
    this.tell("gicv3_cpuif_virt_set_irqs", cpu, 0, 0);
  }

  readMemory(address: number): bigint | undefined {
    const bytes = this.machine.memory.readBytes(address, 8);
    return bytes?.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  writeMemory(address: number, bytes: 1 | 8, value: bigint): void {
    const data = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at++) data[at] = Number((value >> BigInt(at * 8)) & 0xffn);
    this.machine.memory.writeBytes(address, data);
  }

  checkpoint(): () => boolean {
    const { journal } = this.machine;
    journal.clear();
    const mark = journal.mark();
    return () => journal.rewind(mark);
  }

  describe(event: TraceEvent): string[] {
    return describeState(this.machine, event);
  }

  private tell(name: string, ...values: readonly (number | bigint)[]): void {
    this.onEvent?.(producedEvent(name, ...values));
  }

  priority(pe: number, intid: number, group: number, priority: number): void {
    const cpu = affinityOfPe(pe);
    this.tell("gicv3_cpuif_update", cpu, intid, group, priority);
    const { fiq, irq } = this.machine.lines(pe);
    this.tell("gicv3_cpuif_set_irqs", cpu, fiq ? 1 : 0, irq ? 1 : 0);
  }

  sgi(pe: number, intid: number): void {
    this.tell("gicv3_redist_send_sgi", affinityOfPe(pe), intid);
  }

  command(its: number, queueOffset: number): void {
    // The ITS is busy with an access: its registers cannot be read over the bus.
    const queue = this.machine.gic.itss[its].state.queueAddress;
    const word = (index: number) => this.readMemory(queue + queueOffset + index * 8) ?? 0n;
    this.packet = [word(0), word(1), word(2), word(3)];
    this.tell("gicv3_its_process_command", queueOffset / COMMAND_BYTES, this.packet[0] & 0xffn);
  }

  entryRead(kind: EntryKind, id: number, ittAddress: number, lo: number, hi: number, top: number): void {
    this.onEvent?.(readEvent({ kind, id, ittAddress, words: joined(lo, hi, top) }));
  }

  entryMissing(kind: EntryKind, id: number, ittAddress: number, fault: boolean): void {
    const entry = { kind, id, ittAddress, words: 0n };
    this.onEvent?.(fault ? faultEvent(kind, id, ittAddress) : readEvent(entry));
  }

  entryWritten(kind: EntryKind, id: number, ittAddress: number, lo: number, hi: number, top: number): void {
    this.onEvent?.(writeEvent({ kind, id, ittAddress, words: joined(lo, hi, top) }, this.packet));
  }
}

function joined(lo: number, hi: number, top: number): bigint {
  return BigInt(lo >>> 0) | (BigInt(hi >>> 0) << 32n) | (BigInt(top >>> 0) << 64n);
}
