import { documentedRestore, documentedSave, type RestoreStep, type SaveStep } from "../state-file/kvm-steps.ts";

/** An order in which user space saves a guest and restores it elsewhere. */
export interface MigrationOrder {
  readonly name: string;
  /** What it does. */
  readonly summary: string;
  /** What goes wrong, and why; undefined for the order that is documented. */
  readonly harm?: string;
  readonly save: readonly SaveStep[];
  readonly restore: readonly RestoreStep[];
}

/** The documented restore with some steps taken out and put in, in this order, before another. */
function placed(moved: readonly RestoreStep[], before: RestoreStep): readonly RestoreStep[] {
  const rest = documentedRestore.filter((step) => !moved.includes(step));
  const at = rest.indexOf(before);
  return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

function restoring(name: string, summary: string, harm: string, restore: readonly RestoreStep[]): MigrationOrder {
  return { name, summary, harm, save: documentedSave, restore };
}

function saving(name: string, summary: string, harm: string, save: readonly SaveStep[]): MigrationOrder {
  return { name, summary, harm, save, restore: documentedRestore };
}

/** The documented order and the ways to do it wrong (Linux Documentation/virt/kvm/devices/arm-vgic-its.rst, "ITS Restore Sequence"). */
export const migrationOrders: readonly MigrationOrder[] = [
  {
    name: "documented",
    summary: "save tables and pending bits, then registers, then RAM; restore as kvm-its.rst says",
    save: documentedSave,
    restore: documentedRestore,
  },
  saving(
    "tables-not-saved",
    "no SAVE_TABLES",
    "the tables in RAM are those of an earlier save, or empty",
    documentedSave.filter((step) => step !== "SAVE_TABLES"),
  ),
  saving(
    "pending-not-saved",
    "no SAVE_PENDING_TABLES",
    "the pending bits of LPIs stay in the source's kernel",
    documentedSave.filter((step) => step !== "SAVE_PENDING_TABLES"),
  ),
  saving(
    "memory-before-save",
    "RAM is copied before SAVE_TABLES and SAVE_PENDING_TABLES write to it",
    "what the kernel writes to RAM comes too late",
    ["memory", "SAVE_TABLES", "SAVE_PENDING_TABLES", "registers"],
  ),
  restoring(
    "tables-before-memory",
    "RESTORE_TABLES before RAM has arrived",
    "the kernel reads empty tables and says nothing",
    placed(["RESTORE_TABLES", "memory"], "GITS_CTLR"),
  ),
  restoring(
    "tables-before-redistributors",
    "RESTORE_TABLES before GICR_PROPBASER and GICR_PENDBASER",
    "property bytes and pending bits are looked for at address 0",
    placed(["RESTORE_TABLES", "redistributors", "GICR_CTLR"], "GITS_CTLR"),
  ),
  restoring(
    "tables-before-baser",
    "RESTORE_TABLES before GITS_BASER<n>",
    "a table that is not valid is passed over, with success",
    placed(["RESTORE_TABLES", "GITS_BASER<n>"], "GITS_CTLR"),
  ),
  restoring(
    "tables-before-iidr",
    "RESTORE_TABLES before GITS_IIDR",
    "the tables are read in the newest revision that the kernel knows, whatever they were saved in",
    placed(["GITS_CBASER", "GITS_CREADR", "GITS_CWRITER", "GITS_BASER<n>", "RESTORE_TABLES", "GITS_IIDR"], "GITS_CTLR"),
  ),
  restoring(
    "enable-lpis-first",
    "GICR_CTLR before the other registers of the redistributors",
    "with EnableLPIs = 1, GICR_PROPBASER and GICR_PENDBASER take no value",
    placed(["GICR_CTLR"], "redistributors"),
  ),
  restoring(
    "enable-lpis-after-tables",
    "GICR_CTLR after RESTORE_TABLES",
    "RESTORE_TABLES takes the pending bits out of the tables; EnableLPIs then reads the tables again, and finds none",
    placed(["RESTORE_TABLES", "GICR_CTLR"], "GITS_CTLR"),
  ),
  restoring(
    "its-address-last",
    "the ITS's registers before its address",
    "without an address the ITS has no registers",
    placed(["ITS address"], "GITS_CTLR"),
  ),
  restoring(
    "creadr-before-cbaser",
    "GITS_CREADR before GITS_CBASER",
    "GITS_CBASER sets GITS_CREADR to 0: the ITS begins the queue from its start",
    placed(["GITS_CREADR"], "GITS_CBASER"),
  ),
  restoring(
    "cwriter-before-cbaser",
    "GITS_CWRITER before GITS_CBASER",
    "GITS_CBASER sets GITS_CWRITER to 0: the ITS runs what is left of the queue up to its end",
    placed(["GITS_CWRITER"], "GITS_CBASER"),
  ),
  restoring(
    "ctlr-first",
    "GITS_CTLR before the other registers of the ITS",
    "Enabled = 1 is dropped while GITS_CBASER or a GITS_BASER<n> is not valid",
    placed(["GITS_CTLR"], "GITS_IIDR"),
  ),
  restoring(
    "queue-while-enabled",
    "GITS_CTLR, then GITS_CWRITER, then GITS_CREADR",
    "GITS_CREADR is 0 since GITS_CBASER: with the ITS enabled, GITS_CWRITER carries out the queue again, and GITS_CREADR is refused",
    [
      ...documentedRestore.filter((step) => step !== "GITS_CREADR" && step !== "GITS_CWRITER"),
      "GITS_CWRITER",
      "GITS_CREADR",
    ],
  ),
];

export function migrationOrder(name: string): MigrationOrder | undefined {
  return migrationOrders.find((order) => order.name === name);
}
