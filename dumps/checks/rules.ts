/** How bad it is that a rule is broken: a restore or the architecture refuses it; something may be lost; worth knowing. */
export type Severity = "error" | "warning" | "note";

/** A rule about the tables of an ITS, one with another. */
export interface TableRule {
  /** What is wrong when it is broken. */
  readonly title: string;
  readonly severity: Severity;
  /** What comes of it. */
  readonly why: string;
  /** Who says so. */
  readonly source: string;
  /** What to do. */
  readonly advice: string;
}

const restore = "Linux arch/arm64/kvm/vgic/vgic-its.c";
const layout = "Linux Documentation/virt/kvm/devices/arm-vgic-its.rst, ITS Table ABI REV0";
const architecture = "Arm IHI 0069";

/**
 * Every rule, by its id. Numbers are those of the list of known mistakes that the project keeps; a rule of that list that is broken in
 * several ways has a name behind its number for each.
 */
export const tableRules = {
  "L-05-overlap": {
    title: "two tables overlap",
    severity: "error",
    why: "what one of them takes the other loses: two devices share events, or an ITT overwrites a table",
    source: `${architecture}, ITTs that overlap are UNPREDICTABLE`,
    advice: "Give each ITT and each table memory of its own; an ITT has 2^EventID bits × entry size bytes.",
  },
  "L-17-intid-range": {
    title: "an event's LPI is beyond the LPI configuration table",
    severity: "error",
    why: "its configuration byte is read behind the table, from memory of another owner",
    source: `${architecture}, GICR_PROPBASER.IDbits; ${restore} vgic_its_cmd_handle_mapi`,
    advice: "Give out INTIDs below 2^(GICR_PROPBASER.IDbits + 1).",
  },
  "L-22-passed-over": {
    title: "valid entries lie between an entry and the one that its next leads to",
    severity: "warning",
    why: "a restore does not read them: they are stale from an earlier mapping, or lost by a wrong next",
    source: `${restore} scan_its_table; stale entries: "Clear DTE when MAPD unmaps a device" (December 2024)`,
    advice: "Stale entries do no harm while the chain passes over them. If the device was mapped, correct next.",
  },
  "L-22-found-on-the-way": {
    title: "a restore finds an entry that no next leads to",
    severity: "warning",
    why: "next is capped or leads to an entry that is not valid, and the restore reads on entry by entry: a stale entry comes back",
    source: `${restore} scan_its_table, compute_next_devid_offset`,
    advice: "Compare the entry with what the guest had mapped; clear the tables before SAVE_TABLES.",
  },
  "L-23-last": {
    title: "next is 0 in an entry that is not the last valid one",
    severity: "warning",
    why: "0 ends the restore of the table without an error; the valid entries behind it are stale or lost",
    source: `${restore} scan_its_table; ${layout}`,
    advice: "If the entries behind it were mapped, next has to be the distance to the first of them.",
  },
  "L-23-next": {
    title: "next leads to no valid entry",
    severity: "warning",
    why: "the entry that was there is lost, or next is not the distance to the entry that follows",
    source: `${layout}`,
    advice: "Look at the entry that next leads to: was it cleared, or never written to this copy of the memory?",
  },
  "L-24-next-range": {
    title: "next of an ITE leads beyond the ITT",
    severity: "error",
    why: "RESTORE_TABLES answers EINVAL",
    source: `${restore} vgic_its_restore_ite`,
    advice: "The ITE or the Size of the DTE is damaged: EventID + next has to be below 2^EventID bits.",
  },
  "L-24-no-lpi": {
    title: "the INTID of an event is no LPI",
    severity: "error",
    why: "INTIDs from 1 to 8191 are no LPIs; RESTORE_TABLES answers EINVAL",
    source: `${restore} vgic_its_restore_ite; ${architecture}, INTIDs`,
    advice: "The entry is damaged, or is read in the wrong layout or byte order.",
  },
  "L-25-duplicate-icid": {
    title: "two CTEs have one ICID",
    severity: "error",
    why: "RESTORE_TABLES answers EEXIST",
    source: `${restore} vgic_its_restore_cte`,
    advice: "One of the entries is damaged, or the list has no end and goes on in what an earlier save left.",
  },
  "L-25-no-pe": {
    title: "RDbase of a collection is no PE",
    severity: "error",
    why: "RESTORE_TABLES answers EINVAL; other ITSs lose what goes to the collection",
    source: `${restore} vgic_its_restore_cte`,
    advice: "Restore into a guest with as many vCPUs, in the same order, as the one that was saved.",
  },
  "L-25-icid-range": {
    title: "an ICID has no place in the collection table",
    severity: "error",
    why: "RESTORE_TABLES answers EINVAL; Linux 5.10 passes over the entry without an error",
    source: `${restore} vgic_its_restore_cte, vgic_its_check_id`,
    advice: "GITS_BASER1.Size has to be that of the guest that was saved.",
  },
  "L-25-behind-the-end": {
    title: "valid CTEs follow the end of the list",
    severity: "note",
    why: "the first entry that is not valid ends the list: those behind it are stale or lost",
    source: `${restore} vgic_its_restore_collection_table`,
    advice: "If an ICID is missing, look at the entry that ends the list.",
  },
  "L-26-no-cte": {
    title: "the collection of an event does not exist",
    severity: "error",
    why: "RESTORE_TABLES answers EINVAL; on other ITSs the MSI is lost",
    source: `${restore} vgic_its_restore_ite`,
    advice: "MAPC maps the ICID. In saved tables look for the CTE: the list ends at the first entry that is not valid.",
  },
  "L-27-outside-ram": {
    title: "a level-1 entry names a page outside RAM",
    severity: "error",
    why: "the devices of the page cannot be read; RESTORE_TABLES answers EFAULT",
    source: `${restore} handle_l1_dte`,
    advice: "The entry is damaged, or this copy of the memory is not whole.",
  },
  "L-27-shared-page": {
    title: "two level-1 entries name one page",
    severity: "error",
    why: "every device of the page appears under two DeviceIDs, with one ITT",
    source: `${architecture}, GITS_BASER<n>.Indirect`,
    advice: "Give each level-1 entry a page of its own.",
  },
  "L-27-page-bits": {
    title: "a level-1 entry has bits below its page size",
    severity: "warning",
    why: "they are RES0: KVM ignores them, QEMU adds them to the address",
    source: `${restore} handle_l1_dte; QEMU hw/intc/arm_gicv3_its.c table_entry_addr`,
    advice: "Pages are aligned to GITS_BASER<n>.Page_Size.",
  },
  "L-28-no-target": {
    title: "events are in a collection without a PE",
    severity: "note",
    why: "MSIs of these events are lost until MAPC gives the collection a PE",
    source: "Linux commit 8c58be34494b (5.6); arch/arm64/kvm/vgic/vgic-its.c COLLECTION_NOT_MAPPED",
    advice: "A guest that goes on to MAPC is well; a reader that takes 0xffffffff for a PE is not.",
  },
  "L-29-lpi-twice": {
    title: "two events have one LPI",
    severity: "warning",
    why: "KVM up to 7.2 has one interrupt for both; Linux 7.3 drops the second event without an error",
    source: `${restore} vgic_add_lpi`,
    advice: "Map each event to an LPI of its own.",
  },
  "L-29-enabled-unmapped": {
    title: "LPIs are enabled that no event is mapped to",
    severity: "note",
    why: "they cannot come: events were unmapped, or their tables are not whole",
    source: `${architecture}, LPI configuration tables`,
    advice: "Compare with the devices: is one missing?",
  },
  "L-30-pending-unmapped": {
    title: "LPIs are pending that no event is mapped to",
    severity: "warning",
    why: "KVM takes pending bits of mapped LPIs alone: the interrupts are lost",
    source: `${restore} vgic_v3_lpi_sync_pending_status`,
    advice: "Restore the tables whose events they belong to, or clear the bits.",
  },
  "L-30-first-kib": {
    title: "bits are set in the first KiB of a pending table",
    severity: "note",
    why: "what stands there is IMPLEMENTATION DEFINED; KVM never writes it",
    source: `${architecture}, LPI pending tables`,
    advice: "Hand the table over as zeros; bits here in a KVM guest mean that something else writes to it.",
  },
  "L-31-outside-ram": {
    title: "a table lies outside RAM",
    severity: "error",
    why: "a restore that reads it answers EFAULT",
    source: `${restore} kvm_read_guest_lock`,
    advice: "A copy of the memory has to hold the pages that SAVE_TABLES writes, which no vCPU made dirty.",
  },
  "L-32-shared-pending": {
    title: "two PEs have one pending table",
    severity: "error",
    why: "pending bits of one are those of the other; a restore on other vCPUs routes wrongly",
    source: `${architecture}, LPI pending tables are never shared`,
    advice: "Give each GICR_PENDBASER memory of its own; look at the order in which the PEs were restored.",
  },
  "F-08-property-tables": {
    title: "PEs name different LPI configuration tables",
    severity: "warning",
    why: "redistributors that share LPIs use the table of any one of them; KVM has one for all, the last that was written",
    source: `${architecture}, GICR_TYPER.CommonLPIAff`,
    advice: "Write one address to every GICR_PROPBASER.",
  },
  "dte-size": {
    title: "a device has more EventID bits than the ITS",
    severity: "error",
    why: "RESTORE_TABLES answers EINVAL; Linux 5.10 takes any Size",
    source: `${restore} vgic_its_restore_dte`,
    advice: "The DTE is damaged: Size + 1 has to be 16 at most.",
  },
} as const satisfies Readonly<Record<string, TableRule>>;

export type RuleId = keyof typeof tableRules;

export const ruleIds = Object.keys(tableRules) as readonly RuleId[];

export function ruleOf(id: RuleId): TableRule {
  return tableRules[id];
}
