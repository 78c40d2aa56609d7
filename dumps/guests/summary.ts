import type { GuestRegisters, SavedGuest } from "./guest.ts";

/** Flags of interrupts, and the registers that have a bit an INTID for each. */
const FLAGS = [
  ["enabled", "ISENABLER"],
  ["pending", "ISPENDR"],
  ["active", "ISACTIVER"],
] as const;
/** INTIDs of a list that are named one by one. */
const SHOWN = 32;

/** A saved guest in a few lines: what it is, its memory, and the interrupts that are enabled, pending, or active. */
export function* summaryLines(guest: SavedGuest): Generator<string> {
  const { title, machine, gicVersion, redistributors, itss, blocks } = guest;
  const parts = [
    gicVersion === undefined ? "no GIC that can be read" : `GICv${gicVersion}`,
    `${redistributors.length} ${redistributors.length === 1 ? "PE" : "PEs"}`,
    ...(gicVersion === undefined || gicVersion === 2
      ? []
      : [itss.length === 1 ? "1 ITS" : `${itss.length === 0 ? "no" : itss.length} ITSs`]),
    ...(guest.secure ? ["two Security states"] : []),
  ];
  yield `${title}${machine === undefined ? "" : `, machine ${machine}`}: ${parts.join(", ")}`;
  for (const { name, bytes, address } of blocks) {
    if (address !== undefined) yield `memory ${name}: ${size(bytes)} at 0x${address.toString(16)}`;
  }
  if (gicVersion === undefined) return;
  const control = guest.distributor.get("GICD_CTLR");
  yield* flagLines(`SPIs${control === undefined ? "" : `, GICD_CTLR = 0x${control.toString(16)}`}`, guest.distributor);
  for (const [pe, registers] of redistributors.entries()) {
    const { context } = { context: guest.contexts[pe] };
    yield* flagLines(`PE ${pe}${context === undefined ? "" : `, in EL${context.exceptionLevel}`}`, registers);
    const nonZero = [...(guest.cpuInterfaces[pe] ?? [])].filter(([, value]) => value !== 0n);
    if (nonZero.length > 0) yield `  ${nonZero.map(([name, value]) => `${name} = 0x${value.toString(16)}`).join(", ")}`;
  }
}

function* flagLines(title: string, registers: GuestRegisters): Generator<string> {
  const lists = FLAGS.map(([flag, kind]) => [flag, intidsOf(registers, kind)] as const).filter(
    ([, intids]) => intids.length > 0,
  );
  const text = lists.map(([flag, intids]) => {
    const more = intids.length > SHOWN ? ` and ${intids.length - SHOWN} more` : "";
    return `${flag} ${intids.slice(0, SHOWN).join(" ")}${more}`;
  });
  yield `${title}: ${text.length === 0 ? "nothing enabled, pending or active" : text.join("; ")}`;
}

/** INTIDs whose bit is set in the registers GICD_<kind><n> or GICR_<kind><n>, ascending. */
export function intidsOf(registers: GuestRegisters, kind: string): number[] {
  const found: number[] = [];
  for (const [name, value] of registers) {
    const match = /^GIC[DR]_([A-Z]+)(\d{1,2})$/.exec(name);
    if (match === null || match[1] !== kind || value === 0n) continue;
    for (let bit = 0; bit < 32; bit++)
      if (((value >> BigInt(bit)) & 1n) === 1n) found.push(Number(match[2]) * 32 + bit);
  }
  return found.sort((a, b) => a - b);
}

function size(bytes: number): string {
  for (const [unit, name] of [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ] as const)
    if (bytes >= unit && bytes % unit === 0) return `${bytes / unit} ${name}`;
  return `${bytes} bytes`;
}
