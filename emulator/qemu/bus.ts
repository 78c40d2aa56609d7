import { defaultBases } from "../../architecture/index.ts";
import type { MemoryMap } from "../machine.ts";
import { OutcomeKind } from "../outcome.ts";
import { toBigInt, type Value64 } from "../value64.ts";
import type { DeviceAccess } from "./dma.ts";
import type { QemuGic } from "./gic.ts";

const FRAME_BYTES = 0x10000;
/** GITS_TRANSLATER from the start of its frame. */
const TRANSLATER = 0x40;
/** Requester of a write to GITS_TRANSLATER that comes over the bus and from no PCI device. */
const BUS_REQUESTER = 0;
/** Redistributors of the `virt` machine that fill its low region go on here (hw/arm/virt.c VIRT_HIGH_GIC_REDIST2). */
const HIGH_REDISTRIBUTORS = 0x40_0000_0000;
const LOW_REDISTRIBUTORS_BYTES = 0xf6_0000;

/** PEs whose frames are in the low region. */
export function lowRedistributors(stride: number): number {
  return Math.floor(LOW_REDISTRIBUTORS_BYTES / stride);
}

/** A device frame, and the place in it. */
type Place =
  | { readonly kind: "gicd"; readonly offset: number }
  | { readonly kind: "gicr"; readonly offset: number; readonly pe: number }
  | { readonly kind: "its" | "translation"; readonly offset: number; readonly its: number };

/**
 * The device frames of the machine. An access is cut into pieces that are aligned and that the device takes, as QEMU's memory core
 * does it; a device that is busy with an access answers no second one, which matters when its tables lie in its own frames.
 */
export class QemuBus implements DeviceAccess {
  private readonly gic: QemuGic;
  private readonly map: MemoryMap;
  private readonly value: Value64 = { lo: 0, hi: 0 };
  private gicBusy = false;
  private readonly itsBusy: boolean[];

  constructor(gic: QemuGic, map: MemoryMap) {
    this.gic = gic;
    this.map = map;
    this.itsBusy = map.its.map(() => false);
    gic.dma.device = this;
  }

  private find(address: number): Place | undefined {
    const { map, gic } = this;
    if (address >= map.gicd && address < map.gicd + defaultBases.gicdBytes) {
      return { kind: "gicd", offset: address - map.gicd };
    }
    for (const [its, base] of map.its.entries()) {
      const offset = address - base;
      if (offset >= 0 && offset < FRAME_BYTES) return { kind: "its", offset, its };
      if (offset >= FRAME_BYTES && offset < 2 * FRAME_BYTES) {
        return { kind: "translation", offset: offset - FRAME_BYTES, its };
      }
    }
    const low = lowRedistributors(map.gicrStride);
    const isHigh = address >= HIGH_REDISTRIBUTORS;
    const from = isHigh ? address - HIGH_REDISTRIBUTORS : address - map.gicr;
    const pe = Math.floor(from / map.gicrStride) + (isHigh ? low : 0);
    if (from < 0 || pe >= gic.redistributors.length) return undefined;
    return { kind: "gicr", offset: from % map.gicrStride, pe };
  }

  /** Whether a device frame is there. */
  isDevice(address: number): boolean {
    return this.find(address) !== undefined;
  }

  /** @returns undefined when the device refuses an access of this width */
  load(address: number, bytes: number, secure: boolean): bigint | undefined {
    let value = 0n;
    for (let done = 0; done < bytes; ) {
      const place = this.find(address + done);
      const piece = place === undefined ? 0 : pieceBytes(place, address + done, bytes - done);
      if (place === undefined || piece === 0 || !this.readPiece(place, piece, secure)) return undefined;
      value |= toBigInt(this.value.lo, this.value.hi) << BigInt(done * 8);
      done += piece;
    }
    return value;
  }

  /** @returns false when the device refuses an access of this width, or answers it with an error */
  store(address: number, bytes: number, secure: boolean, value: bigint): boolean {
    for (let done = 0; done < bytes; ) {
      const place = this.find(address + done);
      const piece = place === undefined ? 0 : pieceBytes(place, address + done, bytes - done);
      if (place === undefined || piece === 0) return false;
      const part = BigInt.asUintN(piece * 8, value >> BigInt(done * 8));
      if (!this.writePiece(place, piece, secure, Number(part & 0xffff_ffffn), Number(part >> 32n))) return false;
      done += piece;
    }
    return true;
  }

  private readPiece(place: Place, bytes: number, secure: boolean): boolean {
    const { gic, value } = this;
    return this.guarded(place, () => {
      if (place.kind === "gicd") gic.distributorRegisters.read(place.offset, bytes, secure, value);
      else if (place.kind === "gicr") {
        gic.redistributorRegisters.read(gic.redistributors[place.pe], place.offset, bytes, secure, value);
      } else if (place.kind === "its") gic.itss[place.its].registers.read(place.offset, bytes, value);
      else {
        value.lo = 0;
        value.hi = 0;
      }
      return true;
    });
  }

  private writePiece(place: Place, bytes: number, secure: boolean, lo: number, hi: number): boolean {
    const { gic } = this;
    return this.guarded(place, () => {
      if (place.kind === "gicd") gic.distributorRegisters.write(place.offset, bytes, secure, lo, hi);
      else if (place.kind === "gicr") {
        gic.redistributorRegisters.write(gic.redistributors[place.pe], place.offset, bytes, secure, lo, hi);
      } else if (place.kind === "its") gic.itss[place.its].registers.write(place.offset, bytes, lo, hi);
      else if (place.offset === TRANSLATER) return !isStall(gic.itss[place.its].translate(BUS_REQUESTER, lo));
      return true;
    });
  }

  /** Runs an access unless its device is busy with another (QEMU's mem_reentrancy_guard, since 7.2.3). @returns false when it is */
  guarded(place: { readonly kind: Place["kind"]; readonly its?: number }, access: () => boolean): boolean {
    if (place.its === undefined) {
      if (this.gicBusy) return false;
      this.gicBusy = true;
      try {
        return access();
      } finally {
        this.gicBusy = false;
      }
    }
    if (this.itsBusy[place.its]) return false;
    this.itsBusy[place.its] = true;
    try {
      const done = access();
      this.gic.memory.pace.within((rest) => {
        this.guarded(place, () => {
          rest();
          return true;
        });
      });
      return done;
    } finally {
      this.itsBusy[place.its] = false;
    }
  }

  /** A table's or command's read from a device frame. It is not cut into pieces as a PE's is (address_space_ldq). */
  read(address: number, bytes: 4 | 8): boolean {
    const { memory } = this.gic;
    const value = this.takesWhole(address, bytes) ? this.load(address, bytes, false) : undefined;
    memory.lo = Number((value ?? 0n) & 0xffff_ffffn);
    memory.hi = Number((value ?? 0n) >> 32n);
    return value !== undefined;
  }

  write(address: number, bytes: 4 | 8, lo: number, hi: number): boolean {
    return this.takesWhole(address, bytes) && this.store(address, bytes, false, toBigInt(lo, bytes === 8 ? hi : 0));
  }

  /** Whether a device frame takes the access in one piece: it is aligned, and no wider than the device allows. */
  private takesWhole(address: number, bytes: number): boolean {
    const place = this.find(address);
    return place !== undefined && pieceBytes(place, address, bytes) === bytes;
  }
}

function isStall(outcome: number): boolean {
  return outcome >>> 24 === OutcomeKind.stalled;
}

/** Bytes of the next piece of an access; 0 when the device takes none so small. Translation frames take 2 and 4, ITS registers 4 and 8. */
function pieceBytes(place: Place, address: number, left: number): number {
  const least = { gicd: 1, gicr: 1, its: 4, translation: 2 }[place.kind];
  const most = place.kind === "translation" ? 4 : 8;
  let bytes = 1;
  while (bytes * 2 <= Math.min(left, most) && address % (bytes * 2) === 0) bytes *= 2;
  return bytes < least ? 0 : bytes;
}
