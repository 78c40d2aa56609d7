import { defaultBases } from "../../../architecture/index.ts";
import { defaultMap } from "../../default-map.ts";
import type {
  AccessBytes,
  CommandEvent,
  HostInterrupts,
  HostOperations,
  HostResult,
  ItsTables,
  LpiState,
  Machine,
  MachineOptions,
  MemoryMap,
} from "../../machine.ts";
import { journalOf, readRam, unitOf, watchCommands, writeRam } from "../../machine-parts.ts";
import type { GuestMemory } from "../../memory/guest-memory.ts";
import type { KvmModel } from "../../models/model.ts";
import type { Outcome } from "../../outcome.ts";
import type { Journal } from "../../state/journal.ts";
import { highWord, lowWord, toBigInt } from "../../value64.ts";
import { Errno } from "../errno.ts";
import { V2_MAX_PES } from "../frames/distributor-v2.ts";
import { KvmGuest } from "../frames/guest.ts";
import { GuestBus } from "../frames/guest-bus.ts";
import { hypervisorRegister } from "../frames/hypervisor-view.ts";
import { REDISTRIBUTOR_BYTES } from "../frames/redistributor-regions.ts";
import { SystemRegisters } from "../frames/system-registers.ts";
import type { KvmIts } from "../its/its.ts";
import { KvmTablesView } from "../its/tables-view.ts";
import { KvmHostInterrupts } from "./host-interrupts.ts";
import { KvmUserSpace } from "./user-space.ts";

/** SPIs of the machine, as QEMU's `virt` machine asks of KVM. */
const SPIS = 256;
/** More bits of intermediate physical address than any map needs. */
const IPA_BITS = 52;

/** A running guest of a KVM model: the bus over a {@link KvmGuest}, and the host's operations beside it. */
export class KvmMachine implements Machine {
  readonly model: KvmModel;
  readonly map: MemoryMap;
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly guest: KvmGuest;
  readonly host: HostOperations;
  readonly userSpace: KvmUserSpace;
  readonly hostInterrupts: HostInterrupts;
  private readonly bus: GuestBus;
  private readonly systemRegisters: SystemRegisters;
  private commandListener: ((event: CommandEvent) => void) | undefined;
  private readonly views: ItsTables[];
  private readonly value = { lo: 0, hi: 0 };

  constructor(model: KvmModel, options: MachineOptions) {
    this.model = model;
    this.journal = journalOf(options);
    const version = options.gicVersion === 2 ? 2 : 3;
    this.guest = new KvmGuest(model.kvm, this.journal, version);
    this.memory = this.guest.memory;
    const { map, ram, cpus } = defaultMap(options, REDISTRIBUTOR_BYTES);
    if (version === 2 && cpus > V2_MAX_PES) throw new RangeError(`a machine with GICv2 has ${V2_MAX_PES} PEs at most`);
    this.map = version === 2 ? { ...map, gicc: defaultBases.gicc, its: [] } : map;
    for (const range of ram) this.memory.addWindow(range.base, range.bytes);
    for (let pe = 0; pe < cpus; pe++) this.guest.addPe();
    for (const base of this.map.its) this.guest.addIts().base = base;
    this.setUp(this.map);
    this.bus = new GuestBus(this.guest);
    this.systemRegisters = new SystemRegisters(this.guest);
    this.views = this.guest.itss.map((its) => new KvmTablesView(its.state));
    this.userSpace = new KvmUserSpace(this.guest);
    this.hostInterrupts = new KvmHostInterrupts(this.guest, () => this.userSpace.kick());
    const stopped = (act: () => HostResult): HostResult =>
      this.userSpace.anyVcpuRunning ? { errno: Errno.EBUSY } : act();
    this.host = {
      saveTables: (its) => stopped(() => resultOf(this.its(its).save())),
      restoreTables: (its) => stopped(() => ({ errno: this.its(its).restore() })),
      savePendingTables: () => stopped(() => ({ errno: this.guest.lpis.savePendingTables() })),
      resetIts: (its) => stopped(() => ({ errno: this.its(its).reset() })),
    };
    this.journal.clear();
  }

  get cpus(): number {
    return this.guest.redistributors.length;
  }

  get onCommand(): ((event: CommandEvent) => void) | undefined {
    return this.commandListener;
  }

  set onCommand(listener: ((event: CommandEvent) => void) | undefined) {
    this.commandListener = listener;
    watchCommands(this.guest.itss, listener);
  }

  private its(index: number): KvmIts {
    return unitOf(this.guest.itss, index, "ITS");
  }

  /** What user space does before the first KVM_RUN. */
  private setUp(map: MemoryMap): void {
    const { guest } = this;
    guest.gic.model = map.gicc === undefined ? 3 : 2;
    guest.gic.spis = SPIS;
    guest.gic.distributorBase = map.gicd;
    if (map.gicc !== undefined) guest.gic.cpuBase = map.gicc;
    const errno = map.gicc === undefined ? guest.regions.set(0, BigInt(map.gicr), 0, IPA_BITS) : Errno.OK;
    guest.initialise();
    if (errno !== Errno.OK || guest.mapFrames(IPA_BITS) !== Errno.OK) {
      throw new RangeError("the distributor and the redistributors of this machine overlap");
    }
  }

  private hasPe(pe: number): boolean {
    return Number.isInteger(pe) && pe >= 0 && pe < this.cpus;
  }

  /** A GICv2 has its CPU interface in a frame, and a guest's ICC_* are undefined then. */
  private hasSystemRegisters(pe: number): boolean {
    return this.hasPe(pe) && this.map.gicc === undefined;
  }

  proceed(): void {
    this.memory.pace.proceed();
    this.kick();
  }

  /** Lets vCPUs in their guests see what has come, once all of it has. */
  private kick(): void {
    if (!this.memory.pace.unfinished) this.userSpace.kick();
  }

  read(address: number, bytes: AccessBytes): bigint | undefined {
    return this.readBy(0, address, bytes);
  }

  readBy(pe: number, address: number, bytes: AccessBytes): bigint | undefined {
    const { value } = this;
    if (this.hasPe(pe) && this.bus.read(pe, address, bytes, value)) return toBigInt(value.lo, value.hi);
    return readRam(this.memory, address, bytes);
  }

  write(address: number, bytes: AccessBytes, value: bigint): boolean {
    return this.writeBy(0, address, bytes, value);
  }

  writeBy(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean {
    if (this.hasPe(pe) && this.bus.write(pe, address, bytes, lowWord(value), highWord(value))) {
      this.kick();
      return true;
    }
    return writeRam(this.memory, address, bytes, value);
  }

  readSystemRegister(pe: number, name: string): bigint | undefined {
    return this.hasSystemRegisters(pe) ? this.systemRegisters.read(pe, name) : undefined;
  }

  writeSystemRegister(pe: number, name: string, value: bigint): boolean {
    const written = this.hasSystemRegisters(pe) && this.systemRegisters.write(pe, [{ name, value }]);
    this.userSpace.kick();
    return written;
  }

  readHypervisorRegister(pe: number, name: string): bigint | undefined {
    return this.hasPe(pe) ? hypervisorRegister(this.guest, pe, name) : undefined;
  }

  setLine(intid: number, level: boolean, pe = 0): boolean {
    const set = this.hasPe(pe) && Number.isInteger(intid) && this.guest.setLine(pe, intid, level) === Errno.OK;
    this.userSpace.kick();
    return set;
  }

  signalMsi(its: number, deviceId: number, eventId: number): Outcome {
    const outcome = this.its(its).translate(deviceId, eventId);
    this.userSpace.kick();
    return outcome;
  }

  tables(its: number): ItsTables {
    return unitOf(this.views, its, "ITS");
  }

  lpi(intid: number): LpiState | undefined {
    const record = this.guest.lpis.find(intid);
    return record === 0 ? undefined : this.guest.lpis.state(record);
  }

  *lpis(): Iterable<LpiState> {
    const states: LpiState[] = [];
    this.guest.lpis.walk((record) => {
      states.push(this.guest.lpis.state(record));
      return true;
    });
    yield* states;
  }
}

function resultOf(result: ReturnType<KvmIts["save"]>): HostResult {
  return result.crash === undefined ? { errno: result.errno } : { errno: Errno.OK, crash: result.crash };
}
