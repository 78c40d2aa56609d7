import type { GuestFinding } from "./checks.ts";

/** INTIDs and PEs that are named one by one. */
const SHOWN = 16;

/** A finding as a sentence without a full stop: what it is, and what comes of it. */
export function findingText(finding: GuestFinding): string {
  switch (finding.code) {
    case "shared-pending-table":
      return `PEs ${list(finding.pes)} have the LPI pending table at ${hex(finding.address)} in common while their LPIs are enabled: after a restore they lose pending LPIs or take each other's`;
    case "table-outside":
      return `${finding.what}, ${hex(finding.address)}, ${finding.bytes} bytes, is not in the memory that was saved`;
    case "cleared-after-set":
      return `${finding.unit}: ${finding.clear} is written after ${finding.set} and takes it back: INTIDs ${list(finding.intids)}`;
    case "halves-differ":
      return `${finding.unit}: ${finding.set} and ${finding.clear} show the same bits, but have other values: INTIDs ${list(finding.intids)}`;
    case "enabled-before-base":
      return `${finding.unit}: GICR_CTLR.EnableLPIs is written before ${finding.register}, which cannot be changed then`;
  }
}

function list(numbers: readonly number[]): string {
  const more = numbers.length > SHOWN ? ` and ${numbers.length - SHOWN} more` : "";
  return `${numbers.slice(0, SHOWN).join(", ")}${more}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
