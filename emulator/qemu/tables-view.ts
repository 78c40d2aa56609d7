import { MemoryTablesView, virtualTarget } from "../gicv3/memory-tables-view.ts";
import type { CollectionState, DeviceState, EventState, VpeState } from "../machine.ts";
import type { QemuItsState } from "./its-state.ts";
import type { ItsTable } from "./its-tables.ts";
import {
  CTE_VALID,
  cteTargetOf,
  DTE_VALID,
  dteIttAddress,
  dteSizeOf,
  ITE_BYTES,
  ITE_PHYSICAL,
  ITE_VALID,
  iteDoorbellOf,
  iteIcidOf,
  iteIntidOf,
  iteVpeOf,
  VTE_VALID,
  vteSizeOf,
  vteTableAddress,
  vteTargetOf,
} from "./table-layout.ts";

/** The tables of an ITS as tools see them: read from guest memory, valid entries only. */
export class QemuTablesView extends MemoryTablesView {
  private readonly its: QemuItsState;

  constructor(its: QemuItsState) {
    super(its.dma.memory, "qemu");
    this.its = its;
  }

  /** Reads an entry into `memory.lo`, `memory.hi`. @returns whether it is in RAM */
  private read(table: ItsTable, index: number): boolean {
    if (index >= table.entries) return false;
    const address = table.address(index);
    return address >= 0 && this.memory.read64(address);
  }

  protected get deviceEntries(): number {
    return this.its.devices.entries;
  }

  device(deviceId: number): DeviceState | undefined {
    if (!this.read(this.its.devices, deviceId)) return undefined;
    const { lo, hi } = this.memory;
    if ((lo & DTE_VALID) === 0) return undefined;
    return { deviceId, ittAddress: dteIttAddress(lo, hi), eventBits: dteSizeOf(lo) + 1 };
  }

  protected deviceAddress(deviceId: number): number {
    return this.its.devices.address(deviceId);
  }

  protected collectionAddress(icid: number): number {
    return this.its.collections.address(icid);
  }

  protected vpeAddress(vpeId: number): number {
    return this.its.vpes.address(vpeId);
  }

  *vpes(): Iterable<VpeState> {
    for (let vpeId = 0; vpeId < this.its.vpes.entries; vpeId++) {
      const state = this.vpe(vpeId);
      if (state !== undefined) yield state;
    }
  }

  vpe(vpeId: number): VpeState | undefined {
    if (!this.its.virtual || !this.read(this.its.vpes, vpeId)) return undefined;
    const { lo, hi } = this.memory;
    if ((lo & VTE_VALID) === 0) return undefined;
    return {
      vpeId,
      target: vteTargetOf(hi),
      pendingTable: vteTableAddress(lo, hi),
      intidBits: vteSizeOf(lo) + 1,
    };
  }

  protected eventAddress(device: DeviceState, eventId: number): number {
    return device.ittAddress + (Math.imul(eventId, ITE_BYTES) >>> 0);
  }

  protected eventAt(device: DeviceState, eventId: number): EventState | undefined {
    const { memory } = this;
    const address = this.eventAddress(device, eventId);
    if (!memory.read64(address)) return undefined;
    const { lo, hi } = memory;
    if ((lo & ITE_VALID) === 0) return undefined;
    const intid = iteIntidOf(lo);
    if ((lo & ITE_PHYSICAL) !== 0) return { eventId, intid, icid: iteIcidOf(hi) };
    const top = memory.read32(address + 8);
    if (top < 0) return undefined;
    return { eventId, intid, icid: undefined, virtual: virtualTarget(iteVpeOf(hi), iteDoorbellOf(top)) };
  }

  *collections(): Iterable<CollectionState> {
    for (let icid = 0; icid < this.its.collections.entries; icid++) {
      const state = this.collection(icid);
      if (state !== undefined) yield state;
    }
  }

  collection(icid: number): CollectionState | undefined {
    if (!this.read(this.its.collections, icid) || (this.memory.lo & CTE_VALID) === 0) return undefined;
    return { icid, target: cteTargetOf(this.memory.lo) };
  }
}
