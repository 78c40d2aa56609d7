import { offsetOf } from "../../../architecture/index.ts";
import type { Bank } from "../../journal/bank.ts";
import { extractBytes, updateBytes, type Value64, Width } from "../../value64.ts";
import { PRIVATE_INTIDS } from "../interrupts/interrupt-record.ts";
import { SharedWord } from "../interrupts/lpis.ts";
import { ENABLE_LPIS, RedistributorWord } from "../interrupts/redistributor.ts";
import { type IntidBehaviour, intidRegion } from "../intid-region.ts";
import { sanitiseField, sanitiseInner, sanitiseOuter, sanitiseShareability } from "../its/baser.ts";
import { constant, ignores, type RegisterRegion, RegisterTable, readsZero, userIgnores } from "../register-table.ts";
import type { KvmGuest } from "./guest.ts";

const PIDR2 = offsetOf("GICR_PIDR2");
const ID_BYTES = 48;

/** CES and IR: EnableLPIs may be cleared, GICR_INVLPIR and GICR_INVALLR exist. */
const CES_IR = 0x6;
/** GICD_IIDR.Revision from which on GICR_CTLR shows them. */
const CES_IR_REVISION = 3;
const IIDR_VALUE = 0x4b00_043b;
const TYPER_PLPIS = 1;
const TYPER_LAST = 1 << 4;
const PTZ_HIGH = 1 << 30;
/** Bits that read as zero (vgic-mmio-v3.c `PROPBASER_RES0_MASK`, `PENDBASER_RES0_MASK`). */
const PROPBASER_KEEP = { lo: 0xffff_ff9f, hi: 0x070f_ffff };
const PENDBASER_KEEP = { lo: 0xffff_0f80, hi: 0x470f_ffff };

/** A redistributor under KVM, RD_base and SGI_base frame (Linux vgic-mmio-v3.c `vgic_v3_rd_registers`). */
export function redistributorRegisters(guest: KvmGuest): RegisterTable {
  const { gic, decisions, lpis, redistributors, interruptRegisters: by } = guest;
  const scratch: Value64 = { lo: 0, hi: 0 };
  const word = Width.bits32;
  const wide = Width.bits32 | Width.bits64;

  const update = (bank: Bank, at: number, keep: Value64): RegisterRegion["write"] => {
    return (_pe, offset, bytes, lo, hi) => {
      scratch.lo = bank.words[at];
      scratch.hi = bank.words[at + 1];
      updateBytes(scratch, offset & 7, bytes, lo, hi);
      const shared = sanitiseField(scratch.lo, 10, 3, sanitiseShareability);
      bank.set(at, sanitiseField(shared, 7, 7, sanitiseInner) & keep.lo);
      bank.set(at + 1, sanitiseField(scratch.hi >>> 0, 24, 7, sanitiseOuter) & keep.hi);
    };
  };

  const enableLpis = (pe: number, enable: boolean): void => {
    const redistributor = redistributors[pe];
    if (!guest.hasIts || enable === redistributor.lpisEnabled) return;
    redistributor.registers.set(RedistributorWord.ctlr, enable ? ENABLE_LPIS : 0);
    if (!enable) {
      lpis.flush(pe);
      for (const its of guest.itss) its.state.cache.clear();
    } else if ((redistributor.registers.words[RedistributorWord.pendbaser + 1] & PTZ_HIGH) === 0) {
      lpis.loadPendingTable(pe);
    }
  };

  const readTyper = (pe: number, offset: number, bytes: number, last: boolean, into: Value64): void => {
    const { id, affinity } = redistributors[pe];
    const low = ((id & 0xffff) << 8) | (guest.hasIts ? TYPER_PLPIS : 0) | (last ? TYPER_LAST : 0);
    extractBytes(low, affinity, offset & 7, bytes, into);
  };

  /** A register of 64 bits: KVM knows it by its first byte and takes it in halves, too. */
  const register = (name: string, bytes: 4 | 8, access: Partial<RegisterRegion>): RegisterRegion => ({
    offset: offsetOf(name),
    bytes,
    widths: bytes === 8 ? wide : word,
    read: readsZero,
    write: ignores,
    ...access,
  });

  /** GICR_INVLPIR and GICR_INVALLR: a write of the high half alone is for virtual PEs, which a guest does not have. */
  const invalidate = (action: (pe: number, lo: number) => void): RegisterRegion["write"] => {
    return (pe, offset, _bytes, lo) => {
      if ((offset & 4) === 0 && redistributors[pe].lpisEnabled) action(pe, lo);
    };
  };

  const rdBase: RegisterRegion[] = [
    register("GICR_CTLR", 4, {
      read: (pe, _offset, _bytes, into) => {
        into.lo =
          redistributors[pe].registers.words[RedistributorWord.ctlr] | (gic.revision >= CES_IR_REVISION ? CES_IR : 0);
      },
      write: (pe, _offset, _bytes, lo) => enableLpis(pe, (lo & ENABLE_LPIS) !== 0),
    }),
    register("GICR_IIDR", 4, { read: constant(IIDR_VALUE) }),
    register("GICR_TYPER", 8, {
      read: (pe, offset, bytes, into) => readTyper(pe, offset, bytes, guest.regions.isLast(pe), into),
      userRead: (pe, offset, into) =>
        readTyper(pe, offset, word, decisions.typerLastForUser && guest.regions.isLast(pe), into),
      userWrite: userIgnores,
    }),
    // GICR_STATUSR stands in KVM's table before GICR_IIDR, out of the order by which the table is searched, and so is never found.
    register("GICR_WAKER", 4, {}),
    register("GICR_PROPBASER", 8, {
      read: (_pe, offset, bytes, into) => {
        const { words } = lpis.shared;
        extractBytes(words[SharedWord.propbaser], words[SharedWord.propbaser + 1], offset & 7, bytes, into);
      },
      write: (pe, offset, bytes, lo, hi) => {
        if (redistributors[pe].lpisEnabled) return;
        update(lpis.shared, SharedWord.propbaser, PROPBASER_KEEP)(pe, offset, bytes, lo, hi);
      },
    }),
    register("GICR_PENDBASER", 8, {
      read: (pe, offset, bytes, into) => {
        const { words } = redistributors[pe].registers;
        const at = RedistributorWord.pendbaser;
        extractBytes(words[at], words[at + 1] & ~PTZ_HIGH, offset & 7, bytes, into);
      },
      write: (pe, offset, bytes, lo, hi) => {
        if (redistributors[pe].lpisEnabled) return;
        update(redistributors[pe].registers, RedistributorWord.pendbaser, PENDBASER_KEEP)(pe, offset, bytes, lo, hi);
      },
    }),
    {
      ...register("GICR_PIDR4", 4, {}),
      bytes: ID_BYTES,
      read: (_pe, offset, _bytes, into) => {
        if (offset === PIDR2) into.lo = 0x3b;
      },
    },
  ];
  const invalidation: RegisterRegion[] = [
    register("GICR_INVLPIR", 8, { write: invalidate((_pe, lo) => lpis.reloadByIntid(lo)) }),
    register("GICR_INVALLR", 8, { write: invalidate((pe) => lpis.reloadProperties(pe)) }),
    register("GICR_SYNCR", 4, {}),
  ];

  const array = (name: string, behaviour: IntidBehaviour, widths: number = word): RegisterRegion =>
    intidRegion(name, behaviour, widths, { intids: PRIVATE_INTIDS });

  return new RegisterTable(
    [
      ...rdBase,
      ...(decisions.lpiInvalidationRegisters ? invalidation : []),
      array("GICR_IGROUPR0", by.group),
      array("GICR_ISENABLER0", by.setEnable),
      array("GICR_ICENABLER0", by.clearEnable),
      array("GICR_ISPENDR0", by.setPending),
      array("GICR_ICPENDR0", by.clearPending),
      array("GICR_ISACTIVER0", by.setActive),
      array("GICR_ICACTIVER0", by.clearActive),
      array("GICR_IPRIORITYR0", by.priority, Width.bits32 | Width.bits8),
      array("GICR_ICFGR0", by.config),
      register("GICR_IGRPMODR0", 4, {}),
      register("GICR_NSACR", 4, {}),
    ],
    () => PRIVATE_INTIDS,
  );
}
