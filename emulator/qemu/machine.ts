import { defaultBases } from "../../architecture/index.ts";
import { defaultMap } from "../default-map.ts";
import { highWord, lowWord } from "../kvm/mmio.ts";
import type { AccessBytes, CommandEvent, ItsTables, LpiState, Machine, MachineOptions, MemoryMap } from "../machine.ts";
import { readRam, unitOf, watchCommands, writeRam } from "../machine-parts.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import type { QemuModel } from "../models/model.ts";
import { DONE, type Outcome } from "../outcome.ts";
import { Journal } from "../state/journal.ts";
import { lowRedistributors, QemuBus } from "./bus.ts";
import { QemuGic } from "./gic.ts";
import { setLine } from "./lines.ts";
import { lpiState, pendingLpis } from "./lpi-states.ts";
import type { QemuObserver } from "./observer.ts";
import { type PeContext, setContext } from "./pe-context.ts";
import { BestWord, PeWord, type QemuRedistributor } from "./redistributor.ts";
import { QemuTablesView } from "./tables-view.ts";

/** QEMU's `virt` machine as far as its GIC goes: GICv3 or GICv4 with ITSs whose tables live in guest memory. */
export class QemuMachine implements Machine {
  readonly model: QemuModel;
  readonly map: MemoryMap;
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly gic: QemuGic;
  readonly host = undefined;
  private readonly bus: QemuBus;
  private readonly views: ItsTables[];
  private commandListener: ((event: CommandEvent) => void) | undefined;
  private observer: QemuObserver | undefined;

  /** @throws RangeError when the options describe no machine */
  constructor(model: QemuModel, options: MachineOptions) {
    this.model = model;
    this.journal = new Journal({ active: options.journal ?? true });
    const architecture = options.gicVersion ?? 3;
    if (architecture === 4.1 || architecture === 2) {
      throw new RangeError(`this model of ${model.qemu.version} has no GICv${architecture}`);
    }
    const stride = architecture === 4 ? defaultBases.gicrStrideV4 : defaultBases.gicrStride;
    const { map, ram, cpus } = defaultMap(options, stride);
    this.map = map;
    const firstRegion = lowRedistributors(stride);
    this.gic = new QemuGic(this.journal, model.qemu, {
      cpus,
      itss: map.its.length,
      architecture,
      secure: options.secure ?? false,
      isLast: (pe) => pe === cpus - 1 || pe === firstRegion - 1,
    });
    this.memory = this.gic.memory;
    for (const range of ram) this.memory.addWindow(range.base, range.bytes);
    this.bus = new QemuBus(this.gic, map);
    this.views = this.gic.itss.map((its) => new QemuTablesView(its.state));
    this.journal.clear();
  }

  get cpus(): number {
    return this.gic.redistributors.length;
  }

  get onCommand(): ((event: CommandEvent) => void) | undefined {
    return this.commandListener;
  }

  set onCommand(listener: ((event: CommandEvent) => void) | undefined) {
    this.commandListener = listener;
    this.watchCommands();
  }

  /** Lets an observer see what goes on inside, instead of the one before; none ends it. */
  observe(observer: QemuObserver | undefined): void {
    this.observer = observer;
    this.gic.arbiter.listener = observer && ((...best) => observer.priority(...best));
    this.gic.cpuInterface.sgiListener = observer && ((pe, intid) => observer.sgi(pe, intid));
    for (const its of this.gic.itss) its.lookup.observer = observer;
    this.watchCommands();
  }

  private watchCommands(): void {
    const { observer } = this;
    watchCommands(this.gic.itss, this.commandListener, observer && ((its, at) => observer.command(its, at)));
  }

  private pe(index: number): QemuRedistributor {
    return unitOf(this.gic.redistributors, index, "PE");
  }

  /** @param secure whether the access is Secure */
  read(address: number, bytes: AccessBytes, secure = false): bigint | undefined {
    if (this.bus.isDevice(address)) return this.bus.load(address, bytes, secure);
    return readRam(this.memory, address, bytes) ?? (this.gic.dma.isFlash(address, bytes) ? 0n : undefined);
  }

  /** @param secure whether the access is Secure */
  write(address: number, bytes: AccessBytes, value: bigint, secure = false): boolean {
    if (this.bus.isDevice(address)) return this.bus.store(address, bytes, secure, value);
    return writeRam(this.memory, address, bytes, value) || this.gic.dma.isFlash(address, bytes);
  }

  signalMsi(its: number, deviceId: number, eventId: number): Outcome {
    const unit = unitOf(this.gic.itss, its, "ITS");
    let outcome: Outcome = DONE;
    this.bus.guarded({ kind: "translation", its }, () => {
      outcome = unit.translate(deviceId, eventId);
      return true;
    });
    return outcome;
  }

  readSystemRegister(pe: number, name: string): bigint | undefined {
    const value = this.gic.systemRegisters.read(this.pe(pe), name);
    return value === undefined ? undefined : BigInt(value >>> 0);
  }

  writeSystemRegister(pe: number, name: string, value: bigint): boolean {
    return this.gic.systemRegisters.write(this.pe(pe), name, lowWord(value), highWord(value));
  }

  setLine(intid: number, level: boolean, pe = 0): boolean {
    return setLine(this.gic, intid, level, pe);
  }

  /** Exception level and security of a PE; Non-secure EL1 at reset. */
  setContext(pe: number, context: PeContext): void {
    setContext(this.pe(pe), context);
    this.gic.cpuInterface.changed(this.pe(pe));
  }

  /** Interrupt lines from the GIC to a PE. */
  lines(pe: number): { irq: boolean; fiq: boolean } {
    return this.gic.cpuInterface.lines(this.pe(pe));
  }

  /** What a PE's CPU interface was told last: its highest priority pending interrupt and vLPI; priority 0xFF means none. */
  highestPriority(pe: number): { best: PendingInterrupt; bestVirtual: PendingInterrupt } {
    const { words } = this.pe(pe);
    return { best: pendingAt(words, PeWord.best), bestVirtual: pendingAt(words, PeWord.bestVirtualLpi) };
  }

  tables(its: number): ItsTables {
    return unitOf(this.views, its, "ITS");
  }

  lpi(intid: number): LpiState | undefined {
    return lpiState(this.gic, intid);
  }

  /** The pending LPIs in order of INTID: QEMU's LPIs exist nowhere but in the tables. */
  lpis(): Iterable<LpiState> {
    return pendingLpis(this.gic);
  }
}

/** An interrupt that a PE knows as its highest priority pending one. */
export interface PendingInterrupt {
  readonly intid: number;
  /** 0 = Group 0, 1 = Secure Group 1, 2 = Non-secure Group 1. */
  readonly group: number;
  readonly priority: number;
}

function pendingAt(words: Uint32Array, at: number): PendingInterrupt {
  return {
    intid: words[at + BestWord.intid],
    group: words[at + BestWord.group],
    priority: words[at + BestWord.priority],
  };
}
