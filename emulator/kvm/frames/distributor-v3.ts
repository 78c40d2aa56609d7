import { offsetOf } from "../../../architecture/index.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { extractBytes, Width } from "../../value64.ts";
import { Errno } from "../errno.ts";
import type { KvmGicState } from "../interrupts/gic-state.ts";
import { PRIVATE_INTIDS } from "../interrupts/interrupt-record.ts";
import { type IntidBehaviour, intidRegion, nothing } from "../intid-region.ts";
import { constant, ignores, type RegisterRegion, RegisterTable, readsZero } from "../register-table.ts";
import type { KvmGuest } from "./guest.ts";

/** INTIDs for which the distributor has register space. */
const INTIDS = 1024;

const CTLR = offsetOf("GICD_CTLR");
const TYPER = offsetOf("GICD_TYPER");
const IIDR = offsetOf("GICD_IIDR");
const TYPER2 = offsetOf("GICD_TYPER2");
const PIDR2 = offsetOf("GICD_PIDR2");
const ID_REGISTERS = offsetOf("GICD_PIDR4");
const ID_BYTES = 48;
/** Where GICD_IROUTER<n> would begin for INTID 0. */
const ROUTERS = offsetOf("GICD_IROUTER32") - PRIVATE_INTIDS * 8;
const ROUTER_BITS = 64;

const ENABLE_GRP1 = 1 << 1;
const ARE = 1 << 4;
const DS = 1 << 6;
/** GICD_TYPER.IDbits with and without LPIs, and LPIS. */
const ID_BITS_LPI = 15 << 19;
const ID_BITS_SPI = 9 << 19;
const LPIS = 1 << 17;

/** ProductID 'K', Implementer 0x43B. */
export const IIDR_FIXED = 0x4b00_043b;
const REVISION_SHIFT = 12;
const REVISION_MASK = 0xf << REVISION_SHIFT;
const OLDEST_REVISION = 2;

/** GICD_IIDR of both GIC versions. */
export function distributorIdentity(gic: KvmGicState): number {
  return (IIDR_FIXED | (gic.revision << REVISION_SHIFT)) >>> 0;
}

/** User space writes GICD_IIDR: only Revision may differ, and only to a revision that the kernel has. @returns errno */
export function writeIdentity(gic: KvmGicState, decisions: KvmDecisions, value: number): number {
  if (((distributorIdentity(gic) ^ value) & ~REVISION_MASK) !== 0) return Errno.EINVAL;
  const revision = (value & REVISION_MASK) >>> REVISION_SHIFT;
  if (revision < OLDEST_REVISION || revision > decisions.implementationRevision) return Errno.EINVAL;
  gic.revision = revision;
  return Errno.OK;
}

/** Number of the SPI, from INTID 32 on, whose router is at an offset. */
function routed(offset: number): number {
  return ((offset - ROUTERS) >>> 3) - PRIVATE_INTIDS;
}

/** Interrupts of the distributor alone: the registers of SGIs and PPIs are in the redistributors and read as zero here. */
function shared(name: string, behaviour: IntidBehaviour, widths: number): RegisterRegion[] {
  return [
    intidRegion(name, nothing, widths, { intids: PRIVATE_INTIDS }),
    intidRegion(name, behaviour, widths, { intids: INTIDS, skip: PRIVATE_INTIDS }),
  ];
}

/** The distributor of a virtual GICv3 (Linux vgic-mmio-v3.c `vgic_v3_dist_registers`). */
export function distributorV3(guest: KvmGuest): RegisterTable {
  const { gic, decisions, interrupts, interruptRegisters: by } = guest;
  const word = Width.bits32;
  const priority = Width.bits32 | Width.bits8;

  const control: RegisterRegion = {
    offset: CTLR,
    bytes: 16,
    widths: word,
    read: (_pe, offset, _bytes, into) => {
      if (offset === CTLR) into.lo = ARE | DS | (interrupts.distributorEnabled ? ENABLE_GRP1 : 0);
      else if (offset === TYPER) into.lo = (guest.intids >>> 5) - 1 + (guest.hasIts ? ID_BITS_LPI | LPIS : ID_BITS_SPI);
      else if (offset === IIDR) into.lo = distributorIdentity(gic);
    },
    write: (_pe, offset, _bytes, lo) => {
      if (offset === CTLR) interrupts.distributorEnabled = (lo & ENABLE_GRP1) !== 0;
    },
    userWrite: (_pe, offset, value) => {
      if (offset === IIDR) return writeIdentity(gic, decisions, value);
      if (offset === TYPER2 && value !== 0) {
        return decisions.identityBeforeInit && gic.initialised ? Errno.EBUSY : Errno.EINVAL;
      }
      if (offset === CTLR) interrupts.distributorEnabled = (value & ENABLE_GRP1) !== 0;
      return Errno.OK;
    },
  };

  const routers = { widths: Width.bits64 | Width.bits32, bitsPerIntid: ROUTER_BITS };
  return new RegisterTable(
    [
      control,
      { offset: offsetOf("GICD_STATUSR"), bytes: 4, widths: word, read: constant(-1), write: ignores },
      ...shared("GICD_IGROUPR0", by.group, word),
      ...shared("GICD_ISENABLER0", by.setEnable, word),
      ...shared("GICD_ICENABLER0", by.clearEnable, word),
      ...shared("GICD_ISPENDR0", by.setPending, word),
      ...shared("GICD_ICPENDR0", by.clearPending, word),
      ...shared("GICD_ISACTIVER0", by.setActive, word),
      ...shared("GICD_ICACTIVER0", by.clearActive, word),
      ...shared("GICD_IPRIORITYR0", by.priority, priority),
      ...shared("GICD_ITARGETSR0", nothing, priority),
      ...shared("GICD_ICFGR0", by.config, word),
      ...shared("GICD_IGRPMODR0", nothing, word),
      { ...routers, offset: ROUTERS, bytes: PRIVATE_INTIDS * 8, firstIntid: 0, read: readsZero, write: ignores },
      {
        ...routers,
        offset: ROUTERS + PRIVATE_INTIDS * 8,
        bytes: (INTIDS - PRIVATE_INTIDS) * 8,
        firstIntid: PRIVATE_INTIDS,
        read: (_pe, offset, bytes, into) => {
          extractBytes(interrupts.routes.words[routed(offset)], 0, offset & 7, bytes, into);
        },
        write: (pe, offset, _bytes, lo) => {
          // Affinity level 3 does not exist here.
          if ((offset & 4) !== 0) return;
          const spi = routed(offset);
          const affinity = lo & 0xff_ffff;
          interrupts.routes.set(spi, affinity);
          interrupts.setTarget(interrupts.record(pe, spi + PRIVATE_INTIDS), guest.peOfAffinity(affinity));
        },
      },
      {
        offset: ID_REGISTERS,
        bytes: ID_BYTES,
        widths: word,
        read: (_pe, offset, _bytes, into) => {
          if (offset === PIDR2) into.lo = 0x3b;
        },
        write: ignores,
      },
    ],
    () => guest.intids,
  );
}
