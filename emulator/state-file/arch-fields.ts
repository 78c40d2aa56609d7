import { FIRST_LPI, NO_DOORBELL } from "../../architecture/index.ts";
import type { ArchFeatures } from "../arch/features.ts";
import { CBASER_HIGH, CBASER_LOW, IMDE, STATUS_BITS } from "../arch/its-registers.ts";
import { type ArchItsState, ItsWord } from "../arch/its-state.ts";
import { VirtualWord } from "../arch/virtual-interface.ts";
import { VPEND40, VPEND41, VPROP40, VPROP41 } from "../arch/vlpi-frame.ts";
import { VpeWord } from "../arch/vpe-store.ts";
import { BASER_READ_ONLY_HIGH, BASERS, ENABLED, INDIRECT, QUEUE_OFFSET, STALLED } from "../gicv3/its-fields.ts";
import { BestWord, PeWord } from "../gicv3/redistributor.ts";
import { type BankField, bits, one, two, upTo } from "./bank-fields.ts";
import { lpiFields, privateFields } from "./gic-fields.ts";

/** INTIDs, vPEIDs, ICIDs have 16 bits; addresses 52. */
export const MAX_ID = 0xffff;
const address = bits(0xffff_ffff, 0xf_ffff);
/** Bytes of virtual SGIs: Priority[7:4], Group, Enable. */
const SGI_BITS = 0xf3f3_f3f3;
const MAX_PRIORITY = 0xff;
const GROUPS = 3;
/** vINTIDs of a resident vPE have 16 bits at most. */
const MAX_INTID_BITS = 16;

/**
 * What a redistributor or a CPU interface remembers as the most urgent interrupt. It is no copy of anything: a guest's write to a
 * property byte is seen at the next INV and no sooner.
 * @param intids INTIDs of the distributor: SGIs, PPIs, SPIs
 */
function rememberedFields(name: string, word: number, intids: number): readonly BankField[] {
  const isIntid = (value: bigint): boolean => value < intids || (value >= FIRST_LPI && value <= MAX_ID);
  return [
    one(`${name} INTID`, word + BestWord.intid, isIntid),
    one(`${name} priority`, word + BestWord.priority, upTo(MAX_PRIORITY)),
    one(`${name} group`, word + BestWord.group, upTo(GROUPS - 1)),
  ];
}

/** The physical side of a redistributor. */
export function archRedistributorFields(intids: number): readonly BankField[] {
  return [...lpiFields, ...privateFields, ...rememberedFields("highest pending LPI", PeWord.bestLpi, intids)];
}

/** What a CPU interface was told of. */
export function highestPendingFields(intids: number): readonly BankField[] {
  return rememberedFields("highest pending", PeWord.best, intids);
}

/** The virtual side of a redistributor: none in GICv3. */
export function virtualFields({ virtual, virtual41 }: ArchFeatures): readonly BankField[] {
  if (!virtual) return [];
  const prop = virtual41 ? VPROP41 : VPROP40;
  const pend = virtual41 ? VPEND41 : VPEND40;
  return [
    two("GICR_VPROPBASER", VirtualWord.vpropbaser, bits(prop.low, prop.high)),
    two("GICR_VPENDBASER", VirtualWord.vpendbaser, bits(pend.low, pend.high)),
    two("resident VPT_addr", VirtualWord.pendingTable, address),
    two("resident VCONF_addr", VirtualWord.configTable, address),
    one("resident vINTID bits", VirtualWord.intidBits, upTo(MAX_INTID_BITS)),
    one("resident vPEID", VirtualWord.vpeId, upTo(MAX_ID)),
    one("GICR_VSGIR vPEID + 1", VirtualWord.asked, upTo(virtual41 ? MAX_ID + 1 : 0)),
  ];
}

/**
 * The registers of an ITS. GITS_CREADR has Stalled in bit 0, as software reads it.
 * @param its its GITS_BASER<n> are asked for the fields that are read-only
 */
export function archItsFields(its: ArchItsState): readonly BankField[] {
  const { virtual } = its.shared.features;
  const basers = Array.from({ length: BASERS }, (_, index): BankField => {
    const word = ItsWord.baser + index * 2;
    const high = its.words[word + 1] & BASER_READ_ONLY_HIGH;
    const mask = BigInt((BASER_READ_ONLY_HIGH | (its.mayBeIndirect(index) ? 0 : INDIRECT)) >>> 0) << 32n;
    const fixed = BigInt(high >>> 0) << 32n;
    // An index without a table reads as 0 and ignores writes.
    return two(`GITS_BASER${index}`, word, (value) => (high === 0 ? value === 0n : (value & mask) === fixed));
  });
  return [
    one("GITS_CTLR", ItsWord.ctlr, bits(virtual ? ENABLED | IMDE : ENABLED)),
    two("GITS_CBASER", ItsWord.cbaser, bits(CBASER_LOW, CBASER_HIGH)),
    one("GITS_CWRITER", ItsWord.cwriter, bits(QUEUE_OFFSET)),
    one("GITS_CREADR", ItsWord.creadr, bits(QUEUE_OFFSET | STALLED)),
    one("GITS_STATUSR", ItsWord.statusr, bits(STATUS_BITS)),
    two("GITS_UMSIR", ItsWord.umsir),
    ...basers,
  ];
}

/** What a machine holds of a vPE beside the tables, relative to the vPE's first word. @param itss number of ITSs */
export function vpeFields(itss: number, { virtual41 }: ArchFeatures): readonly BankField[] {
  const mapped = one("ITSs", VpeWord.mappedOn, upTo(2 ** itss - 1));
  if (!virtual41) return [mapped];
  const isDoorbell = (value: bigint): boolean =>
    value === 0n || value === BigInt(NO_DOORBELL) || (value >= FIRST_LPI && value <= MAX_ID);
  return [
    mapped,
    two("VCONF_addr", VpeWord.config, address),
    one("Default_Doorbell_pINTID", VpeWord.doorbell, isDoorbell),
    one("doorbell asked for", VpeWord.armed, upTo(1)),
    ...[0, 1, 2, 3].map((word) => one(`vSGIs ${word * 4} to ${word * 4 + 3}`, VpeWord.sgis + word, bits(SGI_BITS))),
    one("vSGIs pending", VpeWord.sgiPending, upTo(MAX_ID)),
  ];
}
