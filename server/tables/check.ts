import { counted, type Finding, type FindingPlace, findingSentence, ruleOf } from "../../dumps/checks/index.ts";
import type { Work } from "../../dumps/work.ts";
import type { InputTables } from "../../runner/inputs/tables-input.ts";
import {
  answerLines,
  assumptionText,
  judgeTablesWork,
  kernelModels,
  type ModelVerdict,
  type ToldRule,
  toldRules,
  type Verdict,
  verdictJson,
  worstOf,
} from "../../runner/verdict/index.ts";
import {
  type CheckParams,
  MAX_REPORT_JSON,
  type Report,
  type ReportCell,
  type ReportTable,
} from "../tables-protocol.ts";
import { inputDetail, problemNotes } from "./compare.ts";
import { cell, linkTo, reportTable } from "./links.ts";
import { type FileAccess, readTables } from "./read-input.ts";

/** Bytes of the entries that restores are about. */
const ENTRY_BYTES = 8;

/** What kernels would do with the tables of an input, and which rules they break. @throws InputProblem */
export function* checkInput({ input }: CheckParams, access: FileAccess | undefined): Work<Report> {
  const tables = yield* readTables(input, access);
  const verdict = yield* judgeTablesWork(tables.itss, kernelModels);
  const json = JSON.stringify(verdictJson(tables, verdict));
  const kernels = kernelTable(verdict, tables);
  const dropped = droppedTable(verdict, tables);
  return {
    inputs: [{ label: "", name: input.name, detail: inputDetail(tables) }],
    result: resultOf(verdict),
    tables: [
      ...(kernels === undefined ? [] : [kernels]),
      ...(dropped === undefined ? [] : [dropped]),
      ...toldRules(verdict).map((rule) => ruleTable(rule, verdict.models, tables)),
    ],
    notes: [...problemNotes(tables), ...notesOf(verdict)],
    ...(json.length > MAX_REPORT_JSON ? {} : { json }),
  };
}

function resultOf(verdict: Verdict): ReportCell {
  const { models, itss } = verdict;
  const count = (answer: ModelVerdict["answer"]) => models.filter((model) => model.answer === answer).length;
  const worst = worstOf(verdict);
  const asked = `${models.length === 1 ? "the kernel" : `${models.length} kernels`} that were asked`;
  if (models.length === 0) {
    const layout = `KVM restores tables of its own layout, kvm-rev0; these are ${itss[0].layout.name}. No kernel was asked`;
    if (worst === "lossy") return cell(`${layout}; rules are broken`, undefined, "warning");
    return worst === "unknown"
      ? cell(`${layout}; not everything could be checked`, undefined, "warning")
      : cell(`${layout}; no rule but notes is broken`, undefined, "good");
  }
  switch (worst) {
    case "refused":
      return cell(`${count("refused")} of ${asked} refuse the tables`, undefined, "bad");
    case "lossy":
      return cell(
        count("unknown") > 0
          ? `Something is or may be lost or changed; what ${count("unknown")} of ${asked} do is unknown`
          : "The kernels restore the tables, but something is or may be lost or changed",
        undefined,
        "warning",
      );
    case "unknown":
      return cell("What decides is not in the input", undefined, "warning");
    case "well":
      return cell("Every kernel restores the tables, and no rule but notes is broken", undefined, "good");
  }
}

function kernelTable({ models }: Verdict, tables: InputTables): ReportTable | undefined {
  if (models.length === 0) return undefined;
  const head = {
    title: "RESTORE_TABLES",
    about: ["Each kernel's restore was carried out on the tables, in a guest of its own."],
    columns: ["kernel", "answer", "why, or what it holds then"],
  };
  const answers = sameAnswers(models);
  return reportTable(head, answers.length, (at) => {
    const { first, last, text } = answers[at];
    const { answer, doubts, droppedCount, refusal } = first;
    const isPartly = answer === "restored" && (doubts.length > 0 || droppedCount > 0);
    const tone = answer === "refused" ? "bad" : answer === "unknown" || isPartly ? "warning" : "good";
    const fault = refusal?.kind === "entry" ? refusal : undefined;
    const address = fault?.fault.address;
    const link =
      fault === undefined || address === undefined ? undefined : linkTo(tables, 0, fault.its, address, ENTRY_BYTES);
    const names = first === last ? first.model : `${first.model} to ${last.model}`;
    return [cell(names), cell(answer, undefined, tone), cell(text, link)];
  });
}

/** Kernels one after another that answer the same. */
function sameAnswers(models: readonly ModelVerdict[]) {
  const found: { readonly first: ModelVerdict; last: ModelVerdict; readonly text: string }[] = [];
  for (const model of models) {
    const text = answerLines(model).join("\n");
    const before = found.at(-1);
    if (before?.text === text && before.first.answer === model.answer) before.last = model;
    else found.push({ first: model, last: model, text });
  }
  return found;
}

function droppedTable({ models }: Verdict, tables: InputTables): ReportTable | undefined {
  const rows = models.flatMap(({ model, dropped }) => dropped.map((finding) => ({ model, finding })));
  if (rows.length === 0) return undefined;
  const head = {
    title: "Lost without an error",
    tone: "warning" as const,
    about: ["These events were read and are not there after the restore: their LPIs are other events'."],
    columns: ["kernel", "DeviceID", "EventID", "LPI"],
  };
  const table = reportTable(head, rows.length, (at) => {
    const { model, finding } = rows[at];
    const { device = 0, event = 0, intid = 0 } = finding.place;
    const texts = [`0x${device.toString(16)}`, `0x${event.toString(16)}`, `${intid}`];
    return [cell(model), cell(texts[0]), cell(texts[1], placeLink(tables, finding.place)), cell(texts[2])];
  });
  return { ...table, rowCount: models.reduce((sum, { droppedCount }) => sum + droppedCount, 0) };
}

function ruleTable(
  { rule, count, findings }: ToldRule,
  asked: readonly ModelVerdict[],
  tables: InputTables,
): ReportTable {
  const { severity, title, why, advice } = ruleOf(rule);
  const isEverywhere = findings.every(({ models }) => models === undefined || models.length === asked.length);
  const head = {
    title: `${rule}, ${severity}: ${title}`,
    tone: severity === "error" ? ("bad" as const) : severity === "warning" ? ("warning" as const) : ("quiet" as const),
    about: [`Why: ${why}.`, `Do: ${advice}`],
    columns: ["finding", ...(isEverywhere ? [] : ["kernels"])],
  };
  const table = reportTable(head, findings.length, (at) => {
    const { finding, models } = findings[at];
    return [
      cell(findingSentence(finding), placeLink(tables, finding.place)),
      ...(isEverywhere ? [] : [cell(models === undefined ? "in the tables" : models.join(", "))]),
    ];
  });
  return { ...table, rowCount: count };
}

function placeLink(tables: InputTables, { address, word, table }: Finding["place"]) {
  return linkTo(tables, 0, itsOf(tables, address), address, bytesOf(word, table));
}

function bytesOf(word: FindingPlace["word"], table: FindingPlace["table"]): number {
  return word === undefined && table.startsWith("LPI") ? 1 : ENTRY_BYTES;
}

/** The ITS whose files hold an address; findings do not say whose tables they are about. */
function itsOf({ itss }: InputTables, address: number): number {
  return Math.max(
    0,
    itss.findIndex(({ memory }) => memory.sourceOf(address) !== undefined),
  );
}

function notesOf({ assumptions, check, itss }: Verdict): string[] {
  const notes = assumptions.map((assumption) => `Taken for granted: ${assumptionText(assumption)}.`);
  const cut = itss.reduce((sum, { report }) => sum + report.leftOut, 0);
  if (cut > 0)
    notes.push(`There are more devices or events than the rules look through: ${counted(cut, "part")} left out.`);
  if (check.notChecked.length > 0) {
    notes.push(`Not checked, because some tables are not in the input: ${check.notChecked.join(", ")}.`);
  }
  return notes;
}
