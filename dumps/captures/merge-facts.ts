import type { AddressFact, CaptureFacts } from "./facts.ts";
import type { Disagreement } from "./report.ts";

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
      check(
        `${name === "pendingTables" ? "the LPI pending table" : "the redistributor"} of PE ${key}`,
        facts[name].get(key),
        fact,
      );
      if (!facts[name].has(key)) facts[name].set(key, fact);
    }
  }
  facts.interrupts.push(...said.interrupts);
  facts.ram.push(...said.ram);
  return found;
}
