import type { KernelModelName } from "../../architecture/index.ts";
import { type Finding, type RuleId, ruleIds, ruleOf } from "../../dumps/checks/index.ts";
import type { Verdict, Worst } from "./verdict.ts";

/** A finding, and the kernels whose restore shows it; undefined where it stands in the tables themselves. */
export interface ToldFinding {
  readonly finding: Finding;
  readonly models: readonly KernelModelName[] | undefined;
}

/** Findings of a rule that were kept, and how many there are. */
export interface ToldRule {
  readonly rule: RuleId;
  readonly count: number;
  readonly findings: readonly ToldFinding[];
}

/** All findings, by rule: those of the tables, and those of the kernels' restores, each once. */
export function toldRules({ check, models }: Pick<Verdict, "check" | "models">): ToldRule[] {
  const told = new Map<RuleId, Map<string, { finding: Finding; models: KernelModelName[] | undefined }>>();
  const counts = new Map(check.counts);
  const add = (finding: Finding, model: KernelModelName | undefined): void => {
    const ofRule = told.get(finding.rule) ?? new Map();
    told.set(finding.rule, ofRule);
    const key = `${finding.place.table} ${finding.place.address} ${finding.place.device} ${finding.place.intid} ${finding.other?.address}`;
    const known = ofRule.get(key);
    if (known === undefined) ofRule.set(key, { finding, models: model && [model] });
    else if (model !== undefined) known.models?.push(model);
  };
  for (const finding of check.findings) add(finding, undefined);
  for (const { model, chain, chainCounts } of models) {
    for (const finding of chain) add(finding, model);
    for (const [rule, count] of chainCounts) counts.set(rule, Math.max(counts.get(rule) ?? 0, count));
  }
  return ruleIds.flatMap((rule) => {
    const findings = [...(told.get(rule)?.values() ?? [])];
    return findings.length === 0 ? [] : [{ rule, count: Math.max(counts.get(rule) ?? 0, findings.length), findings }];
  });
}

/** What of a verdict counts first. */
export function worstOf(verdict: Verdict): Worst {
  const { models, assumptions, itss } = verdict;
  if (models.some(({ answer }) => answer === "refused")) return "refused";
  const isLossy = toldRules(verdict).some(({ rule }) => ruleOf(rule).severity !== "note");
  if (isLossy || models.some(({ droppedCount }) => droppedCount > 0)) return "lossy";
  const lacksTable = assumptions.some(({ kind }) => kind === "no table");
  const isCut = itss.some(({ report }) => report.leftOut > 0);
  return lacksTable || isCut || models.some(({ doubts }) => doubts.length > 0) ? "unknown" : "well";
}
