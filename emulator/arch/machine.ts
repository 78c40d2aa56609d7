import {
  defaultBases,
  GITS_TRANSLATION_FRAME,
  GITS_VSGI_FRAME,
  type LayoutName,
  offsetOf,
} from "../../architecture/index.ts";
import { defaultMap } from "../default-map.ts";
import { MemoryGicMachine } from "../gicv3/memory-gic-machine.ts";
import type { Journal } from "../journal/journal.ts";
import {
  type AccessBytes,
  detailsOf,
  type GicDetails,
  type ItsTables,
  type Machine,
  type MachineOptions,
  type MemoryMap,
} from "../machine.ts";
import { journalOf, readRam, unitOf, writeRam } from "../machine-parts.ts";
import type { ArchModel } from "../models/model.ts";
import type { Outcome } from "../outcome.ts";
import type { Remark } from "../remarks.ts";
import { highWord, lowWord, toBigInt, type Value64 } from "../value64.ts";
import { featuresOf } from "./features.ts";
import { ArchGic } from "./gic.ts";
import type { ArchIts } from "./its.ts";
import { ArchTablesView } from "./tables-view.ts";
import type { VirtualInterrupt } from "./virtual-delivery.ts";

const FRAME_BYTES = 0x10000;
const TRANSLATER = offsetOf("GITS_TRANSLATER");
const SGIR = offsetOf("GITS_SGIR");
/** DeviceID of a write to GITS_TRANSLATER that comes from a PE, which has none. */
const NO_DEVICE = 0;
/** The ITS with three frames that ends where the redistributors begin. */
const ITS_WITH_VSGI_FRAME = defaultBases.gicr - 3 * FRAME_BYTES;

/** A machine whose GIC is the strict reading of the architecture, with tables in guest memory. */
export class ArchMachine extends MemoryGicMachine<ArchGic> implements Machine {
  readonly model: ArchModel;
  readonly map: MemoryMap;
  readonly layout: LayoutName;
  /** What it has otherwise than its model. */
  readonly details: GicDetails;
  readonly journal: Journal;
  readonly gic: ArchGic;
  private readonly itsBytes: number;
  protected readonly views: readonly ItsTables[];
  private readonly value: Value64 = { lo: 0, hi: 0 };

  /** @throws RangeError when the options describe no machine */
  constructor(model: ArchModel, options: MachineOptions) {
    super();
    this.model = model;
    this.journal = journalOf(options);
    this.details = detailsOf(options);
    checkDetails(this.details);
    const features = featuresOf(model.arch, options);
    this.layout = features.layout;
    this.itsBytes = (features.virtual41 ? GITS_VSGI_FRAME : GITS_TRANSLATION_FRAME) + FRAME_BYTES;
    const stride = features.virtual ? defaultBases.gicrStrideV4 : defaultBases.gicrStride;
    const its = options.its ?? (features.virtual41 ? [ITS_WITH_VSGI_FRAME] : undefined);
    const { map, ram, cpus } = defaultMap({ ...options, its }, stride);
    this.map = map;
    checkFrames(map, this.itsBytes, cpus);
    this.gic = new ArchGic(this.journal, model.arch, features, {
      cpus,
      itss: map.its.length,
      secure: options.secure ?? false,
      ...this.details,
    });
    for (const range of ram) this.memory.addWindow(range.base, range.bytes);
    this.views = this.gic.itss.map((unit) => new ArchTablesView(unit.state));
    this.journal.clear();
  }

  get onRemark(): ((remark: Remark) => void) | undefined {
    return this.gic.remarks.listener;
  }

  set onRemark(listener: ((remark: Remark) => void) | undefined) {
    this.gic.remarks.listener = listener;
  }

  /** An access that is not aligned to its size reaches no register: it reads as 0. @param secure whether the access is Secure */
  read(address: number, bytes: AccessBytes, secure = false): bigint | undefined {
    const { value } = this;
    if (!this.readDevice(address, bytes, secure)) return readRam(this.memory, address, bytes);
    return BigInt.asUintN(bytes * 8, toBigInt(value.lo, value.hi));
  }

  /** @returns whether a frame of the GIC is there; its answer is in {@link value} */
  private readDevice(address: number, bytes: AccessBytes, secure: boolean): boolean {
    const { map, gic, value } = this;
    value.lo = 0;
    value.hi = 0;
    const aligned = address % bytes === 0;
    const offset = address - map.gicd;
    if (offset >= 0 && offset < defaultBases.gicdBytes) {
      if (aligned) gic.distributorRegisters.read(offset, bytes, secure, value);
      return true;
    }
    for (const [index, base] of map.its.entries()) {
      const from = address - base;
      if (from < 0 || from >= this.itsBytes) continue;
      if (aligned && from < FRAME_BYTES) gic.itss[index].registers.read(from, bytes, value);
      return true;
    }
    const pe = this.redistributorAt(address);
    if (pe < 0) return false;
    const at = (address - map.gicr) % map.gicrStride;
    if (aligned) gic.frames.read(gic.redistributors[pe], at, bytes, secure, value);
    return true;
  }

  private redistributorAt(address: number): number {
    const { gicr, gicrStride } = this.map;
    return address < gicr || address >= gicr + gicrStride * this.cpus ? -1 : Math.floor((address - gicr) / gicrStride);
  }

  /** @param secure whether the access is Secure */
  write(address: number, bytes: AccessBytes, value: bigint, secure = false): boolean {
    if (this.writeDevice(address, bytes, lowWord(value), highWord(value), secure)) return true;
    return writeRam(this.memory, address, bytes, value);
  }

  private writeDevice(address: number, bytes: AccessBytes, lo: number, hi: number, secure: boolean): boolean {
    const { map, gic } = this;
    const aligned = address % bytes === 0;
    const offset = address - map.gicd;
    if (offset >= 0 && offset < defaultBases.gicdBytes) {
      if (aligned) gic.distributorRegisters.write(offset, bytes, secure, lo, hi);
      return true;
    }
    for (const [index, base] of map.its.entries()) {
      const from = address - base;
      if (from < 0 || from >= this.itsBytes) continue;
      if (aligned) this.writeIts(gic.itss[index], from, bytes, lo, hi);
      return true;
    }
    const pe = this.redistributorAt(address);
    if (pe < 0) return false;
    const at = (address - map.gicr) % map.gicrStride;
    if (aligned) gic.frames.write(gic.redistributors[pe], at, bytes, secure, lo, hi);
    return true;
  }

  private writeIts(its: ArchIts, offset: number, bytes: AccessBytes, lo: number, hi: number): void {
    if (offset < FRAME_BYTES) its.registers.write(offset, bytes, lo, hi);
    else if (offset === TRANSLATER && (bytes === 2 || bytes === 4))
      its.translate(NO_DEVICE, bytes === 2 ? lo & 0xffff : lo);
    else if (offset === SGIR && bytes === 8) its.sendVirtualSgi(hi & 0xffff, lo & 0xf);
  }

  signalMsi(its: number, deviceId: number, eventId: number): Outcome {
    return unitOf(this.gic.itss, its, "ITS").translate(deviceId, eventId);
  }

  /**
   * The virtual interrupt that a PE's virtual CPU interface would be given from its resident vPE.
   * @param groups which groups are enabled: bit 0 = Group 0, bit 1 = Group 1
   */
  virtualInterrupt(pe: number, groups = 3): VirtualInterrupt | undefined {
    const { virtual } = this.gic;
    const at = virtual?.interfaces[this.pe(pe).pe];
    return at === undefined ? undefined : virtual?.highest(at, groups);
  }
}

/** @throws RangeError for what no machine of this model has */
function checkDetails({ spis = 32, intidBits = 16, priorityBits = 5 }: GicDetails): void {
  if (!(spis >= 32 && spis <= 960 && spis % 32 === 0)) throw new RangeError("spis is 32 to 960, a multiple of 32");
  if (!(intidBits >= 14 && intidBits <= 24)) throw new RangeError("intidBits is 14 to 24");
  if (!(priorityBits >= 4 && priorityBits <= 8)) throw new RangeError("priorityBits is 4 to 8");
}

/** @throws RangeError when two frames of the GIC overlap */
function checkFrames(map: MemoryMap, itsBytes: number, cpus: number): void {
  const frames = [
    { name: "the distributor", base: map.gicd, bytes: defaultBases.gicdBytes },
    { name: "the redistributors", base: map.gicr, bytes: map.gicrStride * cpus },
    ...map.its.map((base, index) => ({ name: `ITS ${index}`, base, bytes: itsBytes })),
  ].sort((a, b) => a.base - b.base);
  for (let next = 1; next < frames.length; next++) {
    const before = frames[next - 1];
    if (before.base + before.bytes > frames[next].base) {
      throw new RangeError(`${before.name} and ${frames[next].name} overlap at 0x${frames[next].base.toString(16)}`);
    }
  }
}
