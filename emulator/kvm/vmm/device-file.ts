import type { DeviceType } from "../../../architecture/index.ts";
import { type AttributeValue, failed, type KvmDevice } from "../device.ts";
import { Errno } from "../errno.ts";

/** The file descriptor of a device that KVM_CREATE_DEVICE made: of a VM that is dead every ioctl is EIO. */
export class DeviceFile implements KvmDevice {
  readonly type: DeviceType;
  private readonly target: KvmDevice;
  private readonly vm: { readonly dead: boolean };

  constructor(type: DeviceType, target: KvmDevice, vm: { readonly dead: boolean }) {
    this.type = type;
    this.target = target;
    this.vm = vm;
  }

  setAttribute(group: number, attribute: bigint, value: bigint | undefined): number {
    return this.vm.dead ? Errno.EIO : this.target.setAttribute(group, attribute, value);
  }

  getAttribute(group: number, attribute: bigint, input?: bigint): AttributeValue {
    return this.vm.dead ? failed(Errno.EIO) : this.target.getAttribute(group, attribute, input);
  }

  hasAttribute(group: number, attribute: bigint): number {
    return this.vm.dead ? Errno.EIO : this.target.hasAttribute(group, attribute);
  }
}
