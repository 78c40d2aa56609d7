import type { RuleId } from "./rules.ts";

/** Kinds of places in memory that findings are about. */
export type CheckedTable =
  | "level-1 device table"
  | "device table"
  | "level-2 page"
  | "ITT"
  | "collection table"
  | "vPE table"
  | "command queue"
  | "LPI configuration table"
  | "LPI pending table";

/** Ids of an entry or a table, those that it has. */
export interface FindingIds {
  /** Level-2 page, by its level-1 index. */
  readonly page?: number;
  readonly device?: number;
  readonly event?: number;
  readonly icid?: number;
  readonly intid?: number;
  readonly pe?: number;
}

/** An entry, a bit or a whole table. */
export interface FindingPlace extends FindingIds {
  readonly table: CheckedTable;
  readonly address: number;
  /** The entry, all its bytes as one number; undefined where it is no entry. */
  readonly word?: bigint;
}

/** A rule that is broken: where, and the numbers of it. */
export interface Finding {
  readonly rule: RuleId;
  readonly place: FindingPlace;
  /** The place that it does not agree with. */
  readonly other?: FindingPlace;
  /** How many things it is about, where they are told together: the first of them is `other`, or begins at `place`. */
  readonly count?: number;
  /** A number that is too large, or leads astray: an INTID, ICID, PE, distance; and what it may be at most or should lead to. */
  readonly value?: number;
  readonly limit?: number;
}

/** Findings that are kept of one rule. */
const MAX_OF_A_RULE = 1000;

/** Findings in the order in which they come, bounded, and how many there are of each rule. */
export class Findings {
  readonly list: Finding[] = [];
  readonly counts = new Map<RuleId, number>();

  add(finding: Finding): void {
    const before = this.counts.get(finding.rule) ?? 0;
    this.counts.set(finding.rule, before + 1);
    if (before < MAX_OF_A_RULE) this.list.push(finding);
  }
}
