import { hex, type KernelModelName } from "../../architecture/index.ts";
import { counted, findingSentence, ruleOf } from "../../dumps/checks/index.ts";
import { errnoName, faultSentence } from "../../emulator/index.ts";
import type { Doubt, ModelVerdict, Refusal } from "./model-verdict.ts";
import type { Assumption } from "./restored-guest.ts";
import { type ToldRule, toldRules } from "./told-rules.ts";
import type { Verdict } from "./verdict.ts";

/** Findings of one rule that are printed. */
const SHOWN = 5;

/** A verdict as lines for a terminal. */
export function verdictLines(verdict: Verdict): string[] {
  const { models, assumptions, check, itss } = verdict;
  const lines: string[] = [];
  if (models.length > 0) {
    lines.push("RESTORE_TABLES:");
    const answers = groupedAnswers(models);
    const width = Math.max(...answers.map(({ names }) => names.length));
    for (const { names, lines: answer } of answers) {
      for (const [index, line] of answer.entries())
        lines.push(`  ${(index === 0 ? names : "").padEnd(width)}  ${line}`);
    }
    for (const assumption of assumptions) lines.push(`  taken for granted: ${assumptionText(assumption)}`);
  } else if (itss.length > 0) {
    lines.push(
      `KVM restores tables of its own layout, kvm-rev0; these are ${itss[0].layout.name}. No kernel was asked.`,
    );
  }
  const rules = toldRules(verdict);
  lines.push(
    "",
    rules.length === 0
      ? "No rule is broken."
      : `${rules.length === 1 ? "A rule is" : `${rules.length} rules are`} broken:`,
  );
  for (const told of rules) lines.push(...ruleLines(told, models));
  if (itss.some(({ report }) => report.leftOut > 0)) {
    lines.push("There are more devices or events than the rules look through: the rest was not checked by them.");
  }
  if (check.notChecked.length > 0) {
    lines.push(`Not checked, because some tables are not in the input: ${check.notChecked.join(", ")}`);
  }
  return lines;
}

function ruleLines({ rule, count, findings }: ToldRule, asked: readonly ModelVerdict[]): string[] {
  const { severity, title, why, advice } = ruleOf(rule);
  const lines = ["", `${rule}  ${severity}: ${title}`];
  for (const { finding, models } of findings.slice(0, SHOWN)) {
    const some = models !== undefined && models.length < asked.length ? ` (${models.join(", ")})` : "";
    lines.push(`  ${findingSentence(finding)}${some}`);
  }
  if (count > SHOWN)
    lines.push(`  and ${count - SHOWN} more (--json has ${findings.length < count ? "some of them" : "them"})`);
  lines.push(`  why: ${why}`, `  do: ${advice}`);
  return lines;
}

/** Kernels that follow each other among those that were asked, as ranges: `kvm-6.1 to kvm-7.2`. */
export function modelRanges(some: readonly KernelModelName[], asked: readonly ModelVerdict[]): string {
  const ranges: { first: string; last: string }[] = [];
  let before = false;
  for (const { model } of asked) {
    const isIn = some.includes(model);
    const range = ranges.at(-1);
    if (isIn && before && range !== undefined) range.last = model;
    else if (isIn) ranges.push({ first: model, last: model });
    before = isIn;
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first} to ${last}`)).join(", ");
}

/** The answers, those of kernels that say the same once: `kvm-6.1 to kvm-7.2`. */
function groupedAnswers(models: readonly ModelVerdict[]): { names: string; lines: readonly string[] }[] {
  const groups: { first: string; last: string; lines: readonly string[] }[] = [];
  for (const model of models) {
    const lines = answerLines(model);
    const before = groups.at(-1);
    if (before?.lines.join("\n") === lines.join("\n")) before.last = model.model;
    else groups.push({ first: model.model, last: model.model, lines });
  }
  return groups.map(({ first, last, lines }) => ({ names: first === last ? first : `${first} to ${last}`, lines }));
}

/** What a kernel answers, and what is lost, a line each. */
export function answerLines({ answer, refusal, doubts, restored, dropped, droppedCount }: ModelVerdict): string[] {
  const lines: string[] = [];
  if (refusal !== undefined && answer === "refused") lines.push(refusalText(refusal));
  if (restored !== undefined) {
    const { devices, events, collections } = restored;
    const what = [counted(devices, "device"), counted(events, "event"), counted(collections, "collection")].join(", ");
    lines.push(`${doubts.length === 0 ? "restored" : "restored as far as is known"}: ${what}`);
  }
  for (const doubt of doubts) {
    const text = doubtText(doubt);
    lines.push(answer === "refused" ? `or earlier: ${text}` : answer === "unknown" ? `unknown: ${text}` : text);
  }
  if (refusal !== undefined && answer === "unknown") lines.push(`if that is all zero: ${refusalText(refusal)}`);
  for (const { place } of dropped.slice(0, SHOWN)) {
    lines.push(
      `drops EventID ${hex(place.event ?? 0)} of DeviceID ${hex(place.device ?? 0)}: its LPI ${place.intid} is another event's`,
    );
  }
  if (droppedCount > SHOWN) lines.push(`drops ${droppedCount - SHOWN} more events`);
  return lines;
}

/** Why a kernel refuses the tables, with its errno. */
export function refusalText(refusal: Refusal): string {
  const errno = errnoName(refusal.errno);
  switch (refusal.kind) {
    case "entry":
      return `${errno}${refusal.its > 0 ? ` of ITS ${refusal.its}` : ""}: ${faultSentence(refusal.fault)}`;
    case "register":
      return `${errno} at ${refusal.register}: ${refusal.message}`;
    case "other":
      return errno;
  }
}

export function doubtText(doubt: Doubt): string {
  switch (doubt.kind) {
    case "memory": {
      const [{ from, to }] = doubt.spans;
      const others = doubt.spans.length - 1;
      const more = others > 0 ? ` and ${counted(others, "other range")}` : "";
      return `it reads ${hex(from)} to ${hex(to - 1)}${more}, which ${others > 0 ? "are" : "is"} not in the input`;
    }
    case "maybe not RAM":
      return `it reads ${hex(doubt.address)}, which is not in the input; where there is no RAM: ${errnoName(doubt.fault.errno)}, ${faultSentence(doubt.fault)}`;
    case "too much":
      return `it reads more than ${doubt.entries} entries, which are not followed`;
    case "no machine":
      return doubt.message;
  }
}

export function assumptionText(assumption: Assumption): string {
  switch (assumption.kind) {
    case "PEs":
      return `${counted(assumption.count, "PE")}, as the collections name; nothing says how many there are`;
    case "LPI configuration table":
      return "an LPI configuration table in RAM; nothing says where it is";
    case "LPI pending tables":
      return "pending tables of all PEs in RAM; nothing says where they are";
    case "no table":
      return assumption.table === "device"
        ? "no devices; nothing says where the device table is"
        : "the collections of all events exist, on PE 0; nothing says where the collection table is";
    case "end of a table":
      return `the ${assumption.table} table has no valid entries from ${hex(assumption.address)} on; nothing says how long it is`;
  }
}
