import type { CheckedTables } from "../checks/checked-tables.ts";
import { compareLpis } from "./compare-lpis.ts";
import { TableComparison } from "./compare-tables.ts";
import type { Differences, NotCompared, RegisterDifference } from "./differences.ts";

/** What is compared of a guest. */
export interface ComparedGuest {
  /** One an ITS, at least one. */
  readonly itss: readonly CheckedTables[];
  /** Those that are known, by name. */
  readonly registers: ReadonlyMap<string, bigint>;
}

/** Compares the tables and registers of two guests, or of two moments of one. */
export function compareGuests(a: ComparedGuest, b: ComparedGuest): Differences {
  const pairs = Math.min(a.itss.length, b.itss.length);
  const tables = Array.from({ length: pairs }, (_, its) => new TableComparison(its, a.itss[its], b.itss[its]));
  const { lpis, unknownConfigurations, unknownPending } = compareLpis(a.itss, b.itss);
  const { registers, unknown } = compareRegisters(a.registers, b.registers);
  const sum = (kind: keyof TableComparison["unknown"]) =>
    tables.reduce((total, { unknown }) => total + unknown[kind], 0);
  const notCompared: NotCompared[] = [
    { what: "device", count: sum("device") },
    { what: "event", count: sum("event") },
    { what: "collection", count: sum("collection") },
    { what: "LPI configuration", count: unknownConfigurations },
    { what: "pending table", count: unknownPending },
    { what: "register", count: unknown },
    { what: "rest", count: [...a.itss, ...b.itss].filter(({ report }) => report.leftOut > 0).length },
  ];
  return {
    places: tables.flatMap(({ places }) => places),
    devices: tables.flatMap(({ devices }) => devices),
    events: tables.flatMap(({ events }) => events),
    collections: tables.flatMap(({ collections }) => collections),
    lpis,
    registers,
    words: tables.flatMap(({ words }) => words),
    notCompared: notCompared.filter(({ count }) => count > 0),
    itss: a.itss.length === b.itss.length ? undefined : [a.itss.length, b.itss.length],
  };
}

function compareRegisters(
  a: ReadonlyMap<string, bigint>,
  b: ReadonlyMap<string, bigint>,
): { readonly registers: RegisterDifference[]; readonly unknown: number } {
  const registers: RegisterDifference[] = [];
  let unknown = 0;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined) unknown++;
    else if (other !== value) registers.push({ name, a: value, b: other });
  }
  for (const name of b.keys()) if (!a.has(name)) unknown++;
  return { registers, unknown };
}
