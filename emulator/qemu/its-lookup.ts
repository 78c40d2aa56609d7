import { Kind } from "./its-errors.ts";
import type { QemuItsState } from "./its-state.ts";
import { ABSENT, FAULT, type ItsTable } from "./its-tables.ts";
import type { EntryKind, EntryObserver } from "./observer.ts";
import {
  CTE_VALID,
  cteTargetOf,
  DTE_VALID,
  dteIttAddress,
  dteSizeOf,
  ITE_BYTES,
  ITE_VALID,
  VTE_VALID,
  vteSizeOf,
  vteTableAddress,
  vteTargetOf,
} from "./table-layout.ts";

/** Found, and in the fields of {@link ItsLookup}. */
export const FOUND = 0;
/** A table or entry is in no memory. */
export const UNREADABLE = -1;
/** The entry names a PE that does not exist; QEMU says nothing about it. */
export const NO_PE = -2;

/** What a lookup came to: {@link FOUND}, {@link UNREADABLE}, {@link NO_PE}, or the EE of an error code. */
export type Found = number;

/**
 * Entries of an ITS's tables, read from guest memory at each call; nothing is kept from one to the next.
 * The fields hold what the last successful lookup of their kind read.
 */
export class ItsLookup {
  /** DTE: ITT address in bytes, Size field (EventID bits minus one). */
  ittAddress = 0;
  eventSize = 0;
  /** ITE: its address and its three words. */
  iteAddress = 0;
  iteLow = 0;
  iteHigh = 0;
  iteTop = 0;
  /** CTE: PE number. */
  target = 0;
  /** VTE: words, PE number, VPT_size field (vINTID bits minus one), address of the pending table in bytes. */
  vteLow = 0;
  vteHigh = 0;
  vpeTarget = 0;
  vpeSize = 0;
  vpeTable = 0;

  /** Told of each entry that is read and written. */
  observer: EntryObserver | undefined;
  private eventId = 0;
  private readonly its: QemuItsState;

  constructor(its: QemuItsState) {
    this.its = its;
  }

  /** The DTE of a device (arm_gicv3_its.c get_dte). */
  device(deviceId: number): Found {
    const { devices, dma } = this.its;
    if (deviceId >= devices.entries) return Kind.device;
    const address = devices.address(deviceId);
    if (address === ABSENT) return this.absent("device", deviceId, Kind.unmappedDevice);
    if (address === FAULT || !dma.read64(address)) return this.unreadable("device", deviceId);
    const { lo, hi } = dma.memory;
    this.observer?.entryRead("device", deviceId, 0, lo, hi, 0);
    if ((lo & DTE_VALID) === 0) return Kind.unmappedDevice;
    this.eventSize = dteSizeOf(lo);
    this.ittAddress = dteIttAddress(lo, hi);
    return FOUND;
  }

  /** Whether an EventID is within the device that was found last. */
  hasEvent(eventId: number): boolean {
    return this.eventSize === 31 || eventId < (2 << this.eventSize) >>> 0;
  }

  /** Points {@link iteAddress} at an event of the device found last. QEMU multiplies in 32 bits. */
  locate(eventId: number): void {
    this.eventId = eventId;
    this.iteAddress = this.ittAddress + (Math.imul(eventId, ITE_BYTES) >>> 0);
  }

  /** The valid ITE of an event, with all checks on the way (lookup_ite). */
  event(deviceId: number, eventId: number): Found {
    const found = this.device(deviceId);
    if (found !== FOUND) return found;
    if (!this.hasEvent(eventId)) return Kind.event;
    this.locate(eventId);
    const { memory } = this.its.dma;
    const window = memory.window(this.iteAddress, ITE_BYTES);
    if (window === undefined) {
      if (!this.readIteElsewhere()) return this.unreadable("event", eventId);
    } else {
      const { words } = window.bank;
      const at = (this.iteAddress - window.base) >>> 2;
      this.iteLow = words[at];
      this.iteHigh = words[at + 1];
      this.iteTop = words[at + 2];
    }
    this.observer?.entryRead("event", eventId, this.ittAddress, this.iteLow, this.iteHigh, this.iteTop);
    return (this.iteLow & ITE_VALID) === 0 ? Kind.unmappedEvent : FOUND;
  }

  private absent(kind: EntryKind, id: number, found: Found): Found {
    this.observer?.entryMissing(kind, id, 0, false);
    return found;
  }

  private unreadable(kind: EntryKind, id: number): Found {
    this.observer?.entryMissing(kind, id, kind === "event" ? this.ittAddress : 0, true);
    return UNREADABLE;
  }

  private readIteElsewhere(): boolean {
    const { dma } = this.its;
    if (!dma.read64(this.iteAddress)) return false;
    this.iteLow = dma.memory.lo;
    this.iteHigh = dma.memory.hi;
    if (!dma.read32(this.iteAddress + 8)) return false;
    this.iteTop = dma.memory.lo;
    return true;
  }

  /** Writes the ITE at {@link iteAddress}. @returns false when it is in no memory */
  writeIte(lo: number, hi: number, top: number): boolean {
    this.observer?.entryWritten("event", this.eventId, this.ittAddress, lo, hi, top);
    const { dma } = this.its;
    const { memory } = dma;
    const window = memory.window(this.iteAddress, ITE_BYTES);
    if (window === undefined) return dma.write64(this.iteAddress, lo, hi) && dma.write32(this.iteAddress + 8, top);
    const at = (this.iteAddress - window.base) >>> 2;
    memory.setWord(window, at, lo);
    memory.setWord(window, at + 1, hi);
    memory.setWord(window, at + 2, top);
    return true;
  }

  /** The valid CTE of a collection whose PE exists (lookup_cte). */
  collection(icid: number): Found {
    const { collections, dma, cpus } = this.its;
    if (icid >= collections.entries) return Kind.collection;
    const address = collections.address(icid);
    if (address === ABSENT) return this.absent("collection", icid, Kind.unmappedCollection);
    if (address === FAULT || !dma.read64(address)) return this.unreadable("collection", icid);
    const { lo } = dma.memory;
    this.observer?.entryRead("collection", icid, 0, lo, dma.memory.hi, 0);
    if ((lo & CTE_VALID) === 0) return Kind.unmappedCollection;
    this.target = cteTargetOf(lo);
    return this.target < cpus ? FOUND : NO_PE;
  }

  /** The valid VTE of a vPE whose PE exists (lookup_vte). Errors: {@link VPE_OUT_OF_RANGE}, {@link VPE_UNMAPPED}. */
  vpe(vpeId: number): Found {
    const { vpes, dma, cpus } = this.its;
    if (vpeId >= vpes.entries) return VPE_OUT_OF_RANGE;
    const address = vpes.address(vpeId);
    if (address === ABSENT) return this.absent("vpe", vpeId, VPE_UNMAPPED);
    if (address === FAULT || !dma.read64(address)) return this.unreadable("vpe", vpeId);
    const { lo, hi } = dma.memory;
    this.observer?.entryRead("vpe", vpeId, 0, lo, hi, 0);
    if ((lo & VTE_VALID) === 0) return VPE_UNMAPPED;
    this.vteLow = lo;
    this.vteHigh = hi;
    this.vpeTarget = vteTargetOf(hi);
    this.vpeSize = vteSizeOf(lo);
    this.vpeTable = vteTableAddress(lo, hi);
    return this.vpeTarget < cpus ? FOUND : NO_PE;
  }

  /**
   * Writes an entry of a table. An entry whose level-2 page does not exist is dropped without an error.
   * @returns false when a table is in no memory
   */
  writeEntry(table: ItsTable, index: number, lo: number, hi: number): boolean {
    this.observer?.entryWritten(this.kindOf(table), index, 0, lo, hi, 0);
    const address = table.address(index);
    if (address === ABSENT) return true;
    return address !== FAULT && this.its.dma.write64(address, lo, hi);
  }

  private kindOf(table: ItsTable): EntryKind {
    if (table === this.its.devices) return "device";
    return table === this.its.collections ? "collection" : "vpe";
  }
}

/** EE of "vPEID out of range" and "vPE not mapped". */
export const VPE_OUT_OF_RANGE = 0x11;
export const VPE_UNMAPPED = 0x14;
