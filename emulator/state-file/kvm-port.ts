import type { AttributeValue, DeviceHost, KvmDevice } from "../kvm/device.ts";
import { KvmGicV2Device } from "../kvm/vmm/gic-v2-device.ts";
import { KvmGicV3Device } from "../kvm/vmm/gic-v3-device.ts";
import { KvmItsDevice } from "../kvm/vmm/its-device.ts";
import type { KvmMachine } from "../kvm/vmm/machine.ts";

/** Bits of guest physical address that the machine's memory map may use. */
const IPA_BITS = 52;

/**
 * User space's face of a stopped KVM guest: the devices whose attributes a virtual machine monitor gets and sets when it saves and
 * restores one.
 */
export class KvmPort {
  readonly machine: KvmMachine;
  /** Why the host's kernel would have crashed in the last call. */
  crash: string | undefined;
  /** Version of the guest's GIC. */
  readonly generation: 2 | 3;
  private readonly gic: KvmDevice;
  private readonly itss: readonly KvmDevice[];

  constructor(machine: KvmMachine) {
    this.machine = machine;
    const host: DeviceHost = {
      anyVcpuRunning: false,
      ipaBits: IPA_BITS,
      crash: (sentence) => {
        this.crash = sentence;
      },
    };
    const { guest } = machine;
    this.generation = guest.gic.model === 2 ? 2 : 3;
    this.gic = this.generation === 2 ? new KvmGicV2Device(guest, host) : new KvmGicV3Device(guest, host);
    this.itss = machine.guest.itss.map((its) => new KvmItsDevice(machine.guest, its, host));
  }

  /** @param its number of an ITS; the GIC itself without it */
  get(group: number, attribute: bigint, its?: number): AttributeValue {
    return this.device(its).getAttribute(group, attribute);
  }

  /** @returns errno */
  set(group: number, attribute: bigint, value: bigint, its?: number): number {
    this.crash = undefined;
    return this.device(its).setAttribute(group, attribute, value);
  }

  private device(its: number | undefined): KvmDevice {
    return its === undefined ? this.gic : this.itss[its];
  }
}
