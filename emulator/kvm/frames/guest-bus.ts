import { GITS_TRANSLATION_FRAME } from "../../../architecture/index.ts";
import type { Value64 } from "../../value64.ts";
import type { KvmIts } from "../its/its.ts";
import { GICV_DIR_FRAME } from "./gicv-registers.ts";
import { ITS_BYTES, type KvmGuest, V2_CPU_BYTES, V2_DISTRIBUTOR_BYTES } from "./guest.ts";
import { DISTRIBUTOR_BYTES, REDISTRIBUTOR_BYTES } from "./redistributor-regions.ts";
import type { RegisterFrames } from "./register-frames.ts";

/** A frame's registers. */
interface Registers {
  read(pe: number, offset: number, bytes: number, into: Value64): void;
  write(pe: number, offset: number, bytes: number, lo: number, hi: number): void;
}

/** A frame of registers and the place of an access in it: `pe` is the PE whose registers they are. */
export interface Frame {
  readonly registers: Registers;
  readonly pe: number;
  readonly offset: number;
  /** Length of the frame, which is a device of its own on KVM's bus. */
  readonly bytes: number;
  /** The access does not leave the guest: it works on the list registers. */
  readonly inGuest: boolean;
}

/** Which register frame of a guest is where on its bus. */
export class GuestBus {
  private readonly guest: KvmGuest;
  private readonly frames: RegisterFrames;
  private readonly itss = new Map<KvmIts, Registers>();

  constructor(guest: KvmGuest, frames: RegisterFrames) {
    this.guest = guest;
    this.frames = frames;
  }

  /**
   * A device claims an access that lies in it whole (kvm_main.c `kvm_io_bus_cmp`).
   * @param pe the PE that accesses: a GICv2's frames are banked @returns undefined when no frame is there
   */
  frameAt(pe: number, address: number, bytes: number): Frame | undefined {
    const frame = this.itsAt(pe, address) ?? this.gicAt(pe, address);
    return frame !== undefined && frame.offset + bytes <= frame.bytes ? frame : undefined;
  }

  private itsAt(pe: number, address: number): Frame | undefined {
    const its = this.guest.itsAt(address);
    return (
      its && {
        registers: this.registersOf(its),
        pe,
        offset: address - (its.base ?? 0),
        bytes: ITS_BYTES,
        inGuest: false,
      }
    );
  }

  /** The translation frame takes MSIs only with a DeviceID (`KvmIts.translate`): it reads as zero and drops stores. */
  private registersOf(its: KvmIts): Registers {
    const known = this.itss.get(its);
    if (known !== undefined) return known;
    const registers: Registers = {
      read: (_pe, offset, bytes, into) => {
        into.lo = 0;
        into.hi = 0;
        if (offset < GITS_TRANSLATION_FRAME) its.registers.read(offset, bytes, into);
      },
      write: (_pe, offset, bytes, lo, hi) => {
        if (offset < GITS_TRANSLATION_FRAME) its.registers.write(offset, bytes, lo, hi);
      },
    };
    this.itss.set(its, registers);
    return registers;
  }

  private gicAt(pe: number, address: number): Frame | undefined {
    const { guest, frames } = this;
    const { gic } = guest;
    const distributor = gic.distributorBase;
    if (gic.model === 2) {
      if (!gic.ready) return undefined;
      if (within(address, distributor, V2_DISTRIBUTOR_BYTES)) {
        const offset = address - distributor;
        return { registers: frames.distributorV2, pe, offset, bytes: V2_DISTRIBUTOR_BYTES, inGuest: false };
      }
      const cpu = gic.cpuBase;
      if (!within(address, cpu, V2_CPU_BYTES)) return undefined;
      const offset = address - cpu;
      const trapped = guest.decisions.countsEois && offset >= GICV_DIR_FRAME;
      const registers = trapped ? frames.trappedGicv : frames.gicv;
      return { registers, pe, offset, bytes: V2_CPU_BYTES, inGuest: !trapped };
    }
    if (gic.ready && within(address, distributor, DISTRIBUTOR_BYTES)) {
      const offset = address - distributor;
      return { registers: frames.distributorV3, pe, offset, bytes: DISTRIBUTOR_BYTES, inGuest: false };
    }
    const place = guest.regions.at(address);
    return place && { registers: frames.redistributors, ...place, bytes: REDISTRIBUTOR_BYTES, inGuest: false };
  }
}

function within(address: number, base: number | undefined, bytes: number): base is number {
  return base !== undefined && address >= base && address < base + bytes;
}
