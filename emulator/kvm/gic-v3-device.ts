import { type AttributeValue, type DeviceHost, failed, type KvmDevice } from "./device.ts";
import { Errno } from "./errno.ts";
import { checkFrame } from "./frames.ts";
import { affinity, type KvmGuest, REDISTRIBUTOR_BYTES } from "./guest.ts";
import { lowWord } from "./mmio.ts";
import type { KvmRedistributor } from "./redistributor.ts";

const Group = { addr: 0, nrIrqs: 3, ctrl: 4, redistRegs: 5 } as const;
const Address = { distributor: 2n, redistributor: 3n } as const;
const Ctrl = { init: 0n, savePending: 3n } as const;
const FRAME_ALIGNMENT = 0x10000;

/** The VGICv3 device of KVM's attribute API: addresses, initialisation and the LPI registers of the redistributors. */
export class KvmGicV3Device implements KvmDevice {
  distributorBase: number | undefined;
  redistributorBase: number | undefined;
  private readonly guest: KvmGuest;
  private readonly host: DeviceHost;
  private irqs = 0n;
  private initialised = false;

  constructor(guest: KvmGuest, host: DeviceHost) {
    this.guest = guest;
    this.host = host;
  }

  setAttribute(group: number, attribute: bigint, value: bigint): number {
    switch (group) {
      case Group.addr:
        return this.place(attribute, value);
      case Group.nrIrqs:
        return this.setIrqs(value);
      case Group.ctrl:
        return this.control(attribute);
      case Group.redistRegs:
        return this.accessRedistributor(attribute, (redistributor, offset) =>
          this.guest.redistributorRegisters.write(redistributor, offset, 4, lowWord(value), 0),
        );
      default:
        return Errno.ENXIO;
    }
  }

  getAttribute(group: number, attribute: bigint): AttributeValue {
    if (group === Group.nrIrqs) return { errno: Errno.OK, value: this.irqs };
    if (group !== Group.redistRegs) return failed(Errno.ENXIO);
    const value = { lo: 0, hi: 0 };
    const errno = this.accessRedistributor(attribute, (redistributor, offset) => {
      this.guest.redistributorRegisters.read(redistributor, offset, 4, value);
    });
    return errno === Errno.OK ? { errno, value: BigInt(value.lo) } : failed(errno);
  }

  hasAttribute(group: number, attribute: bigint): number {
    if (group === Group.addr) return Object.values<bigint>(Address).includes(attribute) ? Errno.OK : Errno.ENXIO;
    if (group === Group.nrIrqs) return Errno.OK;
    if (group === Group.ctrl) return Object.values<bigint>(Ctrl).includes(attribute) ? Errno.OK : Errno.ENXIO;
    return Errno.ENXIO;
  }

  private place(attribute: bigint, value: bigint): number {
    const size =
      attribute === Address.distributor ? FRAME_ALIGNMENT : this.guest.redistributors.length * REDISTRIBUTOR_BYTES;
    const current = attribute === Address.distributor ? this.distributorBase : this.redistributorBase;
    if (attribute !== Address.distributor && attribute !== Address.redistributor) return Errno.ENXIO;
    const errno = checkFrame(current, value, FRAME_ALIGNMENT, size, this.host.ipaBits);
    if (errno !== Errno.OK) return errno;
    if (attribute === Address.distributor) this.distributorBase = Number(value);
    else this.redistributorBase = Number(value);
    return Errno.OK;
  }

  /** @param value 64..1024 in steps of 32: SGIs and PPIs and SPIs together */
  private setIrqs(value: bigint): number {
    if (value < 64n || value > 1024n || value % 32n !== 0n) return Errno.EINVAL;
    if (this.irqs !== 0n) return Errno.EBUSY;
    this.irqs = value;
    return Errno.OK;
  }

  private control(attribute: bigint): number {
    if (attribute === Ctrl.init) {
      this.initialised = true;
      return Errno.OK;
    }
    if (attribute !== Ctrl.savePending) return Errno.ENXIO;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    return this.initialised ? this.guest.lpis.savePendingTables() : Errno.ENXIO;
  }

  /** Attribute: [63:32] MPIDR affinity, [31:0] offset. */
  private accessRedistributor(
    attribute: bigint,
    access: (redistributor: KvmRedistributor, offset: number) => void,
  ): number {
    const mpidr = Number(attribute >> 32n);
    const offset = Number(attribute & 0xffff_ffffn);
    const redistributor = this.guest.redistributors.find((candidate) => affinity(candidate.pe) === mpidr);
    if (redistributor === undefined) return Errno.EINVAL;
    if (offset % 4 !== 0) return Errno.ENXIO;
    if (this.host.anyVcpuRunning) return Errno.EBUSY;
    if (!this.initialised) return Errno.EBUSY;
    access(redistributor, offset);
    return Errno.OK;
  }
}
