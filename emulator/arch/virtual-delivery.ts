import { FIRST_LPI, NO_DOORBELL } from "../../architecture/index.ts";
import type { LpiDelivery } from "../gicv3/lpi-delivery.ts";
import type { QemuRedistributor } from "../gicv3/redistributor.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { anyEnabledPending, isEnabled, isPending, setPendingBit } from "./pending-bits.ts";
import type { VpeEntry } from "./table-home.ts";
import type { VirtualInterface } from "./virtual-interface.ts";
import { Sgi, type VpeStore } from "./vpe-store.ts";

/** A virtual interrupt that a PE would be signalled. */
export interface VirtualInterrupt {
  readonly intid: number;
  readonly priority: number;
  readonly group: 0 | 1;
}

/** Virtual interrupts on their way: to the vPE where it is resident, else to its memory and to a doorbell. */
export class VirtualDelivery {
  readonly vpes: VpeStore;
  readonly interfaces: readonly VirtualInterface[];
  /** vPEs are known by vPEID (GICv4.1), or by their pending table (GICv4.0). */
  private readonly byId: boolean;
  private readonly memory: GuestMemory;
  private readonly physical: LpiDelivery;
  private readonly redistributors: readonly QemuRedistributor[];

  constructor(parts: {
    memory: GuestMemory;
    physical: LpiDelivery;
    redistributors: readonly QemuRedistributor[];
    interfaces: readonly VirtualInterface[];
    vpes: VpeStore;
    byId: boolean;
  }) {
    this.memory = parts.memory;
    this.physical = parts.physical;
    this.redistributors = parts.redistributors;
    this.interfaces = parts.interfaces;
    this.vpes = parts.vpes;
    this.byId = parts.byId;
  }

  /** Whether a vPE is resident on the PE that it is mapped to. */
  isResident(vpeId: number, vpe: VpeEntry): boolean {
    const at = this.interfaces[vpe.target];
    if (at === undefined || !at.resident) return false;
    return this.byId ? at.vpeId === vpeId : at.pendingTable === vpe.pendingTable;
  }

  /** An ITS makes a vLPI pending or not. @param doorbell the event's own; 1023 = none */
  signal(vpeId: number, vpe: VpeEntry, intid: number, level: boolean, doorbell: number): void {
    setPendingBit(this.memory, vpe.pendingTable, intid, level);
    if (!level || this.isResident(vpeId, vpe)) return;
    this.ring(vpe.target, doorbell);
    if (this.byId && isEnabled(this.memory, this.vpes.configTable(vpeId), intid)) this.ringDefault(vpeId, vpe);
  }

  /** VMOVI: takes the pending state of an event along. */
  move(fromId: number, from: VpeEntry, toId: number, to: VpeEntry, intid: number, doorbell: number): void {
    if (fromId === toId || !setPendingBit(this.memory, from.pendingTable, intid, false)) return;
    this.signal(toId, to, intid, true, doorbell);
  }

  /** Makes a doorbell pending on a PE, if it is an LPI. */
  private ring(pe: number, doorbell: number): void {
    const redistributor = this.redistributors[pe];
    if (doorbell === NO_DOORBELL || redistributor === undefined) return;
    this.physical.process(redistributor, doorbell, 1);
  }

  /** The default doorbell rings once for each time that the vPE left asking for it. */
  private ringDefault(vpeId: number, vpe: VpeEntry): void {
    if (!this.vpes.isArmed(vpeId)) return;
    this.vpes.arm(vpeId, false);
    this.ring(vpe.target, this.vpes.doorbell(vpeId));
  }

  /**
   * Configuration bytes of a vPE are read again (INV, VINVALL, GICR_INVLPIR, GICR_INVALLR). A resident vPE's are never cached; one that left asking for its default
   * doorbell gets it when a pending vLPI is enabled now.
   * @param intid the vLPI, or undefined for all
   */
  invalidate(vpeId: number, vpe: VpeEntry, intid?: number): void {
    const { memory, vpes } = this;
    if (!this.byId || !vpes.isArmed(vpeId) || this.isResident(vpeId, vpe)) return;
    const config = vpes.configTable(vpeId);
    const waiting =
      intid === undefined
        ? anyEnabledPending(memory, vpe.pendingTable, config, 2 ** Math.min(vpe.intidBits, 16))
        : isPending(memory, vpe.pendingTable, intid) && isEnabled(memory, config, intid);
    if (waiting) this.ringDefault(vpeId, vpe);
  }

  /** VMOVP: a pending default doorbell goes with its vPE. */
  moveDoorbell(vpeId: number, from: number, to: number): void {
    const doorbell = this.vpes.doorbell(vpeId);
    const old = this.redistributors[from];
    if (from === to || doorbell < FIRST_LPI || old === undefined) return;
    this.physical.move(old, this.redistributors[to], doorbell);
  }

  /** GITS_SGIR. */
  signalSgi(vpeId: number, vpe: VpeEntry, vintid: number): void {
    this.vpes.setSgiPending(vpeId, vintid, true);
    this.announceSgi(vpeId, vpe, vintid);
  }

  /** VSGI with Clear = 0. @param config {@link Sgi} */
  configureSgi(vpeId: number, vpe: VpeEntry, vintid: number, config: number): void {
    this.vpes.setSgi(vpeId, vintid, config);
    if ((this.vpes.sgiPending(vpeId) >>> vintid) & 1) this.announceSgi(vpeId, vpe, vintid);
  }

  /** A vSGI is pending: if it is enabled and its vPE elsewhere, the default doorbell rings. */
  private announceSgi(vpeId: number, vpe: VpeEntry, vintid: number): void {
    if ((this.vpes.sgi(vpeId, vintid) & Sgi.enable) === 0 || this.isResident(vpeId, vpe)) return;
    this.ringDefault(vpeId, vpe);
  }

  /** Whether the resident vPE of a PE has an enabled interrupt pending, of either group. */
  hasPending(at: VirtualInterface): boolean {
    return at.firstLpi() >= 0 || (this.byId && at.resident && this.vpes.firstSgi(at.vpeId, 3) >= 0);
  }

  /**
   * The interrupt that the virtual CPU interface of a PE would be given: the most urgent one of the resident vPE, of equals the lowest
   * INTID. @param groups which groups are enabled: bit 0, bit 1
   */
  highest(at: VirtualInterface, groups: number): VirtualInterrupt | undefined {
    const lpi = (groups & 2) === 0 ? -1 : at.firstLpi();
    const sgi = this.byId && at.resident ? this.vpes.firstSgi(at.vpeId, groups) : -1;
    if (sgi >= 0 && (lpi < 0 || sgi >>> 4 <= Math.floor(lpi / 2 ** 24))) {
      const group = (this.vpes.sgi(at.vpeId, sgi & 15) & Sgi.group) === 0 ? 0 : 1;
      return { intid: sgi & 15, priority: sgi >>> 4, group };
    }
    return lpi < 0 ? undefined : { intid: lpi % 2 ** 24, priority: Math.floor(lpi / 2 ** 24), group: 1 };
  }
}
