import { defaultBases, KVM_MSI_VALID_DEVID, type KvmHostName } from "../../../architecture/index.ts";
import { defaultMap } from "../../default-map.ts";
import type { Journal } from "../../journal/journal.ts";
import type {
  AccessBytes,
  CommandEvent,
  ItsTables,
  LpiState,
  Machine,
  MachineOptions,
  MemoryMap,
  QueueState,
} from "../../machine.ts";
import { journalOf, unitOf, watchCommands } from "../../machine-parts.ts";
import type { GuestMemory } from "../../memory/guest-memory.ts";
import type { KvmModel } from "../../models/model.ts";
import type { Outcome } from "../../outcome.ts";
import { Errno } from "../errno.ts";
import { V2_MAX_PES } from "../frames/distributor-v2.ts";
import { type KvmGuest, TRANSLATER_OFFSET } from "../frames/guest.ts";
import { hypervisorRegister } from "../frames/hypervisor-view.ts";
import { REDISTRIBUTOR_BYTES } from "../frames/redistributor-regions.ts";
import { KvmTablesView } from "../its/tables-view.ts";
import { createDevices, firstRuns, placeItss } from "./boot.ts";
import { lineOf } from "./ioctls.ts";
import { KvmVmm } from "./vmm.ts";

/** More bits of intermediate physical address than any map needs. */
const IPA_BITS = 52;

/** A running guest of a KVM model, as machines of every model are seen: whatever is asked of it, its VMM does. */
export class KvmMachine implements Machine {
  readonly model: KvmModel;
  readonly map: MemoryMap;
  readonly layout = "kvm-rev0";
  readonly journal: Journal;
  readonly memory: GuestMemory;
  readonly vmm: KvmVmm;
  readonly host: KvmHostName;
  private commandListener: ((event: CommandEvent) => void) | undefined;
  private readonly views: ItsTables[];

  /**
   * @param started false = the devices are there, but the ITSs have no addresses and no vCPU has run: what a saved machine is restored into
   * @throws RangeError when the options describe no machine that KVM makes
   */
  constructor(model: KvmModel, options: MachineOptions, started = true) {
    this.model = model;
    this.journal = journalOf(options);
    const hostGic = options.gicVersion === 2 ? 2 : 3;
    this.host = options.host ?? "arm";
    const board = defaultMap(options, REDISTRIBUTOR_BYTES);
    if (hostGic === 2 && board.cpus > V2_MAX_PES)
      throw new RangeError(`a machine with GICv2 has ${V2_MAX_PES} PEs at most`);
    this.map = hostGic === 2 ? { ...board.map, gicc: defaultBases.gicc, its: [] } : board.map;
    this.vmm = new KvmVmm({ decisions: model.kvm, journal: this.journal, ipaBits: IPA_BITS, hostGic, host: this.host });
    this.memory = this.guest.memory;
    createDevices(this.vmm, { ...board, map: this.map });
    if (started) {
      placeItss(this.vmm, this.map);
      firstRuns(this.vmm);
    }
    this.views = this.guest.itss.map((its) => new KvmTablesView(its.state));
    this.journal.clear();
  }

  get guest(): KvmGuest {
    return this.vmm.guest;
  }

  get cpus(): number {
    return this.vmm.vcpus.count;
  }

  get onCommand(): ((event: CommandEvent) => void) | undefined {
    return this.commandListener;
  }

  set onCommand(listener: ((event: CommandEvent) => void) | undefined) {
    this.commandListener = listener;
    watchCommands(this.guest.itss, listener);
  }

  proceed(): void {
    this.vmm.proceed();
  }

  read(address: number, bytes: AccessBytes): bigint | undefined {
    return this.readBy(0, address, bytes);
  }

  readBy(pe: number, address: number, bytes: AccessBytes): bigint | undefined {
    return this.vmm.load(pe, address, bytes).value;
  }

  write(address: number, bytes: AccessBytes, value: bigint): boolean {
    return this.writeBy(0, address, bytes, value);
  }

  writeBy(pe: number, address: number, bytes: AccessBytes, value: bigint): boolean {
    const { errno, exit } = this.vmm.store(pe, address, bytes, value);
    return errno === Errno.OK && !exit;
  }

  readSystemRegister(pe: number, name: string): bigint | undefined {
    return this.vmm.readSystemRegister(pe, name).value;
  }

  writeSystemRegister(pe: number, name: string, value: bigint): boolean {
    return this.vmm.writeSystemRegisters(pe, [{ name, value }]).defined;
  }

  readHypervisorRegister(pe: number, name: string): bigint | undefined {
    return this.vmm.vcpus.has(pe) ? hypervisorRegister(this.guest, pe, name) : undefined;
  }

  setLine(intid: number, level: boolean, pe = 0): boolean {
    const irq = this.vmm.vcpus.has(pe) ? lineOf(intid, pe) : undefined;
    return irq !== undefined && this.vmm.irqLine(irq, level) === Errno.OK;
  }

  signalMsi(its: number, deviceId: number, eventId: number): Outcome {
    // An ITS without an address has no doorbell; no frame is at 0 then.
    const address = (unitOf(this.guest.itss, its, "ITS").base ?? 0) + TRANSLATER_OFFSET;
    return this.vmm.signalMsi({ address, devid: deviceId, data: eventId, flags: KVM_MSI_VALID_DEVID }).outcome;
  }

  tables(its: number): ItsTables {
    return unitOf(this.views, its, "ITS");
  }

  queue(its: number): QueueState {
    return unitOf(this.guest.itss, its, "ITS").state.queue;
  }

  lpi(intid: number): LpiState | undefined {
    const record = this.guest.lpis.find(intid);
    return record === 0 ? undefined : this.guest.lpis.state(record);
  }

  forEachPendingLpi(visit: (intid: number, pe: number) => void): void {
    this.guest.lpis.forEachPending(visit);
  }

  lpis(): Iterable<LpiState> {
    const states: LpiState[] = [];
    this.guest.lpis.walk((record) => {
      states.push(this.guest.lpis.state(record));
      return true;
    });
    return states;
  }
}
