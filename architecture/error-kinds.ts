/** What is wrong, EE of an error code 0x01CCEE. */
export interface ErrorKind {
  readonly code: number;
  readonly name: string;
  readonly summary: string;
  /** What the author of the commands can do. */
  readonly advice: string;
  /** IMPLEMENTATION DEFINED kind of GIC-600 rather than one of the architecture. */
  readonly implementationDefined: boolean;
}

function kind(code: number, name: string, summary: string, advice: string): ErrorKind {
  return { code, name, summary, advice, implementationDefined: code >= 0x20 };
}

/** Error kinds by EE. Kinds above 0x20 are GIC-600's own; the target is then the fault, and the queue does not stall. */
export const errorKinds: readonly ErrorKind[] = [
  kind(
    0x01,
    "DeviceID out of range",
    "the DeviceID is outside what the ITS or its device table holds",
    "Use a smaller DeviceID, or enlarge the device table (GITS_BASER<n>) within GITS_TYPER.Devbits.",
  ),
  kind(
    0x02,
    "size or target out of range",
    "the ITT is larger than the ITS supports, or RDbase names no PE",
    "Keep Size within GITS_TYPER.ID_bits, and RDbase within the redistributors that exist.",
  ),
  kind(
    0x03,
    "ICID out of range",
    "the ICID is outside what the ITS or its collection table holds",
    "Use a smaller ICID, or enlarge the collection table (GITS_BASER<n>).",
  ),
  kind(0x04, "device not mapped", "the DeviceID has no valid device table entry", "Issue MAPD for the DeviceID first."),
  kind(
    0x05,
    "EventID out of range",
    "the EventID is beyond the Size of the device's MAPD",
    "Use a smaller EventID, or map the device with a larger Size.",
  ),
  kind(
    0x06,
    "physical INTID out of range",
    "the INTID is not an LPI that the redistributors support",
    "Use an INTID from 8192 up to 2^(GICR_PROPBASER.IDbits + 1) - 1.",
  ),
  kind(0x07, "event not mapped", "the event has no valid ITT entry", "Issue MAPTI or MAPI for the event first."),
  kind(0x09, "collection not mapped", "the collection has no target", "Issue MAPC for the ICID first."),
  kind(
    0x10,
    "ITT entry invalid",
    "the ITT entry in memory is invalid or corrupt",
    "Check that nothing else writes the ITT, and that it was zero when MAPD handed it over.",
  ),
  kind(
    0x11,
    "vPEID out of range",
    "the vPEID is outside what the ITS or its vPE table holds",
    "Use a smaller vPEID, or enlarge the vPE table.",
  ),
  kind(
    0x13,
    "virtual INTID out of range",
    "the vINTID is not an LPI within the vPE's VPT_size",
    "Use a vINTID from 8192 up to 2^(VPT_size + 1) - 1.",
  ),
  kind(0x14, "vPE not mapped", "the vPEID has no valid vPE table entry", "Issue VMAPP for the vPEID first."),
  kind(
    0x15,
    "event is physical",
    "the command wants a virtual event and the event is a physical one",
    "Use the physical command, or DISCARD the event and map it with VMAPTI.",
  ),
  kind(
    0x16,
    "vPE of the event not mapped",
    "the vPE in the ITT entry is not mapped",
    "Issue VMAPP for the event's present vPE first.",
  ),
  kind(
    0x17,
    "vPE of the command not mapped",
    "the vPE that the command names is not mapped",
    "Issue VMAPP for the vPEID first.",
  ),
  kind(
    0x20,
    "target out of range",
    "the target redistributor does not exist",
    "Check RDbase, or the MAPC of the collection.",
  ),
  kind(
    0x21,
    "destination out of range",
    "the redistributor that the interrupts move to does not exist",
    "Check RDbase2.",
  ),
  kind(
    0x22,
    "chip offline",
    "the target is on a chip that is offline or does not exist",
    "Bring the chip online, or choose another target.",
  ),
  kind(
    0x23,
    "LPIs disabled at target",
    "LPIs are disabled at the target",
    "Set GICR_CTLR.EnableLPIs at the target first.",
  ),
  kind(
    0x24,
    "LPIs disabled at destination",
    "LPIs are disabled at the redistributor that the interrupts move to",
    "Set GICR_CTLR.EnableLPIs at the destination first.",
  ),
  kind(
    0x26,
    "physical INTID beyond target",
    "the target does not support the physical INTID",
    "Use an INTID within the target's GICR_PROPBASER.IDbits.",
  ),
];

const kindByCode = new Map(errorKinds.map((entry) => [entry.code, entry]));

/** The kind of an EE. */
export function errorKindByCode(code: number): ErrorKind | undefined {
  return kindByCode.get(code);
}
