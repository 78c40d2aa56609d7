import { type AttributeValue, failed } from "../device.ts";
import { Errno } from "../errno.ts";
import { V2_CPU_BYTES, V2_DISTRIBUTOR_BYTES } from "../frames/guest.ts";
import { checkFrame } from "../frames/place.ts";
import type { RegisterTable } from "../register-table.ts";
import { controls } from "./attributes.ts";
import { Attribute, Group, KvmGicDevice } from "./gic-device.ts";

const FRAME_ALIGNMENT = 0x1000;

/** The VGICv2 device (Linux vgic-kvm-device.c `kvm_arm_vgic_v2_ops`). Register access initialises it where that was not done. */
export class KvmGicV2Device extends KvmGicDevice {
  hasAttribute(group: number, attribute: bigint): number {
    switch (group) {
      case Group.ADDR:
        return attribute === Attribute.V2_ADDR_DIST || attribute === Attribute.V2_ADDR_CPU ? Errno.OK : Errno.ENXIO;
      case Group.DIST_REGS:
      case Group.CPU_REGS: {
        const pe = this.peOf(attribute);
        if (pe < 0) return Errno.EINVAL;
        return this.table(group).hasAttribute(Number(attribute & 0xffff_ffffn));
      }
      case Group.NR_IRQS:
        return Errno.OK;
      case Group.CTRL:
        return controls("VGIC_V2", attribute) ? Errno.OK : Errno.ENXIO;
      default:
        return Errno.ENXIO;
    }
  }

  private table(group: number): RegisterTable {
    return group === Group.DIST_REGS ? this.frames.distributorV2 : this.frames.cpuRegisters;
  }

  /** Whether a register is unknown, and nothing but known ones is answered for. */
  private refuses(group: number, attribute: bigint): boolean {
    if (this.guest.decisions.unknownV2Register === "ignored") return false;
    return this.table(group).hasAttribute(Number(attribute & 0xffff_ffffn)) !== Errno.OK;
  }

  /** vCPU of an attribute, [39:32]; -1 when there is none. */
  private peOf(attribute: bigint): number {
    const pe = Number((attribute >> 32n) & 0xffn);
    return pe < this.guest.redistributors.length ? pe : -1;
  }

  protected setOwn(group: number, attribute: bigint, value: bigint | undefined): number | undefined {
    if (group !== Group.DIST_REGS && group !== Group.CPU_REGS) return undefined;
    const pe = this.peOf(attribute);
    if (pe < 0) return Errno.EINVAL;
    if (value === undefined) return Errno.EFAULT;
    if (this.refuses(group, attribute)) return Errno.ENXIO;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    this.guest.initialise();
    return this.table(group).userWrite(pe, Number(attribute & 0xffff_ffffn), Number(value & 0xffff_ffffn));
  }

  protected getOwn(group: number, attribute: bigint): AttributeValue | undefined {
    if (group !== Group.DIST_REGS && group !== Group.CPU_REGS) return undefined;
    const pe = this.peOf(attribute);
    if (pe < 0) return failed(Errno.EINVAL);
    if (this.refuses(group, attribute)) return failed(Errno.ENXIO);
    if (this.host.anyVcpuRunning) return failed(Errno.EBUSY);
    this.guest.initialise();
    const value = { lo: 0, hi: 0 };
    this.table(group).userRead(pe, Number(attribute & 0xffff_ffffn), value);
    return { errno: Errno.OK, value: BigInt(value.lo) };
  }

  protected setAddress(attribute: bigint, value: bigint): number {
    const errno = this.place(attribute, value);
    return errno === Errno.ENODEV ? Errno.ENXIO : errno;
  }

  /** Also KVM_ARM_SET_DEVICE_ADDR, which tells ENODEV for an address that the device does not have. @returns errno */
  place(attribute: bigint, address: bigint): number {
    const { gic } = this.guest;
    const { ipaBits } = this.host;
    if (attribute === Attribute.V2_ADDR_DIST) {
      const errno = checkFrame(this.guest.decisions, gic.distributorBase, address, {
        alignment: FRAME_ALIGNMENT,
        bytes: V2_DISTRIBUTOR_BYTES,
        ipaBits,
      });
      if (errno === Errno.OK) gic.distributorBase = Number(address);
      return errno;
    }
    if (attribute !== Attribute.V2_ADDR_CPU) return Errno.ENODEV;
    const errno = checkFrame(this.guest.decisions, gic.cpuBase, address, {
      alignment: FRAME_ALIGNMENT,
      bytes: V2_CPU_BYTES,
      ipaBits,
    });
    if (errno === Errno.OK) gic.cpuBase = Number(address);
    return errno;
  }

  protected getAddress(attribute: bigint): AttributeValue {
    if (attribute === Attribute.V2_ADDR_DIST) return this.addressValue(this.guest.gic.distributorBase);
    if (attribute === Attribute.V2_ADDR_CPU) return this.addressValue(this.guest.gic.cpuBase);
    return failed(Errno.ENXIO);
  }

  protected control(): number {
    return Errno.ENXIO;
  }
}
