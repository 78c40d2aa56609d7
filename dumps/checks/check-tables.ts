import { checkEntries } from "./check-entries.ts";
import { checkLpis } from "./check-lpis.ts";
import type { CheckedTables } from "./checked-tables.ts";
import { type Finding, Findings } from "./finding.ts";
import { checkOverlaps, checkRam, takenPlaces } from "./overlaps.ts";
import type { RuleId } from "./rules.ts";

/** What the rules find in the tables of a guest. */
export interface TableCheck {
  /** At most a thousand of each rule. */
  readonly findings: readonly Finding[];
  /** How many of each rule there are. */
  readonly counts: ReadonlyMap<RuleId, number>;
  /** Rules that need what the capture does not have. */
  readonly notChecked: readonly RuleId[];
}

/** Checks the tables of a guest's ITSs, each by itself, one with another, and the LPIs that they share. */
export function checkTables(itss: readonly CheckedTables[]): TableCheck {
  const findings = new Findings();
  if (itss.length === 0) return { findings: [], counts: findings.counts, notChecked: [] };
  const places = takenPlaces(itss);
  checkOverlaps(places, findings);
  checkRam(places, itss[0].facts.ram, findings);
  for (const tables of itss) checkEntries(tables, findings);
  const notChecked = checkLpis(itss, findings);
  return { findings: findings.list, counts: findings.counts, notChecked };
}
