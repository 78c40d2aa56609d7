import type { RamWindow } from "../memory/ram-window.ts";
import { Kind } from "./its-errors.ts";
import type { QemuItsState } from "./its-state.ts";
import { ABSENT, FAULT, type ItsTable } from "./its-tables.ts";
import type { EntryKind, EntryObserver } from "./observer.ts";
import {
  CTE_VALID,
  cteTargetOf,
  DTE_BYTES,
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
/** The entry is in a level-2 page that does not exist, which is told as a fault; the command fails, and the queue goes on. */
export const NO_PAGE = -3;

/** Words of a DTE, CTE and VTE. */
const ENTRY_WORDS = DTE_BYTES / 4;

/** What a lookup came to: {@link FOUND}, {@link UNREADABLE}, {@link NO_PE}, {@link NO_PAGE}, or the EE of an error code. */
export type Found = number;

/**
 * Entries of an ITS's tables, read from guest memory at each call; nothing is kept from one to the next.
 * The fields hold what the last successful lookup of their kind read.
 */
export class ItsLookup {
  /** DTE: its words, and the Size field (EventID bits minus one). */
  dteLow = 0;
  dteHigh = 0;
  eventSize = 0;
  /** ITE: its three words. */
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
  /** Place of the ITE located last: an index in the words of its window or, where it is not in RAM, the address. */
  private iteWindow: RamWindow | undefined;
  private iteIndex = 0;
  private iteAddress = 0;
  private readonly its: QemuItsState;

  constructor(its: QemuItsState) {
    this.its = its;
  }

  /** ITT of the device found last, in bytes. */
  private get ittAddress(): number {
    return dteIttAddress(this.dteLow, this.dteHigh);
  }

  /** The DTE of a device (arm_gicv3_its.c get_dte). */
  device(deviceId: number): Found {
    const { devices } = this.its;
    if (deviceId >= devices.entries) return Kind.device;
    const { words, firstWord, wordCount } = devices.range;
    if (wordCount > 0) {
      this.dteLow = words[firstWord + deviceId * ENTRY_WORDS];
      this.dteHigh = words[firstWord + deviceId * ENTRY_WORDS + 1];
    } else {
      const found = this.deviceElsewhere(deviceId);
      if (found !== FOUND) return found;
    }
    this.observer?.entryRead("device", deviceId, 0, this.dteLow, this.dteHigh, 0);
    if ((this.dteLow & DTE_VALID) === 0) return Kind.unmappedDevice;
    this.eventSize = dteSizeOf(this.dteLow);
    return FOUND;
  }

  private deviceElsewhere(deviceId: number): Found {
    const { devices, dma } = this.its;
    const address = devices.address(deviceId);
    if (address === ABSENT) return this.absent("device", deviceId, Kind.unmappedDevice);
    if (address === FAULT || !dma.read64(address)) return this.unreadable("device", deviceId);
    this.dteLow = dma.memory.lo;
    this.dteHigh = dma.memory.hi;
    return FOUND;
  }

  /** Whether an EventID is within the device that was found last. */
  hasEvent(eventId: number): boolean {
    return this.eventSize === 31 || eventId < (2 << this.eventSize) >>> 0;
  }

  /** Finds the place of an event's ITE, by the device found last. QEMU multiplies in 32 bits. */
  locate(eventId: number): void {
    this.eventId = eventId;
    const address = dteIttAddress(this.dteLow, this.dteHigh) + (Math.imul(eventId, ITE_BYTES) >>> 0);
    const window = this.its.dma.memory.window(address, ITE_BYTES);
    this.iteWindow = window;
    if (window === undefined) this.iteAddress = address;
    else this.iteIndex = (address - window.base) >>> 2;
  }

  /** The valid ITE of an event, with all checks on the way (lookup_ite). */
  event(deviceId: number, eventId: number): Found {
    const found = this.device(deviceId);
    if (found !== FOUND) return found;
    if (!this.hasEvent(eventId)) return Kind.event;
    this.locate(eventId);
    const { iteWindow, iteIndex: at } = this;
    if (iteWindow === undefined) {
      if (!this.readIteElsewhere()) return this.unreadable("event", eventId);
    } else {
      const { words } = iteWindow.bank;
      this.iteLow = words[at];
      this.iteHigh = words[at + 1];
      this.iteTop = words[at + 2];
    }
    if (this.observer !== undefined) {
      this.observer.entryRead("event", eventId, this.ittAddress, this.iteLow, this.iteHigh, this.iteTop);
    }
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

  /** Writes the ITE located last. @returns false when it is in no memory */
  writeIte(lo: number, hi: number, top: number): boolean {
    if (this.observer !== undefined) {
      this.observer.entryWritten("event", this.eventId, this.ittAddress, lo, hi, top);
    }
    const { dma } = this.its;
    const { iteWindow: window, iteIndex: at } = this;
    if (window === undefined) return dma.write64(this.iteAddress, lo, hi) && dma.write32(this.iteAddress + 8, top);
    dma.memory.setThreeWords(window, at, lo, hi, top);
    return true;
  }

  /** The valid CTE of a collection whose PE exists (lookup_cte). */
  collection(icid: number): Found {
    const { collections, dma, cpus } = this.its;
    if (icid >= collections.entries) return Kind.collection;
    const { words, firstWord, wordCount } = collections.range;
    let lo = 0;
    let hi = 0;
    if (wordCount > 0) {
      lo = words[firstWord + icid * ENTRY_WORDS];
      hi = words[firstWord + icid * ENTRY_WORDS + 1];
    } else {
      const address = collections.address(icid);
      if (address === ABSENT) return this.absent("collection", icid, Kind.unmappedCollection);
      if (address === FAULT || !dma.read64(address)) return this.unreadable("collection", icid);
      lo = dma.memory.lo;
      hi = dma.memory.hi;
    }
    this.observer?.entryRead("collection", icid, 0, lo, hi, 0);
    if ((lo & CTE_VALID) === 0) return Kind.unmappedCollection;
    this.target = cteTargetOf(lo);
    return this.target < cpus ? FOUND : NO_PE;
  }

  /** The valid VTE of a vPE whose PE exists (lookup_vte). Errors: {@link VPE_OUT_OF_RANGE}, {@link VPE_UNMAPPED}. */
  vpe(vpeId: number): Found {
    const { vpes, dma, cpus, decisions } = this.its;
    if (vpeId >= vpes.entries) return VPE_OUT_OF_RANGE;
    const address = vpes.address(vpeId);
    if (address === ABSENT && decisions.absentVpePage === "fault") {
      this.unreadable("vpe", vpeId);
      return NO_PAGE;
    }
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
    const { memory } = this.its.dma;
    const { window, firstWord } = table.range;
    if (window !== undefined) {
      memory.setWord(window, firstWord + index * ENTRY_WORDS, lo);
      memory.setWord(window, firstWord + index * ENTRY_WORDS + 1, hi);
      return true;
    }
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
