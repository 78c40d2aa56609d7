import type { AddressFact, CaptureFacts } from "./facts.ts";
import type { Disagreement, ValueDisagreement } from "./report.ts";

const NAMES = {
  pendingTables: (pe: number) => `the LPI pending table of PE ${pe}`,
  redistributors: (pe: number) => `the redistributor of PE ${pe}`,
  level2Pages: (index: number) => `level-2 page ${index} of the device table`,
  itts: (deviceId: number) => `the ITT of DeviceID 0x${deviceId.toString(16)}`,
} as const;

/** They move with each command: two moments differ in them without a contradiction. */
const MOVING: ReadonlySet<string> = new Set(["GITS_CWRITER", "GITS_CREADR"]);

/**
 * Adds registers that are known otherwise than as memory, and the tables that they name. What memory says of a register is believed, unless
 * it cannot be read so.
 * @returns registers that differ
 */
export function mergeRegisters(facts: CaptureFacts, other: CaptureFacts): ValueDisagreement[] {
  const found: ValueDisagreement[] = [];
  const readsAsNothing = facts.registers.get("GITS_CTLR") === 0n && facts.registers.get("GITS_IIDR") === 0n;
  for (const [register, value] of other.registers) {
    const source = other.registerSources.get(register) ?? { file: "", line: 0 };
    const known = facts.registers.get(register);
    const isNothing = readsAsNothing && (register === "GITS_CTLR" || register === "GITS_IIDR");
    if (known === undefined || isNothing) facts.setRegister(register, value, source);
    else if (known !== value && !MOVING.has(register)) {
      const believed = { value: known, source: facts.registerSources.get(register) ?? { file: "", line: 0 } };
      found.push({ register, believed, other: { value, source } });
    }
  }
  facts.intidBits ??= other.intidBits;
  facts.targetsAreAddresses ??= other.targetsAreAddresses;
  if (facts.commandQueue === undefined) facts.commandQueueBytes = other.commandQueueBytes;
  for (const [pe, fact] of other.propertyTables) if (!facts.propertyTables.has(pe)) facts.propertyTables.set(pe, fact);
  // Each of these addresses is a register's, which is compared above.
  mergeFacts(facts, other);
  return found;
}

/** Adds what other files say to what registers say. @returns where they differ */
export function mergeFacts(facts: CaptureFacts, said: CaptureFacts): Disagreement[] {
  const found: Disagreement[] = [];
  const check = (what: string, believed: AddressFact | undefined, other: AddressFact | undefined): void => {
    if (believed !== undefined && other !== undefined && believed.address !== other.address)
      found.push({ what, believed, other });
  };
  for (const place of said.tables.values()) {
    check(`the ${place.kind} table`, facts.tables.get(place.kind), place);
    facts.setTable(place);
  }
  for (const name of ["its", "commandQueue", "propertyTable"] as const) {
    check(
      { its: "the ITS", commandQueue: "the command queue", propertyTable: "the LPI configuration table" }[name],
      facts[name],
      said[name],
    );
    facts[name] ??= said[name];
  }
  for (const name of ["pendingTables", "redistributors", "level2Pages", "itts"] as const) {
    for (const [key, fact] of said[name]) {
      check(NAMES[name](key), facts[name].get(key), fact);
      if (!facts[name].has(key)) facts[name].set(key, fact);
    }
  }
  facts.interrupts.push(...said.interrupts);
  facts.ram.push(...said.ram);
  for (const device of said.saidDevices) facts.saidDevices.push(device);
  for (const event of said.saidEvents) facts.saidEvents.push(event);
  for (const lpi of said.saidLpis) facts.saidLpis.push(lpi);
  return found;
}
