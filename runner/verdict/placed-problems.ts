import { hex, layouts, type TableKind } from "../../architecture/index.ts";
import { architectureLevel1 } from "../../architecture/layouts/level1.ts";
import type { Capture } from "../../dumps/captures/index.ts";
import { placeText } from "../../dumps/checks/finding-text.ts";
import {
  type FindingPlace,
  findingSentence,
  type ReadTables,
  type RuleId,
  ruleOf,
  type Severity,
} from "../../dumps/checks/index.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { guessSentence } from "../../dumps/tables/guess-table.ts";
import { placeOfBytes, type TextPlace } from "../../dumps/text/text-place.ts";
import { errnoName, faultSentence } from "../../emulator/index.ts";
import type { Doubt, ModelVerdict, Refusal } from "./model-verdict.ts";
import { toldRules } from "./told-rules.ts";
import type { Verdict } from "./verdict.ts";
import { assumptionText, doubtText, modelRanges, refusalText } from "./verdict-text.ts";

/** A sentence about a place of the text. */
export interface PlacedText {
  readonly place: TextPlace;
  readonly message: string;
}

/** What is wrong with the tables of a dump, where it stands in its text. */
export interface PlacedProblem extends PlacedText {
  /** Rule, or `GIC-RESTORE-…` of what a kernel answers. */
  readonly code: RuleId | `GIC-${string}`;
  readonly severity: Severity;
  readonly related: readonly PlacedText[];
}

const NO_MORE: readonly PlacedText[] = [];

/**
 * What `gicwb check` says of a dump, each thing at the entry that it is about: answers of kernels that do not restore the tables, then rules.
 * What is about memory that the dump does not hold stands at the entry that leads there, or else at the line that says where the table is.
 */
export function placedProblems(
  document: DumpDocument,
  verdict: Verdict,
  tables: ReadTables,
  captures: readonly Capture[],
): PlacedProblem[] {
  const places = new Places(document, tables);
  return [
    ...guesses(captures, tables, places),
    ...answers(verdict, places),
    ...dropped(verdict.models, places),
    ...rules(verdict, places),
  ];
}

/** Finds places of the text. */
class Places {
  private readonly document: DumpDocument;
  private readonly tables: ReadTables;
  private readonly devices = new Map<number, number>();

  constructor(document: DumpDocument, tables: ReadTables) {
    this.document = document;
    this.tables = tables;
    for (const { report } of tables.itss) {
      for (const { deviceId, address } of report.devices) this.devices.set(deviceId, address);
    }
  }

  /** @param address of an entry, or of a whole table: then its first byte */
  at({ table, address, word, device }: FindingPlace): TextPlace {
    const own = this.bytesAt(address, word === undefined ? 1 : this.entryBytes(table));
    if (own !== undefined) return own;
    const dte = device === undefined ? undefined : this.devices.get(device);
    const above = dte === undefined ? undefined : this.bytesAt(dte, this.entryBytes("device table"));
    return above ?? this.ofTable(table);
  }

  /** Where bytes stand in the text, whose addresses may be others than those of the memory that it is of. */
  private bytesAt(address: number, length: number): TextPlace | undefined {
    const memory = this.tables.itss[0]?.memory;
    return placeOfBytes(this.document, memory?.ownAddress(address) ?? address, length);
  }

  /** The line that says where a table is; the first line where none does. */
  ofTable(table: FindingPlace["table"]): TextPlace {
    const facts = this.tables.itss[0]?.facts;
    const kind = table === "collection table" ? "collection" : table === "vPE table" ? "vpe" : "device";
    const place = facts?.tables.get(kind) ?? facts?.tables.get("device") ?? facts?.tables.get("collection");
    const section = this.document.sections.some(({ line }) => line === place?.source.line);
    return { line: section && place !== undefined ? place.source.line : 1, start: 0, end: Number.MAX_SAFE_INTEGER };
  }

  private entryBytes(table: FindingPlace["table"]): number {
    const kind = kinds[table];
    const { entries } = this.tables.itss[0]?.layout ?? layouts["kvm-rev0"];
    if (kind === undefined) return 1;
    return (entries[kind] ?? (kind === "level1" ? architectureLevel1 : undefined))?.bytes ?? 1;
  }
}

const kinds: Readonly<Partial<Record<FindingPlace["table"], TableKind>>> = {
  "level-1 device table": "level1",
  "device table": "device",
  ITT: "itt",
  "collection table": "collection",
  "vPE table": "vpe",
};

function guesses(captures: readonly Capture[], { close, reports }: ReadTables, places: Places): PlacedProblem[] {
  const place = places.ofTable("device table");
  const found: PlacedProblem[] = [];
  for (const { guess } of captures) {
    if (guess === undefined) continue;
    found.push({ code: "GIC-DUMP-GUESS", severity: "note", place, message: guessSentence(guess), related: NO_MORE });
  }
  const second = reports[0]?.scores[1];
  if (close && second !== undefined) {
    const message = `These tables were read in the layout ${reports[0].layout.name}; ${second.layout} explains them about as well. layout= in a "# gic:" line settles it.`;
    found.push({ code: "GIC-DUMP-GUESS", severity: "warning", place, message, related: NO_MORE });
  }
  return found;
}

/** Answers of kernels that are no plain success; those that say the same once. */
function answers({ models, assumptions, itss }: Verdict, places: Places): PlacedProblem[] {
  const groups = new Map<string, { readonly first: ModelVerdict; readonly models: ModelVerdict["model"][] }>();
  for (const model of models) {
    const texts = [model.refusal && refusalText(model.refusal), ...model.doubts.map(doubtText)];
    const key = [model.answer, ...texts].join("\n");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { first: model, models: [model.model] });
    else known.models.push(model.model);
  }
  const found: PlacedProblem[] = [];
  for (const { first, models: names } of groups.values()) {
    const { refusal, doubts, answer } = first;
    const who = modelRanges(names, models);
    if (refusal !== undefined) found.push(refused(refusal, answer === "refused", who, places));
    for (const doubt of doubts) found.push(doubted(doubt, answer, who, places));
  }
  if (itss.some(({ report }) => report.leftOut > 0)) {
    const message = "There are more devices or events than the rules look through: the rest was not checked by them.";
    found.push({
      code: "GIC-RESTORE-UNKNOWN",
      severity: "note",
      place: places.ofTable("device table"),
      message,
      related: NO_MORE,
    });
  }
  if (found.length === 0) return found;
  const related = assumptions.map((assumption) => ({
    place: places.ofTable("device table"),
    message: `taken for granted: ${assumptionText(assumption)}`,
  }));
  return [{ ...found[0], related: [...found[0].related, ...related] }, ...found.slice(1)];
}

function refused(refusal: Refusal, isCertain: boolean, who: string, places: Places): PlacedProblem {
  const errno = errnoName(refusal.errno);
  const head = isCertain ? "" : "If all is zero that the dump does not hold: ";
  const code = `GIC-RESTORE-${errno}` as const;
  const severity = isCertain ? "error" : "note";
  if (refusal.kind !== "entry") {
    const message = `${head}RESTORE_TABLES answers ${refusalText(refusal)} (${who})`;
    return { code, severity, place: places.ofTable("device table"), message, related: NO_MORE };
  }
  const { table, address, entry, deviceId, eventId } = refusal.fault;
  const message = `${head}RESTORE_TABLES answers ${errno} because of this entry (${who}): ${faultSentence(refusal.fault)}`;
  const isTable = table !== "GITS_IIDR" && address !== undefined;
  const place = isTable
    ? places.at({
        table: nameOfTable(table),
        address,
        word: entry ?? 0n,
        device: deviceId,
        event: eventId,
      })
    : places.ofTable("device table");
  return { code, severity, place, message, related: NO_MORE };
}

function nameOfTable(table: string): FindingPlace["table"] {
  const names = Object.keys(kinds) as FindingPlace["table"][];
  return names.find((name) => name === table) ?? "device table";
}

function doubted(doubt: Doubt, answer: ModelVerdict["answer"], who: string, places: Places): PlacedProblem {
  const text = doubtText(doubt);
  const message =
    answer === "refused"
      ? `or earlier (${who}): ${text}`
      : answer === "restored"
        ? `Restored as far as is known (${who}): ${text}`
        : `Whether the tables are restored is unknown (${who}): ${text}`;
  const place = places.ofTable("device table");
  return { code: "GIC-RESTORE-UNKNOWN", severity: "note", place, message, related: NO_MORE };
}

/** Events that a kernel does not have after a restore which it calls a success. */
function dropped(models: readonly ModelVerdict[], places: Places): PlacedProblem[] {
  const byEntry = new Map<number, { readonly place: FindingPlace; readonly names: ModelVerdict["model"][] }>();
  for (const { model, dropped: lost } of models) {
    for (const { place } of lost) {
      const known = byEntry.get(place.address);
      if (known === undefined) byEntry.set(place.address, { place, names: [model] });
      else known.names.push(model);
    }
  }
  return [...byEntry.values()].map(({ place, names }) => ({
    code: "GIC-RESTORE-DROPS",
    severity: "warning",
    place: places.at(place),
    message: `The restore drops EventID ${hex(place.event ?? 0)} of DeviceID ${hex(place.device ?? 0)} without an error (${modelRanges(names, models)}): its LPI ${place.intid} is another event's`,
    related: NO_MORE,
  }));
}

function rules(verdict: Verdict, places: Places): PlacedProblem[] {
  const { models, check } = verdict;
  const found: PlacedProblem[] = [];
  for (const { rule, count, findings } of toldRules(verdict)) {
    const { severity, why, advice } = ruleOf(rule);
    for (const { finding, models: some } of findings) {
      const who = some !== undefined && some.length < models.length ? ` (${modelRanges(some, models)})` : "";
      const { place, other } = finding;
      found.push({
        code: rule,
        severity,
        place: places.at(place),
        message: `${findingSentence(finding)}${who}\nwhy: ${why}\ndo: ${advice}`,
        related: other === undefined ? NO_MORE : [{ place: places.at(other), message: placeText(other) }],
      });
    }
    if (count > findings.length) {
      const message = `There are ${count - findings.length} more of ${rule}.`;
      found.push({ code: rule, severity, place: places.ofTable("device table"), message, related: NO_MORE });
    }
  }
  if (check.notChecked.length > 0) {
    const message = `Not checked, because some tables are not in the dump: ${check.notChecked.join(", ")}`;
    const place = places.ofTable("device table");
    found.push({ code: "GIC-RESTORE-UNKNOWN", severity: "note", place, message, related: NO_MORE });
  }
  return found;
}
