import { peOfAffinity } from "../affinity.ts";
import { type AttributeValue, type DeviceHost, failed } from "../device.ts";
import { Errno } from "../errno.ts";
import { CpuSystemRegisterAttributes } from "../frames/cpu-attributes.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { checkFrame } from "../frames/place.ts";
import { DISTRIBUTOR_BYTES } from "../frames/redistributor-regions.ts";
import { PRIVATE_INTIDS, SGIS } from "../interrupts/interrupt-record.ts";
import { offsetOf } from "../register-table.ts";
import { Ctrl, Group, KvmGicDevice } from "./gic-device.ts";

/** Attributes of the group ADDR. */
const Address = { distributor: 2n, redistributor: 3n, region: 5n } as const;
const FRAME_ALIGNMENT = 0x10000;

/** Fields of the value of ADDR/REDIST_REGION: [63:52] redistributors, [51:16] base, [15:12] flags, [11:0] index, of which eight bits are kept. */
const Region = {
  countShift: 52n,
  baseMask: 0x000f_ffff_ffff_0000n,
  flagsShift: 12n,
  flagsMask: 0xfn,
  indexMask: 0xffn,
};

const IIDR = offsetOf("GICD_IIDR");
const TYPER2 = offsetOf("GICD_TYPER2");

/** What a register attribute names, once its vCPU is known. */
interface RegisterAccess {
  read(pe: number, low: number): AttributeValue;
  write(pe: number, low: number, value: bigint): number;
}

/** The VGICv3 device (Linux vgic-kvm-device.c `kvm_arm_vgic_v3_ops`). */
export class KvmGicV3Device extends KvmGicDevice {
  private readonly systemRegisters: CpuSystemRegisterAttributes;
  private readonly accesses: Readonly<Record<number, RegisterAccess>>;

  constructor(guest: KvmGuest, host: DeviceHost) {
    super(guest, host);
    this.systemRegisters = new CpuSystemRegisterAttributes(guest);
    const { distributorV3: distributor, redistributorRegisters: redistributor, interruptRegisters } = guest;
    const table = (registers: typeof distributor): RegisterAccess => ({
      read: (pe, low) => {
        const value = { lo: 0, hi: 0 };
        registers.userRead(pe, low, value);
        return { errno: Errno.OK, value: BigInt(value.lo) };
      },
      write: (pe, low, value) => registers.userWrite(pe, low, Number(value & 0xffff_ffffn)),
    });
    this.accesses = {
      [Group.distRegs]: table(distributor),
      [Group.redistRegs]: table(redistributor),
      [Group.cpuSysregs]: {
        read: (pe, low) => this.systemRegisters.get(pe, low & 0xffff),
        write: (pe, low, value) => this.systemRegisters.set(pe, low & 0xffff, value),
      },
      [Group.levelInfo]: {
        read: (pe, low) => {
          if (!namesLines(low)) return failed(Errno.EINVAL);
          return { errno: Errno.OK, value: BigInt(interruptRegisters.levels(pe, low)) };
        },
        write: (pe, low, value) => {
          if (!namesLines(low)) return Errno.EINVAL;
          interruptRegisters.setLevels(pe, low, Number(value & 0xffff_ffffn));
          return Errno.OK;
        },
      },
    };
  }

  hasAttribute(group: number, attribute: bigint): number {
    const low = Number(attribute & 0xffff_ffffn);
    switch (group) {
      case Group.addr:
        return Object.values<bigint>(Address).includes(attribute) ? Errno.OK : Errno.ENXIO;
      case Group.distRegs:
      case Group.redistRegs:
      case Group.cpuSysregs:
        if (this.peOf(group, attribute) < 0) return Errno.EINVAL;
        if (group === Group.cpuSysregs) return this.systemRegisters.has(low & 0xffff);
        return (group === Group.distRegs ? this.guest.distributorV3 : this.guest.redistributorRegisters).hasAttribute(
          low,
        );
      case Group.nrIrqs:
        return Errno.OK;
      case Group.levelInfo:
        return low >>> 10 === 0 ? Errno.OK : Errno.ENXIO;
      case Group.ctrl:
        return Object.values<bigint>(Ctrl).includes(attribute) ? Errno.OK : Errno.ENXIO;
      case Group.maintIrq:
        return this.guest.decisions.maintenanceInterruptAttribute ? Errno.OK : Errno.ENXIO;
      default:
        return Errno.ENXIO;
    }
  }

  /** vCPU of an attribute, by its affinity in [63:32]; the distributor's registers have none and go by vCPU 0. */
  private peOf(group: number, attribute: bigint): number {
    const pes = this.guest.redistributors.length;
    if (group === Group.distRegs) return pes > 0 ? 0 : -1;
    return peOfAffinity(Number((attribute >> 32n) & 0xffff_ffffn), pes);
  }

  /** Checks before a register access. @returns errno */
  private refuse(group: number, low: number): number {
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    const early =
      this.guest.decisions.identityBeforeInit && group === Group.distRegs && (low === IIDR || low === TYPER2);
    return this.guest.gic.initialised || early ? Errno.OK : Errno.EBUSY;
  }

  protected setOwn(group: number, attribute: bigint, value: bigint | undefined): number | undefined {
    if (group === Group.maintIrq) return this.setMaintenance(value);
    const access = this.accesses[group];
    if (access === undefined) return undefined;
    const pe = this.peOf(group, attribute);
    const low = Number(attribute & 0xffff_ffffn);
    if (pe < 0) return Errno.EINVAL;
    if (value === undefined && group !== Group.cpuSysregs) return Errno.EFAULT;
    const refused = this.refuse(group, low);
    if (refused !== Errno.OK) return refused;
    if (value !== undefined) return access.write(pe, low, value);
    return this.systemRegisters.has(low & 0xffff) === Errno.OK
      ? Errno.EFAULT
      : Errno[this.guest.decisions.unknownSystemRegister];
  }

  protected getOwn(group: number, attribute: bigint): AttributeValue | undefined {
    if (group === Group.maintIrq && this.guest.decisions.maintenanceInterruptAttribute) {
      return { errno: Errno.OK, value: BigInt(this.guest.gic.maintenanceIntid) };
    }
    const access = this.accesses[group];
    if (access === undefined) return undefined;
    const pe = this.peOf(group, attribute);
    const low = Number(attribute & 0xffff_ffffn);
    if (pe < 0) return failed(Errno.EINVAL);
    const refused = this.refuse(group, low);
    return refused === Errno.OK ? access.read(pe, low) : failed(refused);
  }

  /** The maintenance interrupt is a PPI, chosen before initialisation. */
  private setMaintenance(value: bigint | undefined): number | undefined {
    if (!this.guest.decisions.maintenanceInterruptAttribute) return undefined;
    if (value === undefined) return Errno.EFAULT;
    if (this.guest.gic.initialised) return Errno.EBUSY;
    const intid = Number(value & 0xffff_ffffn);
    if (intid < SGIS || intid >= PRIVATE_INTIDS) return Errno.EINVAL;
    this.guest.gic.maintenanceIntid = intid;
    return Errno.OK;
  }

  protected setAddress(attribute: bigint, value: bigint): number {
    const { gic, regions } = this.guest;
    const { ipaBits } = this.host;
    switch (attribute) {
      case Address.distributor: {
        const errno = checkFrame(gic.distributorBase, value, FRAME_ALIGNMENT, DISTRIBUTOR_BYTES, ipaBits);
        if (errno === Errno.OK) gic.distributorBase = Number(value);
        return errno;
      }
      case Address.redistributor:
        return regions.set(0, value, 0, ipaBits);
      case Address.region: {
        const count = Number(value >> Region.countShift);
        const flags = (value >> Region.flagsShift) & Region.flagsMask;
        if (count === 0 || flags !== 0n) return Errno.EINVAL;
        return regions.set(Number(value & Region.indexMask), value & Region.baseMask, count, ipaBits);
      }
      default:
        return Errno.ENXIO;
    }
  }

  protected getAddress(attribute: bigint, input: bigint): AttributeValue {
    const { gic } = this.guest;
    switch (attribute) {
      case Address.distributor:
        return this.addressValue(gic.distributorBase);
      case Address.redistributor:
        return this.addressValue(gic.regionCount === 0 ? undefined : gic.region(0).base);
      case Address.region: {
        const index = Number(input & Region.indexMask);
        if (index >= gic.regionCount) return failed(Errno.ENOENT);
        const { base, count } = gic.region(index);
        return { errno: Errno.OK, value: (BigInt(count) << Region.countShift) | BigInt(base) | BigInt(index) };
      }
      default:
        return failed(Errno.ENXIO);
    }
  }

  protected control(attribute: bigint): number {
    if (attribute !== Ctrl.savePending) return Errno.ENXIO;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    return this.guest.gic.initialised ? this.guest.lpis.savePendingTables() : Errno.ENXIO;
  }
}

/** LEVEL_INFO: info [31:10] must be 0 (line levels), the INTID in [9:0] a multiple of 32. */
function namesLines(low: number): boolean {
  return low >>> 10 === 0 && low % 32 === 0;
}
