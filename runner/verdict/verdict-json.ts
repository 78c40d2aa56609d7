import { hex } from "../../architecture/index.ts";
import { allCaptureNotes } from "../../dumps/captures/index.ts";
import { type Finding, type FindingPlace, findingSentence, ruleOf } from "../../dumps/checks/index.ts";
import { errnoName, faultSentence } from "../../emulator/index.ts";
import type { InputTables } from "../inputs/tables-input.ts";
import type { Doubt, ModelVerdict, Refusal } from "./model-verdict.ts";
import { toldRules, worstOf } from "./told-rules.ts";
import type { Verdict } from "./verdict.ts";
import { assumptionText, doubtText, refusalText } from "./verdict-text.ts";

/** A verdict as one object. Addresses and words are texts with 0x; ids and counts are numbers. */
export function verdictJson({ name, itss, close, reports }: InputTables, verdict: Verdict): object {
  return {
    input: name,
    worst: worstOf(verdict),
    close,
    notes: reports.flatMap(allCaptureNotes),
    itss: itss.map(({ layout, report, facts, collections }) => ({
      layout: layout.name,
      pes: facts.pes === 0 ? undefined : facts.pes,
      devices: report.devices.length,
      events: report.devices.reduce((sum, device) => sum + device.events.length, 0),
      collections: collections.length,
      leftOut: report.leftOut,
    })),
    models: verdict.models.map(jsonModel),
    assumptions: verdict.assumptions.map((assumption) => ({
      ...assumption,
      ...("address" in assumption ? { address: hex(assumption.address) } : {}),
      text: assumptionText(assumption),
    })),
    rules: toldRules(verdict).map(({ rule, count, findings }) => ({
      rule,
      ...ruleOf(rule),
      count,
      findings: findings.map(({ finding, models }) => ({ ...jsonFinding(finding), models })),
    })),
    notChecked: verdict.check.notChecked,
  };
}

function jsonModel({ model, title, answer, refusal, doubts, restored, dropped, droppedCount }: ModelVerdict): object {
  return {
    model,
    title,
    answer,
    refusal: refusal && jsonRefusal(refusal),
    doubts: doubts.map(jsonDoubt),
    restored,
    dropped: dropped.map(({ place }) => jsonPlace(place)),
    droppedCount,
  };
}

function jsonRefusal(refusal: Refusal): object {
  const errno = errnoName(refusal.errno);
  const text = refusalText(refusal);
  if (refusal.kind !== "entry") return { ...refusal, errno, text };
  const { check, table, address, entry, deviceId, eventId, field } = refusal.fault;
  return {
    kind: refusal.kind,
    its: refusal.its,
    errno,
    check,
    table,
    address: address === undefined ? undefined : hex(address),
    word: entry === undefined ? undefined : hex(entry),
    deviceId,
    eventId,
    field,
    text,
  };
}

function jsonDoubt(doubt: Doubt): object {
  const text = doubtText(doubt);
  if (doubt.kind === "memory") {
    return { kind: doubt.kind, spans: doubt.spans.map(({ from, to }) => ({ from: hex(from), to: hex(to) })), text };
  }
  if (doubt.kind !== "maybe not RAM") return { ...doubt, text };
  return { kind: doubt.kind, address: hex(doubt.address), entry: faultSentence(doubt.fault), text };
}

function jsonPlace({ address, word, ...ids }: FindingPlace): object {
  return { ...ids, address: hex(address), word: word === undefined ? undefined : hex(word) };
}

function jsonFinding(finding: Finding): object {
  const { place, other, count, value, limit } = finding;
  return {
    ...jsonPlace(place),
    other: other && jsonPlace(other),
    count,
    value,
    limit,
    text: findingSentence(finding),
  };
}
