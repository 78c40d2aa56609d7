import type { Distributor } from "../gicv3/distributor.ts";
import { PeWord, PRIVATE_INTIDS } from "../gicv3/redistributor.ts";
import { type BankField, one, series, two } from "./bank-fields.ts";

/** Banks of a register by security state, and by interrupt group. */
const securities = ["S", "NS"];
const groups = ["G0", "G1S", "G1NS"];
const ACTIVE_WORDS = 4;

/** LEVEL_INFO, GICR_CTLR and GICR_WAKER, and the tables of physical LPIs (hw/intc/arm_gicv3_common.c vmstate_gicv3_cpu). */
export const lpiFields: readonly BankField[] = [
  one("LEVEL_INFO0", PeWord.level),
  one("GICR_CTLR", PeWord.ctlr),
  one("GICR_WAKER", PeWord.waker),
  two("GICR_PROPBASER", PeWord.propbaser),
  two("GICR_PENDBASER", PeWord.pendbaser),
];

/** SGIs and PPIs of a redistributor. */
export const privateFields: readonly BankField[] = [
  one("GICR_IGROUPR0", PeWord.group),
  one("GICR_ISENABLER0", PeWord.enabled),
  one("GICR_ISPENDR0", PeWord.pending),
  one("GICR_ISACTIVER0", PeWord.active),
  one("edge_trigger0", PeWord.edge),
  one("GICR_IGRPMODR0", PeWord.groupModifier),
  one("GICR_NSACR", PeWord.nsacr),
  ...series(PRIVATE_INTIDS / 4, (index) => `GICR_IPRIORITYR${index}`, PeWord.priorities),
];

/** The registers of a CPU interface. */
export const cpuInterfaceFields: readonly BankField[] = [
  ...series(2, (index) => `ICC_CTLR_EL1[${securities[index]}]`, PeWord.iccCtlr),
  one("ICC_PMR_EL1", PeWord.iccPmr),
  ...series(3, (index) => `ICC_BPR[${groups[index]}]`, PeWord.iccBpr),
  ...series(3, (index) => `ICC_IGRPEN[${groups[index]}]`, PeWord.iccIgrpen),
  one("ICC_CTLR_EL3", PeWord.iccCtlrEl3),
  ...groups.flatMap((group, at) =>
    series(ACTIVE_WORDS, (index) => `ICC_APR${index}[${group}]`, PeWord.iccApr + at * ACTIVE_WORDS),
  ),
];

/** The distributor (vmstate_gicv3): SPIs only. */
export function distributorFields(distributor: Distributor): readonly BankField[] {
  const bitmaps = distributor.intids / 32 - 1;
  const bitmap = (name: string, start: number): readonly BankField[] =>
    series(bitmaps, (index) => `${name}${index + 1}`, start + 1);
  return [
    one("GICD_CTLR", 0),
    ...bitmap("GICD_IGROUPR", distributor.group),
    ...bitmap("GICD_IGRPMODR", distributor.groupModifier),
    ...bitmap("GICD_ISENABLER", distributor.enabled),
    ...bitmap("GICD_ISPENDR", distributor.pending),
    ...bitmap("GICD_ISACTIVER", distributor.active),
    ...series(bitmaps, (index) => `LEVEL_INFO${(index + 1) * 32}`, distributor.level + 1),
    ...bitmap("edge_trigger", distributor.edge),
    ...(distributor.hasNmi ? bitmap("GICD_INMIR", distributor.nmi) : []),
    ...series(bitmaps * 8, (index) => `GICD_IPRIORITYR${index + 8}`, distributor.priorities + 8),
    ...series(bitmaps * 2, (index) => `GICD_NSACR${index + 2}`, distributor.nsacr + 2),
    ...series(bitmaps * 32, (index) => `GICD_IROUTER${index + 32}`, distributor.irouter + 64, 2),
  ];
}
