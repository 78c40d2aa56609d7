import { GITS_TRANSLATION_FRAME } from "../../../architecture/index.ts";
import type { Value64 } from "../../value64.ts";
import type { KvmIts } from "../its/its.ts";
import type { RegisterTable } from "../register-table.ts";
import { GICV_DIR_FRAME } from "./gicv-registers.ts";
import type { KvmGuest } from "./guest.ts";
import { ITS_BYTES, V2_CPU_BYTES, V2_DISTRIBUTOR_BYTES } from "./guest.ts";
import { DISTRIBUTOR_BYTES } from "./redistributor-regions.ts";

/** A frame of registers and the place of an access in it: `pe` is the PE whose registers they are. */
interface Frame {
  readonly table: RegisterTable;
  readonly pe: number;
  readonly offset: number;
  /** The access does not leave the guest: it works on the list registers. */
  readonly inGuest: boolean;
}

/** The register frames of a guest on its bus. */
export class GuestBus {
  private readonly guest: KvmGuest;

  constructor(guest: KvmGuest) {
    this.guest = guest;
  }

  /**
   * A load from a register frame.
   * @param pe the PE that loads: a GICv2's frames are banked @param into receives the value
   * @returns false when no frame is there
   */
  read(pe: number, address: number, bytes: number, into: Value64): boolean {
    const its = this.itsAt(address);
    if (its?.base !== undefined) {
      into.lo = 0;
      into.hi = 0;
      const offset = address - its.base;
      if (offset < GITS_TRANSLATION_FRAME) its.registers.read(offset, bytes, into);
      return true;
    }
    const frame = this.frameAt(pe, address);
    if (frame === undefined) return false;
    const load = (): void => frame.table.read(frame.pe, frame.offset, bytes, into);
    if (frame.inGuest) this.guest.worldSwitch.run(pe, load);
    else load();
    return true;
  }

  /** A store to a register frame; the translation frame of an ITS takes MSIs only with a DeviceID (`KvmIts.translate`). */
  write(pe: number, address: number, bytes: number, lo: number, hi: number): boolean {
    const its = this.itsAt(address);
    if (its?.base !== undefined) {
      const offset = address - its.base;
      if (offset < GITS_TRANSLATION_FRAME) its.registers.write(offset, bytes, lo, hi);
      return true;
    }
    const frame = this.frameAt(pe, address);
    if (frame === undefined) return false;
    const store = (): void => frame.table.write(frame.pe, frame.offset, bytes, lo, hi);
    if (frame.inGuest) this.guest.worldSwitch.run(pe, store);
    else store();
    return true;
  }

  private itsAt(address: number): KvmIts | undefined {
    for (const its of this.guest.itss) {
      if (its.base !== undefined && address >= its.base && address < its.base + ITS_BYTES) return its;
    }
    return undefined;
  }

  private frameAt(pe: number, address: number): Frame | undefined {
    const { guest } = this;
    const { gic } = guest;
    if (!gic.ready) return undefined;
    const distributor = gic.distributorBase;
    if (gic.model === 2) {
      if (within(address, distributor, V2_DISTRIBUTOR_BYTES)) {
        return { table: guest.distributorV2, pe, offset: address - distributor, inGuest: false };
      }
      const cpu = gic.cpuBase;
      const trapped =
        guest.decisions.countsEois && within(address, cpu, V2_CPU_BYTES) && address - cpu >= GICV_DIR_FRAME;
      if (trapped) return { table: guest.trappedGicv, pe, offset: address - cpu, inGuest: false };
      if (within(address, cpu, V2_CPU_BYTES)) return { table: guest.gicv, pe, offset: address - cpu, inGuest: true };
      return undefined;
    }
    if (within(address, distributor, DISTRIBUTOR_BYTES)) {
      return { table: guest.distributorV3, pe, offset: address - distributor, inGuest: false };
    }
    const place = guest.regions.at(address);
    return place && { table: guest.redistributorRegisters, ...place, inGuest: false };
  }
}

function within(address: number, base: number | undefined, bytes: number): base is number {
  return base !== undefined && address >= base && address < base + bytes;
}
