import { attributeNumbers, groupNumbers } from "../../../architecture/index.ts";
import { highWord, lowWord, toBigInt } from "../../value64.ts";
import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";
import { ITS_BYTES, type KvmGuest } from "../frames/guest.ts";
import { checkFrame } from "../frames/place.ts";
import type { KvmIts } from "../its/its.ts";
import { controls, UNDEFINED_ADDRESS } from "./attributes.ts";

const Group = groupNumbers;
const Attribute = attributeNumbers;
const ITS_ALIGNMENT = 0x10000;

/** The ITS device of KVM's attribute API (Linux vgic-its.c `kvm_arm_vgic_its_ops`). */
export class KvmItsDevice implements KvmDevice {
  private readonly guest: KvmGuest;
  private readonly its: KvmIts;
  private readonly host: DeviceHost;

  constructor(guest: KvmGuest, its: KvmIts, host: DeviceHost) {
    this.guest = guest;
    this.its = its;
    this.host = host;
  }

  setAttribute(group: number, attribute: bigint, value: bigint | undefined): number {
    if (group === Group.ADDR) {
      if (attribute !== Attribute.ADDR_ITS) return Errno.ENODEV;
      if (value === undefined) return Errno.EFAULT;
      const errno = checkFrame(this.guest.decisions, this.its.base, value, {
        alignment: ITS_ALIGNMENT,
        bytes: ITS_BYTES,
        ipaBits: this.host.ipaBits,
      });
      if (errno === Errno.OK) this.its.base = Number(value);
      return errno;
    }
    if (group === Group.CTRL) return this.control(attribute);
    if (group === Group.ITS_REGS) {
      if (value === undefined) return Errno.EFAULT;
      const errno = this.checkRegister(attribute);
      return errno === Errno.OK
        ? this.its.registers.userWrite(lowWord(attribute), lowWord(value), highWord(value))
        : errno;
    }
    return Errno.ENXIO;
  }

  getAttribute(group: number, attribute: bigint): AttributeValue {
    if (group === Group.ADDR) {
      if (attribute !== Attribute.ADDR_ITS) return failed(Errno.ENODEV);
      return { errno: Errno.OK, value: this.its.base === undefined ? UNDEFINED_ADDRESS : BigInt(this.its.base) };
    }
    if (group !== Group.ITS_REGS) return failed(Errno.ENXIO);
    const errno = this.checkRegister(attribute);
    if (errno !== Errno.OK) return failed(errno);
    const value = { lo: 0, hi: 0 };
    this.its.registers.userRead(lowWord(attribute), value);
    return { errno: Errno.OK, value: toBigInt(value.lo, value.hi) };
  }

  hasAttribute(group: number, attribute: bigint): number {
    if (group === Group.ADDR) return attribute === Attribute.ADDR_ITS ? Errno.OK : Errno.ENXIO;
    if (group === Group.CTRL) return controls("VGIC_ITS", attribute) ? Errno.OK : Errno.ENXIO;
    return group === Group.ITS_REGS ? this.hasRegister(attribute) : Errno.ENXIO;
  }

  private hasRegister(attribute: bigint): number {
    return this.its.registers.hasAttribute(lowWord(attribute), highWord(attribute));
  }

  /** The checks before a register access, in the kernel's order. */
  private checkRegister(attribute: bigint): number {
    const known = this.hasRegister(attribute);
    if (known === Errno.EINVAL) return known;
    const placed = this.its.base === undefined ? Errno.ENXIO : Errno.OK;
    const busy = this.host.anyVcpuRunning ? Errno.EBUSY : Errno.OK;
    const order = this.guest.decisions.offsetCheckedBeforeLocks ? [placed, known, busy] : [busy, placed, known];
    return order.find((errno) => errno !== Errno.OK) ?? Errno.OK;
  }

  private control(attribute: bigint): number {
    if (attribute === Attribute.INIT) return Errno.OK;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    switch (attribute) {
      case Attribute.SAVE_TABLES: {
        const result = this.its.save();
        if (result.crash === undefined) return result.errno;
        this.host.crash(result.crash);
        return Errno.OK;
      }
      case Attribute.RESTORE_TABLES:
        return this.its.restore();
      case Attribute.RESET:
        return this.its.reset();
      default:
        return this.guest.decisions.unknownCtrlAttribute === "OK" ? Errno.OK : Errno.ENXIO;
    }
  }
}
