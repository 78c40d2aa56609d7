import type { HostInterrupts, HostResult, InterruptMapping, MappedInterrupt, PhysicalInterrupt } from "../../vmm.ts";
import { Errno } from "../errno.ts";
import type { KvmGuest } from "../frames/guest.ts";
import { IrqFlag, SGIS } from "../interrupts/interrupt-record.ts";
import { PHYSICAL_INTIDS } from "../interrupts/physical-interrupts.ts";

/**
 * What devices of the host do with a guest's interrupts: KVM's timers, and whoever forwards a physical SPI. The kernel's functions have
 * no ioctl of their own; the errnos are what they give to their callers there (Linux vgic.c).
 */
export class KvmHostInterrupts implements HostInterrupts {
  private readonly guest: KvmGuest;
  private readonly kick: () => void;

  /** @param kick lets vCPUs in their guests see what has come */
  constructor(guest: KvmGuest, kick: () => void) {
    this.guest = guest;
    this.kick = kick;
  }

  private get hasGic(): boolean {
    return this.guest.gic.initialised;
  }

  private hasPe(pe: number): boolean {
    return Number.isInteger(pe) && pe >= 0 && pe < this.guest.cpus.length;
  }

  /** Record of a PPI or SPI of the VM: no others can be wired to a device. */
  private record(intid: number, pe: number): number | undefined {
    const { guest } = this;
    const wired = this.hasPe(pe) && Number.isInteger(intid) && intid >= SGIS && intid < guest.intids;
    return wired ? guest.interrupts.record(pe, intid) : undefined;
  }

  private hasPhysical(intid: number, pe: number): boolean {
    return this.hasPe(pe) && Number.isInteger(intid) && intid >= 0 && intid < PHYSICAL_INTIDS;
  }

  /** `kvm_vgic_set_owner` and `kvm_vgic_map_phys_irq`, in the order of kvm_timer_enable: a refused mapping leaves the owner. */
  map({ intid, pe = 0, physical, owner = 0, softwareDeactivation = false }: InterruptMapping): HostResult {
    const { hardware } = this.guest;
    if (!this.hasGic) return { errno: Errno.EAGAIN };
    const record = this.record(intid, pe);
    if (record === undefined) return { errno: Errno.EINVAL };
    const before = hardware.ownerOf(record);
    if (before !== 0 && before !== owner) return { errno: Errno.EEXIST };
    hardware.setOwner(record, owner);
    // An interrupt that the host does not have is one without a descriptor.
    if (!this.hasPhysical(physical, pe)) return { errno: Errno.EINVAL };
    hardware.map(record, physical, softwareDeactivation);
    this.settle();
    return { errno: Errno.OK };
  }

  unmap(intid: number, pe = 0): HostResult {
    if (!this.hasGic) return { errno: Errno.EAGAIN };
    const record = this.record(intid, pe);
    // The kernel takes this for a bug of its own and stops.
    if (record === undefined) return { errno: Errno.EINVAL };
    this.guest.hardware.unmap(record);
    return { errno: Errno.OK };
  }

  mapping(intid: number, pe = 0): MappedInterrupt | undefined {
    const { hardware, interrupts } = this.guest;
    const record = this.hasGic ? this.record(intid, pe) : undefined;
    if (record === undefined) return undefined;
    const flags = interrupts.flags(record);
    if ((flags & IrqFlag.hw) === 0) return undefined;
    return {
      physical: hardware.physicalOf(record),
      owner: hardware.ownerOf(record),
      softwareDeactivation: (flags & IrqFlag.softwareDeactivation) !== 0,
      active: (flags & IrqFlag.active) !== 0,
    };
  }

  reset(intid: number, pe = 0): boolean {
    const record = this.record(intid, pe);
    if (record === undefined) return false;
    this.guest.hardware.reset(record);
    return true;
  }

  setTrigger(physical: number, edge: boolean, pe = 0): boolean {
    if (!this.hasPhysical(physical, pe)) return false;
    this.guest.hardware.physical.setEdge(pe, physical, edge);
    this.settle();
    return true;
  }

  setLine(physical: number, level: boolean, pe = 0): boolean {
    if (!this.hasPhysical(physical, pe)) return false;
    this.guest.hardware.physical.setLine(pe, physical, level);
    this.settle();
    return true;
  }

  state(physical: number, pe = 0): PhysicalInterrupt | undefined {
    return this.hasPhysical(physical, pe) ? this.guest.hardware.physical.state(pe, physical) : undefined;
  }

  /** The host takes what interrupts it now. */
  private settle(): void {
    this.guest.hardware.take();
    this.kick();
  }
}
