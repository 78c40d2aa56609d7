import { defaultBases } from "../../architecture/index.ts";
import { defaultMap } from "../default-map.ts";
import { MemoryGicMachine } from "../gicv3/memory-gic-machine.ts";
import { type PeContext, setContext } from "../gicv3/pe-context.ts";
import { BestWord, PeWord } from "../gicv3/redistributor.ts";
import type { Journal } from "../journal/journal.ts";
import type { AccessBytes, ItsTables, Machine, MachineOptions, MemoryMap } from "../machine.ts";
import { journalOf, readRam, unitOf, writeRam } from "../machine-parts.ts";
import type { QemuModel } from "../models/model.ts";
import { DONE, type Outcome } from "../outcome.ts";
import { QemuBus } from "./bus.ts";
import { QemuGic } from "./gic.ts";
import type { QemuObserver } from "./observer.ts";
import { QemuTablesView } from "./tables-view.ts";
import { lowRedistributors } from "./virt-board.ts";

/** QEMU's `virt` machine as far as its GIC goes: GICv3 or GICv4 with ITSs whose tables live in guest memory. */
export class QemuMachine extends MemoryGicMachine<QemuGic> implements Machine {
  readonly model: QemuModel;
  readonly map: MemoryMap;
  readonly layout = "qemu";
  readonly journal: Journal;
  readonly gic: QemuGic;
  private readonly bus: QemuBus;
  protected readonly views: readonly ItsTables[];
  private observer: QemuObserver | undefined;

  /** @throws RangeError when the options describe no machine */
  constructor(model: QemuModel, options: MachineOptions) {
    super();
    this.model = model;
    this.journal = journalOf(options);
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
      nmi: options.nmi ?? false,
      isLast: (pe) => pe === cpus - 1 || pe === firstRegion - 1,
    });
    for (const range of ram) this.memory.addWindow(range.base, range.bytes);
    this.bus = new QemuBus(this.gic, map);
    this.views = this.gic.itss.map((its) => new QemuTablesView(its.state));
    this.journal.clear();
  }

  /** Lets an observer see what goes on inside, instead of the one before; none ends it. */
  observe(observer: QemuObserver | undefined): void {
    this.observer = observer;
    this.gic.arbiter.listener = observer && ((...best) => observer.priority(...best));
    this.gic.cpuInterface.sgiListener = observer && ((pe, intid) => observer.sgi(pe, intid));
    for (const its of this.gic.itss) its.lookup.observer = observer;
    this.watchCommands();
  }

  protected override watchCommands(): void {
    const { observer } = this;
    super.watchCommands(observer && ((its, at) => observer.command(its, at)));
  }

  /** @param secure whether the access is Secure */
  read(address: number, bytes: AccessBytes, secure = false): bigint | undefined {
    return readRam(this.memory, address, bytes) ?? this.bus.load(address, bytes, secure);
  }

  /** @param secure whether the access is Secure */
  write(address: number, bytes: AccessBytes, value: bigint, secure = false): boolean {
    return writeRam(this.memory, address, bytes, value) || this.bus.store(address, bytes, secure, value);
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

  /** Exception level and security of a PE; Non-secure EL1 at reset. */
  setContext(pe: number, context: PeContext): void {
    setContext(this.pe(pe), context);
    this.gic.cpuInterface.changed(this.pe(pe));
  }

  /** What a PE's CPU interface was told last: its highest priority pending interrupt and vLPI; priority 0xFF means none. */
  highestPriority(pe: number): { best: PendingInterrupt; bestVirtual: PendingInterrupt } {
    const { words } = this.pe(pe);
    return { best: pendingAt(words, PeWord.best), bestVirtual: pendingAt(words, PeWord.bestVirtualLpi) };
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
