import { attributeNumbers, groupNumbers } from "../../../architecture/index.ts";
import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import type { KvmGuest } from "../frames/guest.ts";
import type { RegisterFrames } from "../frames/register-frames.ts";
import { MAX_INTIDS, PRIVATE_INTIDS } from "../interrupts/interrupt-record.ts";
import { UNDEFINED_ADDRESS } from "./attributes.ts";

export const Group = groupNumbers;
export const Attribute = attributeNumbers;

const LEAST_INTIDS = PRIVATE_INTIDS + 32;

/** What the devices of both GIC versions have in common (Linux vgic-kvm-device.c `vgic_set_common_attr`). */
export abstract class KvmGicDevice implements KvmDevice {
  protected readonly guest: KvmGuest;
  protected readonly frames: RegisterFrames;
  protected readonly host: DeviceHost;

  constructor(guest: KvmGuest, frames: RegisterFrames, host: DeviceHost) {
    this.guest = guest;
    this.frames = frames;
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
      case Group.ADDR:
        return value === undefined ? Errno.EFAULT : this.setAddress(attribute, value);
      case Group.NR_IRQS:
        return value === undefined ? Errno.EFAULT : this.setIntids(Number(value & 0xffff_ffffn));
      case Group.CTRL:
        if (attribute !== Attribute.INIT) return this.control(attribute);
        this.guest.initialise();
        return Errno.OK;
      default:
        return Errno.ENXIO;
    }
  }

  getAttribute(group: number, attribute: bigint, input = 0n): AttributeValue {
    const own = this.getOwn(group, attribute);
    if (own !== undefined) return own;
    if (group === Group.ADDR) return this.getAddress(attribute, input);
    if (group === Group.NR_IRQS) return { errno: Errno.OK, value: BigInt(this.guest.intids) };
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
