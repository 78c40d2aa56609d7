import { offsetOf } from "../../../architecture/index.ts";
import { type AttributeValue, type DeviceHost, failed } from "../device.ts";
import { Errno } from "../errno.ts";
import { CpuSystemRegisterAttributes } from "../frames/cpu-attributes.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { checkFrame } from "../frames/place.ts";
import { DISTRIBUTOR_BYTES } from "../frames/redistributor-regions.ts";
import type { RegisterFrames } from "../frames/register-frames.ts";
import { PRIVATE_INTIDS, SGIS } from "../interrupts/interrupt-record.ts";
import { controls } from "./attributes.ts";
import { Attribute, Group, KvmGicDevice } from "./gic-device.ts";

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

  constructor(guest: KvmGuest, frames: RegisterFrames, host: DeviceHost) {
    super(guest, frames, host);
    this.systemRegisters = new CpuSystemRegisterAttributes(guest);
    const { interruptRegisters } = guest;
    const { distributorV3: distributor, redistributors } = frames;
    const table = (registers: typeof distributor): RegisterAccess => ({
      read: (pe, low) => {
        const value = { lo: 0, hi: 0 };
        registers.userRead(pe, low, value);
        return { errno: Errno.OK, value: BigInt(value.lo) };
      },
      write: (pe, low, value) => registers.userWrite(pe, low, Number(value & 0xffff_ffffn)),
    });
    this.accesses = {
      [Group.DIST_REGS]: table(distributor),
      [Group.REDIST_REGS]: table(redistributors),
      [Group.CPU_SYSREGS]: {
        read: (pe, low) => this.systemRegisters.get(pe, low & 0xffff),
        write: (pe, low, value) => this.systemRegisters.set(pe, low & 0xffff, value),
      },
      [Group.LEVEL_INFO]: {
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
      case Group.ADDR:
        return [Attribute.ADDR_DIST, Attribute.ADDR_REDIST, Attribute.REDIST_REGION].includes(attribute)
          ? Errno.OK
          : Errno.ENXIO;
      case Group.DIST_REGS:
      case Group.REDIST_REGS:
      case Group.CPU_SYSREGS:
        if (this.peOf(group, attribute) < 0) return Errno.EINVAL;
        if (group === Group.CPU_SYSREGS) return this.systemRegisters.has(low & 0xffff);
        return (group === Group.DIST_REGS ? this.frames.distributorV3 : this.frames.redistributors).hasAttribute(low);
      case Group.NR_IRQS:
        return Errno.OK;
      case Group.LEVEL_INFO:
        return low >>> 10 === 0 ? Errno.OK : Errno.ENXIO;
      case Group.CTRL:
        return controls("VGIC_V3", attribute) ? Errno.OK : Errno.ENXIO;
      case Group.MAINT_IRQ:
        return this.guest.decisions.maintenanceInterruptAttribute ? Errno.OK : Errno.ENXIO;
      default:
        return Errno.ENXIO;
    }
  }

  /** vCPU of an attribute, by its affinity in [63:32]; the distributor's registers have none and go by vCPU 0. */
  private peOf(group: number, attribute: bigint): number {
    const pes = this.guest.redistributors.length;
    if (group === Group.DIST_REGS) return pes > 0 ? 0 : -1;
    return this.guest.peOfAffinity(Number((attribute >> 32n) & 0xffff_ffffn));
  }

  /** Checks before a register access. @returns errno */
  private refuse(group: number, low: number): number {
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    const early =
      this.guest.decisions.identityBeforeInit && group === Group.DIST_REGS && (low === IIDR || low === TYPER2);
    return this.guest.gic.initialised || early ? Errno.OK : Errno.EBUSY;
  }

  protected setOwn(group: number, attribute: bigint, value: bigint | undefined): number | undefined {
    if (group === Group.MAINT_IRQ) return this.setMaintenance(value);
    const access = this.accesses[group];
    if (access === undefined) return undefined;
    const pe = this.peOf(group, attribute);
    const low = Number(attribute & 0xffff_ffffn);
    if (pe < 0) return Errno.EINVAL;
    if (value === undefined && group !== Group.CPU_SYSREGS) return Errno.EFAULT;
    const refused = this.refuse(group, low);
    if (refused !== Errno.OK) return refused;
    if (value !== undefined) return access.write(pe, low, value);
    return this.systemRegisters.has(low & 0xffff) === Errno.OK
      ? Errno.EFAULT
      : Errno[this.guest.decisions.unknownSystemRegister];
  }

  protected getOwn(group: number, attribute: bigint): AttributeValue | undefined {
    if (group === Group.MAINT_IRQ && this.guest.decisions.maintenanceInterruptAttribute) {
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
      case Attribute.ADDR_DIST: {
        const errno = checkFrame(this.guest.decisions, gic.distributorBase, value, {
          alignment: FRAME_ALIGNMENT,
          bytes: DISTRIBUTOR_BYTES,
          ipaBits,
        });
        if (errno === Errno.OK) gic.distributorBase = Number(value);
        return errno;
      }
      case Attribute.ADDR_REDIST:
        return regions.set(0, value, 0, ipaBits);
      case Attribute.REDIST_REGION: {
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
      case Attribute.ADDR_DIST:
        return this.addressValue(gic.distributorBase);
      case Attribute.ADDR_REDIST:
        return this.addressValue(gic.regionCount === 0 ? undefined : gic.region(0).base);
      case Attribute.REDIST_REGION: {
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
    if (attribute !== Attribute.SAVE_PENDING_TABLES) return Errno.ENXIO;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    const ready = this.guest.gic.initialised || !this.guest.decisions.pendingTablesNeedInit;
    return ready ? this.guest.lpis.savePendingTables() : Errno.ENXIO;
  }
}

/** LEVEL_INFO: info [31:10] must be 0 (line levels), the INTID in [9:0] a multiple of 32. */
function namesLines(low: number): boolean {
  return low >>> 10 === 0 && low % 32 === 0;
}
