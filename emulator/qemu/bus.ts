import { defaultBases } from "../../architecture/index.ts";
import type { OutsideRange } from "../gicv3/lpi-memory.ts";
import type { MemoryMap } from "../machine.ts";
import { readRam, writeRam } from "../machine-parts.ts";
import { OutcomeKind } from "../outcome.ts";
import { highWord, lowWord, toBigInt, type Value64 } from "../value64.ts";
import type { DeviceAccess } from "./dma.ts";
import type { QemuGic } from "./gic.ts";
import { HIGH_REDISTRIBUTORS, lowRedistributors } from "./virt-board.ts";

const FRAME_BYTES = 0x10000;
/** GITS_TRANSLATER from the start of its frame. */
const TRANSLATER = 0x40;
/** Requester of a write to GITS_TRANSLATER that comes over the bus and from no PCI device. */
const BUS_REQUESTER = 0;

/** A device frame, and the place in it. */
type Place =
  | { readonly kind: "gicd"; readonly offset: number }
  | { readonly kind: "gicr"; readonly offset: number; readonly pe: number }
  | { readonly kind: "its" | "translation"; readonly offset: number; readonly its: number };

/**
 * The device frames of the machine, and what lies around them. An access is cut into aligned pieces, each of which what is there takes or
 * refuses, as QEMU's memory core does it (softmmu/physmem.c flatview_read_continue, flatview_write_continue); a device that is busy with an
 * access answers no second one, which matters when its tables lie in its own frames.
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
    gic.dma.connect(this);
  }

  /** The distributor's frame and those of the redistributors. The ITSs' take no bytes. */
  get byteFrames(): readonly OutsideRange[] {
    const { map } = this;
    const pes = this.gic.redistributors.length;
    const low = Math.min(pes, lowRedistributors(map.gicrStride));
    return [
      { base: map.gicd, bytes: defaultBases.gicdBytes, ones: false },
      { base: map.gicr, bytes: low * map.gicrStride, ones: false },
      { base: HIGH_REDISTRIBUTORS, bytes: (pes - low) * map.gicrStride, ones: false },
    ];
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

  /**
   * An access of a PE wherever it is. What a piece cannot have reads as zero, and the next piece is read nevertheless.
   * @returns undefined when nothing takes any piece of it
   */
  load(address: number, bytes: number, secure: boolean): bigint | undefined {
    let value = 0n;
    let answered = false;
    for (let done = 0; done < bytes; ) {
      const at = address + done;
      const place = this.find(at);
      const piece = pieceBytes(place, at, bytes - done);
      const part = this.loadPiece(place, at, piece, secure);
      if (part !== undefined) {
        value |= part << BigInt(done * 8);
        answered = true;
      }
      done += piece;
    }
    return answered ? value : undefined;
  }

  /**
   * As {@link load}: a piece that is refused keeps no other one from being written.
   * @returns false when any piece is refused, or answered with an error
   */
  store(address: number, bytes: number, secure: boolean, value: bigint): boolean {
    let taken = true;
    for (let done = 0; done < bytes; ) {
      const at = address + done;
      const place = this.find(at);
      const piece = pieceBytes(place, at, bytes - done);
      const part = piece === bytes ? value : BigInt.asUintN(piece * 8, value >> BigInt(done * 8));
      if (!this.storePiece(place, at, piece, secure, part)) taken = false;
      done += piece;
    }
    return taken;
  }

  private loadPiece(place: Place | undefined, address: number, bytes: PieceBytes, secure: boolean): bigint | undefined {
    if (place === undefined) {
      const { memory, dma } = this.gic;
      const value = readRam(memory, address, bytes);
      if (value !== undefined || !dma.board.read(address, bytes, this.value)) return value;
      return toBigInt(this.value.lo, this.value.hi);
    }
    if (bytes < least(place) || !this.readPiece(place, bytes, secure)) return undefined;
    return toBigInt(this.value.lo, this.value.hi);
  }

  private storePiece(
    place: Place | undefined,
    address: number,
    bytes: PieceBytes,
    secure: boolean,
    value: bigint,
  ): boolean {
    if (place === undefined) {
      const { memory, dma } = this.gic;
      return writeRam(memory, address, bytes, value) || dma.board.takes(address, bytes);
    }
    if (bytes < least(place)) return false;
    return this.writePiece(place, bytes, secure, lowWord(value), highWord(value));
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
  read(address: number, bytes: 1 | 4 | 8): boolean {
    const { memory } = this.gic;
    const place = this.wholeAt(address, bytes);
    const value = place && this.loadPiece(place, address, bytes, false);
    memory.lo = lowWord(value ?? 0n);
    memory.hi = highWord(value ?? 0n);
    return value !== undefined;
  }

  write(address: number, bytes: 1 | 4 | 8, lo: number, hi: number): boolean {
    const place = this.wholeAt(address, bytes);
    return place !== undefined && this.storePiece(place, address, bytes, false, toBigInt(lo, bytes === 8 ? hi : 0));
  }

  /** The frame that takes the access in one piece: it is aligned, and no wider than the device allows. */
  private wholeAt(address: number, bytes: number): Place | undefined {
    const place = this.find(address);
    return place !== undefined && pieceBytes(place, address, bytes) === bytes ? place : undefined;
  }
}

function isStall(outcome: number): boolean {
  return outcome >>> 24 === OutcomeKind.stalled;
}

type PieceBytes = 1 | 2 | 4 | 8;

/**
 * Bytes of the next piece of an access: aligned, and no more than what is there takes (softmmu/physmem.c memory_access_size). Frames and
 * RAM are aligned too, so that no piece reaches over the end of one.
 */
function pieceBytes(place: Place | undefined, address: number, left: number): PieceBytes {
  const most = place?.kind === "translation" ? 4 : 8;
  for (const bytes of [8, 4, 2] as const) if (bytes <= Math.min(left, most) && address % bytes === 0) return bytes;
  return 1;
}

/** Bytes of the smallest piece that a device does not refuse (`valid.min_access_size` of its memory region). */
function least(place: Place): number {
  return LEAST_BYTES[place.kind];
}

const LEAST_BYTES = { gicd: 1, gicr: 1, its: 4, translation: 2 } as const;
