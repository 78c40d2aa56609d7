import type { AccessBytes, CommandEvent, ItsTables, LpiState, QueueState } from "../machine.ts";
import { type CommandObserver, unitOf, watchCommands } from "../machine-parts.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { highWord, lowWord, toBigInt } from "../value64.ts";
import { setLine } from "./lines.ts";
import { lpiState, pendingLpis } from "./lpi-states.ts";
import { isSecure } from "./pe-context.ts";
import type { PhysicalGic } from "./physical-gic.ts";
import type { QemuRedistributor } from "./redistributor.ts";

/** A GIC whose ITSs keep their tables in guest memory. */
interface MemoryGic extends PhysicalGic {
  readonly itss: readonly { observer: CommandObserver | undefined; readonly state: { readonly queue: QueueState } }[];
}

/** What machines have in common whose ITS tables and LPIs exist nowhere but in guest memory. */
export abstract class MemoryGicMachine<Gic extends MemoryGic> {
  abstract readonly gic: Gic;
  /** The tables of each ITS. */
  protected abstract readonly views: readonly ItsTables[];
  private commandListener: ((event: CommandEvent) => void) | undefined;
  private beginListener: ((its: number, queueOffset: number) => void) | undefined;

  get memory(): GuestMemory {
    return this.gic.memory;
  }

  get cpus(): number {
    return this.gic.redistributors.length;
  }

  proceed(): void {
    this.memory.pace.proceed();
  }

  get onCommand(): ((event: CommandEvent) => void) | undefined {
    return this.commandListener;
  }

  set onCommand(listener: ((event: CommandEvent) => void) | undefined) {
    this.commandListener = listener;
    this.watchCommands();
  }

  get onCommandBegin(): ((its: number, queueOffset: number) => void) | undefined {
    return this.beginListener;
  }

  set onCommandBegin(listener: ((its: number, queueOffset: number) => void) | undefined) {
    this.beginListener = listener;
    this.watchCommands();
  }

  /** @param begun told, besides {@link onCommandBegin}, of a command that is about to be carried out */
  protected watchCommands(begun?: (its: number, queueOffset: number) => void): void {
    const { beginListener } = this;
    const both = (its: number, queueOffset: number): void => {
      begun?.(its, queueOffset);
      beginListener?.(its, queueOffset);
    };
    watchCommands(this.gic.itss, this.commandListener, begun && beginListener ? both : (begun ?? beginListener));
  }

  /** @throws RangeError when there is no such PE */
  protected pe(index: number): QemuRedistributor {
    return unitOf(this.gic.redistributors, index, "PE");
  }

  /** @param secure whether the access is Secure */
  abstract read(address: number, bytes: AccessBytes, secure?: boolean): bigint | undefined;
  /** @param secure whether the access is Secure */
  abstract write(address: number, bytes: AccessBytes, value: bigint, secure?: boolean): boolean;

  /** A load by a PE in the Security state that it is in. @throws RangeError when there is no such PE */
  readBy(pe: number, address: number, bytes: AccessBytes): bigint | undefined {
    return this.read(address, bytes, isSecure(this.pe(pe), this.gic.cpuInterface.hasEl3));
  }

  /** As {@link readBy}, a store. */
  writeBy(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean {
    return this.write(address, bytes, value, isSecure(this.pe(pe), this.gic.cpuInterface.hasEl3));
  }

  readSystemRegister(pe: number, name: string): bigint | undefined {
    const { systemRegisters } = this.gic;
    const value = systemRegisters.read(this.pe(pe), name);
    return value === undefined ? undefined : toBigInt(value, systemRegisters.readHigh(this.pe(pe), name));
  }

  writeSystemRegister(pe: number, name: string, value: bigint): boolean {
    return this.gic.systemRegisters.write(this.pe(pe), name, lowWord(value), highWord(value));
  }

  setLine(intid: number, level: boolean, pe = 0): boolean {
    return setLine(this.gic, intid, level, pe);
  }

  /** Interrupt lines from the GIC to a PE. */
  lines(pe: number): { irq: boolean; fiq: boolean; nmi?: boolean } {
    return this.gic.cpuInterface.lines(this.pe(pe));
  }

  tables(its: number): ItsTables {
    return unitOf(this.views, its, "ITS");
  }

  queue(its: number): QueueState {
    return unitOf(this.gic.itss, its, "ITS").state.queue;
  }

  lpi(intid: number): LpiState | undefined {
    return lpiState(this.gic, intid);
  }

  forEachPendingLpi(visit: (intid: number, pe: number) => void): void {
    for (const { intid, target } of this.lpis()) visit(intid, target ?? -1);
  }

  /** The pending LPIs in order of INTID: LPIs exist nowhere but in the tables. */
  lpis(): Iterable<LpiState> {
    return pendingLpis(this.gic);
  }
}
