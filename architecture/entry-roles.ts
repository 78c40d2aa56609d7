/** A role of a field, as {@link entryRoles} declares it. */
interface RoleFacts {
  /** What the meaning of such a field is, `(raw << shift) + plus`. */
  readonly summary: string;
  /** What the meaning counts, see `Field.unit`. Absent: nothing that has a name. */
  readonly unit?: string;
  /** Tables whose entries may have such a field. */
  readonly tables: readonly ("device" | "itt" | "collection" | "vpe" | "level1")[];
}

/** What a field of an entry is for, whatever its layout calls it. Whoever walks tables asks for these, not for names. */
export const entryRoles = {
  "itt-address": { summary: "physical byte address of the device's ITT", unit: "address", tables: ["device"] },
  "event-bits": { summary: "number of EventID bits of the device", unit: "EventID bits", tables: ["device"] },
  intid: { summary: "the LPI of the event, physical or virtual by its type", unit: "INTID", tables: ["itt"] },
  icid: { summary: "the collection (ICID)", tables: ["itt", "collection"] },
  "event-type": { summary: "0 for a virtual event, 1 for a physical one", tables: ["itt"] },
  vpeid: { summary: "the vPE of a virtual event (vPEID)", tables: ["itt"] },
  doorbell: { summary: "INTID of a virtual event's doorbell", unit: "INTID", tables: ["itt"] },
  target: {
    summary: "number of the target PE, or with GITS_TYPER.PTA its redistributor's address in units of 64 KiB",
    unit: "PE number",
    tables: ["collection", "vpe"],
  },
  "vpt-address": {
    summary: "physical byte address of the virtual LPI pending table",
    unit: "address",
    tables: ["vpe"],
  },
  "vpt-size": { summary: "number of virtual INTID bits", unit: "vINTID bits", tables: ["vpe"] },
  "page-address": { summary: "physical byte address of the level-2 page", unit: "address", tables: ["level1"] },
  next: { summary: "distance in ids to the next valid entry, 0 in the last one", tables: ["device", "itt"] },
} as const satisfies Readonly<Record<string, RoleFacts>>;

export type EntryRole = keyof typeof entryRoles;

/** The facts of a role. */
export function roleFacts(role: EntryRole): RoleFacts {
  return entryRoles[role];
}
