import { offsetOf } from "../../../architecture/index.ts";
import { Width } from "../../value64.ts";
import { Errno } from "../errno.ts";
import { IrqFlag, PRIVATE_INTIDS, sourcesOf, withSources } from "../interrupts/interrupt-record.ts";
import { type IntidBehaviour, intidRegion } from "../intid-region.ts";
import { type RegisterRegion, RegisterTable, readsZero } from "../register-table.ts";
import { distributorIdentity, writeIdentity } from "./distributor-v3.ts";
import type { KvmGuest } from "./guest.ts";

const INTIDS = 1024;
/** A GICv2 has eight CPU interfaces at most. */
export const V2_MAX_PES = 8;

const CTLR = offsetOf("GICD_CTLR");
const TYPER = offsetOf("GICD_TYPER");
const IIDR = offsetOf("GICD_IIDR");
const SGIR = offsetOf("GICD_SGIR");
const SGIS = 16;
const ENABLE_GRP0 = 1;

/** GICD_SGIR.TargetListFilter. */
const Filter = { list: 0, others: 1, self: 2 } as const;

/** The distributor of a virtual GICv2, banked by the accessing PE (Linux vgic-mmio-v2.c `vgic_v2_dist_registers`). */
export function distributorV2(guest: KvmGuest): RegisterTable {
  const { gic, decisions, interrupts, interruptRegisters: by } = guest;
  const { routes } = interrupts;
  const word = Width.bits32;
  const bytewise = Width.bits32 | Width.bits8;
  const pes = (): number => guest.redistributors.length;

  const control: RegisterRegion = {
    offset: CTLR,
    bytes: 12,
    widths: word,
    read: (_pe, offset, _bytes, into) => {
      if (offset === CTLR) into.lo = interrupts.distributorEnabled ? ENABLE_GRP0 : 0;
      else if (offset === TYPER) into.lo = ((guest.intids >>> 5) - 1) | ((pes() - 1) << 5);
      else if (offset === IIDR) into.lo = distributorIdentity(gic);
    },
    write: (_pe, offset, _bytes, lo) => {
      if (offset === CTLR) interrupts.distributorEnabled = (lo & ENABLE_GRP0) !== 0;
    },
    userWrite: (_pe, offset, value) => {
      if (offset === CTLR) interrupts.distributorEnabled = (value & ENABLE_GRP0) !== 0;
      if (offset !== IIDR) return Errno.OK;
      const errno = writeIdentity(gic, decisions, value);
      if (errno === Errno.OK) gic.groupsWritable = true;
      return errno;
    },
  };

  const group: IntidBehaviour = {
    ...by.group,
    userWrite: (pe, intid, value) => {
      if (gic.groupsWritable) by.group.write(pe, intid, word, value);
      return Errno.OK;
    },
  };

  const targets: IntidBehaviour = {
    read: (pe, intid, bytes) => {
      let value = 0;
      for (let lane = 0; lane < bytes; lane++) {
        const mask = intid < PRIVATE_INTIDS ? 1 << pe : routes.words[intid + lane - PRIVATE_INTIDS];
        value |= (mask & 0xff) << (lane * 8);
      }
      return value >>> 0;
    },
    write: (pe, intid, bytes, value) => {
      if (intid < PRIVATE_INTIDS) return;
      for (let lane = 0; lane < bytes; lane++) {
        const record = interrupts.record(pe, intid + lane);
        const mask = (value >>> (lane * 8)) & ((1 << pes()) - 1) & 0xff;
        routes.set(intid + lane - PRIVATE_INTIDS, mask);
        // The lowest of the targets gets it; without any, PE 0.
        interrupts.setTarget(record, mask === 0 ? 0 : 31 - Math.clz32(mask & -mask));
      }
    },
  };

  const generate = (source: number, value: number): void => {
    const filter = (value >>> 24) & 3;
    let list = (value >>> 16) & 0xff;
    if (filter === Filter.others) list = ((1 << pes()) - 1) & ~(1 << source);
    else if (filter === Filter.self) list = 1 << source;
    else if (filter !== Filter.list) return;
    for (let pe = 0; pe < pes(); pe++) {
      if (((list >>> pe) & 1) === 0) continue;
      const record = interrupts.record(pe, value & 0xf);
      const flags = interrupts.flags(record);
      interrupts.setFlags(record, withSources(flags, sourcesOf(flags) | (1 << source)) | IrqFlag.pending);
      interrupts.queue(record);
    }
  };

  const sgiPending = (name: string, write: (record: number, sources: number) => void): RegisterRegion => {
    const behaviour: IntidBehaviour = {
      read: (pe, intid, bytes) => {
        let value = 0;
        for (let lane = 0; lane < bytes; lane++) {
          value |= sourcesOf(interrupts.flags(interrupts.record(pe, intid + lane))) << (lane * 8);
        }
        return value >>> 0;
      },
      write: (pe, intid, bytes, value) => {
        for (let lane = 0; lane < bytes; lane++) {
          write(interrupts.record(pe, intid + lane), (value >>> (lane * 8)) & 0xff);
        }
      },
    };
    return intidRegion(name, behaviour, bytewise, { intids: SGIS });
  };

  const array = (name: string, behaviour: IntidBehaviour, widths: number = word): RegisterRegion =>
    intidRegion(name, behaviour, widths, { intids: INTIDS });

  return new RegisterTable(
    [
      control,
      array("GICD_IGROUPR0", group),
      array("GICD_ISENABLER0", by.setEnable),
      array("GICD_ICENABLER0", by.clearEnable),
      array("GICD_ISPENDR0", by.setPending),
      array("GICD_ICPENDR0", by.clearPending),
      array("GICD_ISACTIVER0", by.setActive),
      array("GICD_ICACTIVER0", by.clearActive),
      array("GICD_IPRIORITYR0", by.priority, bytewise),
      array("GICD_ITARGETSR0", targets, bytewise),
      array("GICD_ICFGR0", by.config),
      {
        offset: SGIR,
        bytes: 4,
        widths: word,
        read: readsZero,
        write: (pe, _offset, _bytes, lo) => generate(pe, lo),
      },
      sgiPending("GICD_CPENDSGIR0", (record, sources) => {
        const flags = interrupts.flags(record);
        const left = sourcesOf(flags) & ~sources;
        const latched = left === 0 ? flags & ~IrqFlag.pending : flags;
        interrupts.setFlags(record, withSources(latched, left));
      }),
      sgiPending("GICD_SPENDSGIR0", (record, sources) => {
        const flags = interrupts.flags(record);
        const all = sourcesOf(flags) | sources;
        if (all === 0) return;
        interrupts.setFlags(record, withSources(flags, all) | IrqFlag.pending);
        interrupts.queue(record);
      }),
    ],
    () => guest.intids,
  );
}
