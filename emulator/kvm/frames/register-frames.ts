import type { RegisterTable } from "../register-table.ts";
import { cpuRegisterAttributes } from "./cpu-attributes.ts";
import { distributorV2 } from "./distributor-v2.ts";
import { distributorV3 } from "./distributor-v3.ts";
import { gicvRegisters, trappedGicvRegisters } from "./gicv-registers.ts";
import type { KvmGuest } from "./guest.ts";
import { redistributorRegisters } from "./redistributor-registers.ts";

/** The register frames of a guest: what its loads and stores reach, and what device attributes read and write. */
export class RegisterFrames {
  readonly distributorV3: RegisterTable;
  readonly distributorV2: RegisterTable;
  readonly redistributors: RegisterTable;
  /** The GICv2 CPU interface as the guest has it, and as the group CPU_REGS has it. */
  readonly gicv: RegisterTable;
  /** The part of it that KVM emulates, in the frame of GICC_DIR. */
  readonly trappedGicv: RegisterTable;
  readonly cpuRegisters: RegisterTable;

  constructor(guest: KvmGuest) {
    this.distributorV3 = distributorV3(guest);
    this.distributorV2 = distributorV2(guest);
    this.redistributors = redistributorRegisters(guest);
    this.gicv = gicvRegisters(guest.cpuInterface, guest.cpus);
    this.trappedGicv = trappedGicvRegisters((pe, value) => guest.deactivate(pe, value));
    this.cpuRegisters = cpuRegisterAttributes(guest);
  }
}
