import { Errno } from "../errno.ts";
import type { IntidBehaviour } from "../intid-region.ts";
import { PRIORITY_MASK } from "../virtual-host.ts";
import type { KvmGicState } from "./gic-state.ts";
import {
  IrqFlag,
  isMappedLevel,
  isPending,
  PRIVATE_INTIDS,
  priorityOf,
  SGIS,
  sourcesOf,
  withSources,
} from "./interrupt-record.ts";
import type { KvmInterrupts } from "./interrupts.ts";

/**
 * Registers with some bits an INTID, as GICD, GICR and both GIC versions share them (Linux vgic-mmio.c). The state is the
 * interrupts' own; each behaviour here is a view of it.
 */
export class InterruptRegisters {
  private readonly interrupts: KvmInterrupts;
  private readonly gic: KvmGicState;

  constructor(interrupts: KvmInterrupts, gic: KvmGicState) {
    this.interrupts = interrupts;
    this.gic = gic;
  }

  /** Reads one bit of each of 32 interrupts. */
  private bits(pe: number, intid: number, test: (flags: number, record: number) => boolean): number {
    let value = 0;
    for (let lane = 0; lane < 32; lane++) {
      const record = this.interrupts.record(pe, intid + lane);
      if (test(this.interrupts.flags(record), record)) value |= 1 << lane;
    }
    return value >>> 0;
  }

  /** Calls `update` for each interrupt whose bit of `value` is 1. */
  private forSet(pe: number, intid: number, value: number, update: (record: number, intid: number) => void): void {
    for (let rest = value >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) {
      const number = intid + 31 - Math.clz32(rest & -rest);
      update(this.interrupts.record(pe, number), number);
    }
    // A physical interrupt that became inactive by this may interrupt the host at once.
    this.interrupts.hardware.take();
  }

  private readonly flagOf =
    (flag: number) =>
    (pe: number, intid: number): number =>
      this.bits(pe, intid, (flags) => (flags & flag) !== 0);

  readonly group: IntidBehaviour = {
    read: this.flagOf(IrqFlag.group1),
    write: (pe, intid, _bytes, value) => {
      for (let lane = 0; lane < 32; lane++) {
        const record = this.interrupts.record(pe, intid + lane);
        this.interrupts.setFlag(record, IrqFlag.group1, ((value >>> lane) & 1) === 1);
        this.interrupts.queue(record);
      }
    },
  };

  readonly setEnable: IntidBehaviour = {
    read: this.flagOf(IrqFlag.enabled),
    write: (pe, intid, _bytes, value) => this.enable(pe, intid, value, false),
    userWrite: (pe, intid, value) => {
      this.enable(pe, intid, value, true);
      return Errno.OK;
    },
  };

  private enable(pe: number, intid: number, value: number, user: boolean): void {
    this.forSet(pe, intid, value, (record) => {
      if (!user) this.interrupts.hardware.sampleForEnable(record);
      this.interrupts.setFlag(record, IrqFlag.enabled, true);
      this.interrupts.queue(record);
    });
  }

  readonly clearEnable: IntidBehaviour = {
    read: this.setEnable.read,
    write: (pe, intid, _bytes, value) =>
      this.forSet(pe, intid, value, (record) => this.interrupts.setFlag(record, IrqFlag.enabled, false)),
  };

  private isV2Sgi(intid: number): boolean {
    return this.gic.model === 2 && intid < SGIS;
  }

  private readonly readPending = (pe: number, intid: number): number => this.bits(pe, intid, isPending);

  /** The guest reads the physical state of a level-sensitive interrupt that has one (Linux 5.17; 5.10.104). */
  private readonly guestReadPending = (pe: number, intid: number): number =>
    this.bits(pe, intid, (flags, record) =>
      isMappedLevel(flags) ? this.interrupts.hardware.level(record) : isPending(flags),
    );

  /** GICv3: user space sees the latch alone; the line is in LEVEL_INFO. */
  private readonly readLatch = (pe: number, intid: number): number =>
    this.gic.model === 3 ? this.flagOf(IrqFlag.pending)(pe, intid) : this.readPending(pe, intid);

  private latch(pe: number, intid: number, value: number, user: boolean): void {
    this.forSet(pe, intid, value, (record, number) => {
      if (this.isV2Sgi(number)) {
        if (!user) return;
        // Which PE the SGI came from is lost; it stands for its own.
        const flags = this.interrupts.flags(record);
        this.interrupts.setFlags(record, withSources(flags, sourcesOf(flags) | (1 << pe)));
      }
      this.interrupts.setFlag(record, IrqFlag.pending, true);
      if (!user && this.isMapped(record)) this.interrupts.hardware.pend(record);
      this.interrupts.queue(record);
    });
  }

  private isMapped(record: number): boolean {
    return (this.interrupts.flags(record) & IrqFlag.hw) !== 0;
  }

  private unlatch(pe: number, intid: number, value: number, user: boolean): void {
    this.forSet(pe, intid, value, (record, number) => {
      if (this.isV2Sgi(number)) {
        if (!user) return;
        this.interrupts.setFlags(record, withSources(this.interrupts.flags(record), 0));
      }
      this.interrupts.setFlag(record, IrqFlag.pending, false);
      if (!user && this.isMapped(record)) this.interrupts.hardware.unpend(record);
    });
  }

  readonly setPending: IntidBehaviour = {
    read: this.guestReadPending,
    write: (pe, intid, _bytes, value) => this.latch(pe, intid, value, false),
    userRead: this.readLatch,
    userWrite: (pe, intid, value) => {
      this.latch(pe, intid, value, true);
      // GICv3: the value written becomes the latch; GICv2 adds to it.
      if (this.gic.model === 3) this.unlatch(pe, intid, ~value >>> 0, true);
      return Errno.OK;
    },
  };

  readonly clearPending: IntidBehaviour = {
    read: this.guestReadPending,
    write: (pe, intid, _bytes, value) => this.unlatch(pe, intid, value, false),
    userRead: (pe, intid) => (this.gic.model === 3 ? 0 : this.readPending(pe, intid)),
    userWrite: (pe, intid, value) => {
      if (this.gic.model === 2) this.unlatch(pe, intid, value, true);
      return Errno.OK;
    },
  };

  /** What is active in list registers is known once the vCPUs have left their guests (`vgic_access_active_prepare`). */
  private readonly readActive = (pe: number, intid: number): number => {
    this.interrupts.halt();
    return this.flagOf(IrqFlag.active)(pe, intid);
  };

  readonly setActive: IntidBehaviour = {
    read: this.readActive,
    write: (pe, intid, _bytes, value) => {
      this.interrupts.halt();
      this.activate(pe, intid, value, false);
    },
    userRead: this.flagOf(IrqFlag.active),
    userWrite: (pe, intid, value) => {
      this.activate(pe, intid, value, true);
      return Errno.OK;
    },
  };

  /** For GICv2 SGIs, the PE that counts as the sender is the writing one, or 0 for user space. */
  private activate(pe: number, intid: number, value: number, user: boolean): void {
    this.forSet(pe, intid, value, (record, number) => {
      this.changeActive(record, true, user);
      if (this.isV2Sgi(number)) this.interrupts.setActiveSource(record, user ? 0 : pe);
      this.interrupts.queue(record);
    });
  }

  /**
   * Both sides of an interrupt with a physical one are active or neither; user space cannot change that, as it does not restore the
   * physical side (`vgic_hw_irq_change_active`).
   */
  private changeActive(record: number, active: boolean, user: boolean): void {
    const mapped = this.isMapped(record);
    if (mapped && user) return;
    this.interrupts.setFlag(record, IrqFlag.active, active);
    if (mapped) this.interrupts.hardware.setActive(record, active);
  }

  private deactivate(pe: number, intid: number, value: number, user: boolean): void {
    this.forSet(pe, intid, value, (record) => this.changeActive(record, false, user));
  }

  readonly clearActive: IntidBehaviour = {
    read: this.readActive,
    write: (pe, intid, _bytes, value) => {
      this.interrupts.halt();
      this.deactivate(pe, intid, value, false);
    },
    userRead: this.flagOf(IrqFlag.active),
    userWrite: (pe, intid, value) => {
      this.deactivate(pe, intid, value, true);
      return Errno.OK;
    },
  };

  readonly priority: IntidBehaviour = {
    read: (pe, intid, bytes) => {
      let value = 0;
      for (let lane = 0; lane < bytes; lane++) {
        value |= priorityOf(this.interrupts.flags(this.interrupts.record(pe, intid + lane))) << (lane * 8);
      }
      return value >>> 0;
    },
    write: (pe, intid, bytes, value) => {
      for (let lane = 0; lane < bytes; lane++) {
        const record = this.interrupts.record(pe, intid + lane);
        this.interrupts.setPriority(record, (value >>> (lane * 8)) & PRIORITY_MASK);
      }
    },
  };

  readonly config: IntidBehaviour = {
    read: (pe, intid) => {
      let value = 0;
      for (let lane = 0; lane < 16; lane++) {
        const edge = (this.interrupts.flags(this.interrupts.record(pe, intid + lane)) & IrqFlag.edge) !== 0;
        if (edge) value |= 2 << (lane * 2);
      }
      return value >>> 0;
    },
    write: (pe, intid, _bytes, value) => {
      if (intid < PRIVATE_INTIDS) return;
      for (let lane = 0; lane < 16; lane++) {
        const edge = ((value >>> (lane * 2 + 1)) & 1) === 1;
        this.interrupts.setFlag(this.interrupts.record(pe, intid + lane), IrqFlag.edge, edge);
      }
    },
  };

  /** Levels of 32 input lines: SGIs have none, edge-triggered interrupts show none. */
  levels(pe: number, intid: number): number {
    let value = 0;
    this.forEachLine(intid, (number, lane) => {
      const flags = this.interrupts.flags(this.interrupts.record(pe, number));
      if ((flags & (IrqFlag.edge | IrqFlag.line)) === IrqFlag.line) value |= 1 << lane;
    });
    return value >>> 0;
  }

  /** Sets 32 input lines, whatever the trigger is: user space may restore that later. */
  setLevels(pe: number, intid: number, value: number): void {
    this.forEachLine(intid, (number, lane) => {
      const record = this.interrupts.record(pe, number);
      const high = ((value >>> lane) & 1) === 1;
      this.interrupts.setFlag(record, IrqFlag.line, high);
      if (high) this.interrupts.queue(record);
    });
  }

  private forEachLine(intid: number, visit: (intid: number, lane: number) => void): void {
    const end = this.gic.spis + PRIVATE_INTIDS;
    for (let lane = 0; lane < 32; lane++) {
      if (intid + lane >= SGIS && intid + lane < end) visit(intid + lane, lane);
    }
  }
}
