import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { MAX_INTIDS, PRIVATE_INTIDS } from "../interrupts/interrupt-record.ts";

/** Groups of the VGICv2 and VGICv3 devices (arch/arm64/include/uapi/asm/kvm.h `KVM_DEV_ARM_VGIC_GRP_*`). */
export const Group = {
  addr: 0,
  distRegs: 1,
  cpuRegs: 2,
  nrIrqs: 3,
  ctrl: 4,
  redistRegs: 5,
  cpuSysregs: 6,
  levelInfo: 7,
  maintIrq: 9,
} as const;

/** Attributes of the group CTRL. */
export const Ctrl = { init: 0n, savePending: 3n } as const;

/** What an address that is not set reads as. */
export const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

const LEAST_INTIDS = PRIVATE_INTIDS + 32;

/** What the devices of both GIC versions have in common (Linux vgic-kvm-device.c `vgic_set_common_attr`). */
export abstract class KvmGicDevice implements KvmDevice {
  protected readonly guest: KvmGuest;
  protected readonly host: DeviceHost;

  constructor(guest: KvmGuest, host: DeviceHost) {
    this.guest = guest;
    this.host = host;
  }

  abstract hasAttribute(group: number, attribute: bigint): number;

  /** Attribute of a group that only one version has; undefined = not such a group. */
  protected abstract setOwn(group: number, attribute: bigint, value: bigint | undefined): number | undefined;
  protected abstract getOwn(group: number, attribute: bigint): AttributeValue | undefined;
  protected abstract setAddress(attribute: bigint, value: bigint): number;
  protected abstract getAddress(attribute: bigint, input: bigint): AttributeValue;
  protected abstract control(attribute: bigint): number;

  setAttribute(group: number, attribute: bigint, value: bigint | undefined): number {
    const own = this.setOwn(group, attribute, value);
    if (own !== undefined) return own;
    switch (group) {
      case Group.addr:
        return value === undefined ? Errno.EFAULT : this.setAddress(attribute, value);
      case Group.nrIrqs:
        return value === undefined ? Errno.EFAULT : this.setIntids(Number(value & 0xffff_ffffn));
      case Group.ctrl:
        if (attribute !== Ctrl.init) return this.control(attribute);
        this.guest.initialise();
        return Errno.OK;
      default:
        return Errno.ENXIO;
    }
  }

  getAttribute(group: number, attribute: bigint, input = 0n): AttributeValue {
    const own = this.getOwn(group, attribute);
    if (own !== undefined) return own;
    if (group === Group.addr) return this.getAddress(attribute, input);
    if (group === Group.nrIrqs) return { errno: Errno.OK, value: BigInt(this.guest.intids) };
    return failed(Errno.ENXIO);
  }

  /** @param count SGIs, PPIs and SPIs together: 64..992 in steps of 32, set once */
  private setIntids(count: number): number {
    const { gic } = this.guest;
    if (count < LEAST_INTIDS || count >= MAX_INTIDS || count % 32 !== 0) return Errno.EINVAL;
    if (gic.spis !== 0) return Errno.EBUSY;
    gic.spis = count - PRIVATE_INTIDS;
    return Errno.OK;
  }

  /** An address as an attribute's value. */
  protected addressValue(address: number | undefined): AttributeValue {
    return { errno: Errno.OK, value: address === undefined ? UNDEFINED_ADDRESS : BigInt(address) };
  }
}
