import type { TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import {
  allCaptureNotes,
  type Capture,
  type MsiStep,
  memoryOf,
  msiText,
  requesterId,
  traceMsi,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import type { Work } from "../../dumps/work.ts";
import { traceMachineMsi } from "../../runner/index.ts";
import { capturesIn, type InputContent } from "../../runner/inputs/tables-input.ts";
import { restoredMachine } from "../../runner/saved-machines/index.ts";
import type { EntryLink, Report, ReportCell, TraceParams } from "../tables-protocol.ts";
import { cell, reportTable } from "./links.ts";
import { type FileAccess, InputProblem, layoutOf, noTables, readInput } from "./read-input.ts";

const MAX_ID = 0xffff_ffffn;

/** What a way was read from: its links, and what tells the file of an address. */
interface Way {
  readonly steps: readonly MsiStep[];
  readonly layout: TableLayouts;
  readonly fileOf: (address: number) => string | undefined;
  readonly notes: readonly string[];
}

/** Follows one MSI through an input. @throws InputProblem */
export function* traceInput(params: TraceParams, access: FileAccess | undefined): Work<Report> {
  const { input, its = 0 } = params;
  const deviceId = idOf(params.deviceId, "DeviceID");
  const eventId = idOf(params.eventId, "EventID");
  const content = yield* readInput(input, access);
  const captures = yield* capturesIn(content);
  const way = throughMachine(content, captures, its, deviceId, eventId) ?? (yield* throughTables());
  const { steps, layout, notes } = way;
  const detail = `layout ${layout.name} (${layout.title}); DeviceID ${hex(deviceId)}, EventID ${hex(eventId)}`;
  return {
    inputs: [{ label: "", name: input.name, detail }],
    result: resultOf(steps),
    tables: [
      reportTable(
        { title: "The way of the MSI", about: [], columns: ["", "link", "read", "what it says"] },
        steps.length,
        (at) => stepCells(steps, at, way),
      ),
    ],
    notes: [
      ...captures.flatMap(({ problems }) => problems.map(({ file, message }) => `${file}: ${message}.`)),
      ...notes,
    ],
    json: JSON.stringify({ capture: input.name, layout: layout.name, deviceId, eventId, steps: steps.map(stepJson) }),
  };

  function* throughTables(): Work<Way> {
    const capture = captures[its] as Capture | undefined;
    if (capture === undefined) throw new InputProblem(`${input.name} has no ITS ${its}; the first one is 0.`);
    if (!capture.facts.tables.has("device")) throw noTables(input.name, content);
    const report = yield* walkCapture(capture, layoutOf(input.layout) ?? capture.layout);
    const found = report.layout;
    const memory = memoryOf(capture, found);
    return {
      steps: traceMsi(capture.facts, memory, found, deviceId, eventId),
      layout: found,
      fileOf: (address) => memory.sourceOf(address)?.file,
      notes: [
        ...allCaptureNotes(report).map((note) => `${note}.`),
        "Registers and memory are those of the moment of the capture; what the CPU interface does is not in it.",
      ],
    };
  }
}

/** The way through a saved machine, to its CPU interface; undefined of what is none, and of one that cannot be restored. */
function throughMachine(
  content: InputContent,
  captures: readonly Capture[],
  its: number,
  deviceId: number,
  eventId: number,
): Way | undefined {
  if (!("state" in content)) return undefined;
  const restored = restoredMachine(content.state);
  if ("failure" in restored) return undefined;
  const { machine } = restored;
  const steps = traceMachineMsi(machine, its, deviceId, eventId);
  if (steps === undefined) throw new InputProblem(`${content.file} has no ITS ${its}; the first one is 0.`);
  const layout = layouts[machine.layout];
  const memory = captures[its] && memoryOf(captures[its], layout);
  const saved = memory && traceMsi(captures[its].facts, memory, layout, deviceId, eventId);
  return {
    steps: saved === undefined ? steps : steps.map((step) => withWord(step, saved)),
    layout,
    fileOf: (address) => memory?.sourceOf(address)?.file,
    notes: [
      `The saved machine was restored into ${machine.model.name}, and asked. Words of entries are those that its memory has.`,
    ],
  };
}

/** KVM's tables are in its host; what stands in memory is what was saved of them, where the state says the same. */
function withWord(step: MsiStep, saved: readonly MsiStep[]): MsiStep {
  if (step.address !== undefined) return step;
  const other = saved.find(({ link, state }) => link === step.link && state === step.state);
  if (other?.address === undefined || other.bytes === undefined) return step;
  const { address, word, bytes } = other;
  return { ...step, address, bytes, ...(word === undefined ? {} : { word }) };
}

function resultOf(steps: readonly MsiStep[]): ReportCell {
  const broken = steps.find(({ state }) => state === "broken");
  if (broken !== undefined) return cell(`Broken at ${broken.link}: ${msiText(broken).sentence}`, undefined, "bad");
  const unknown = steps.filter(({ state }) => state === "unknown");
  const last = steps.at(-1);
  if (last?.state === "unknown" && !steps.some(({ link }) => link === "pending bit")) {
    return cell(`The way ends at ${last.link}: ${msiText(last).sentence}`, undefined, "warning");
  }
  if (unknown.length === 0) return cell("Every link is good", undefined, "good");
  return cell(
    `Every link that is known is good; not known: ${unknown.map(({ link }) => link).join(", ")}`,
    undefined,
    "warning",
  );
}

/** Ids that are not read by themselves, and the entry that says them. */
const saidBy: Readonly<Partial<Record<MsiStep["link"], MsiStep["link"]>>> = { EventID: "DTE", INTID: "ITE", PE: "CTE" };

function stepCells(steps: readonly MsiStep[], at: number, { fileOf }: Way): ReportCell[] {
  const step = steps[at];
  const { link, state, address, word, bytes = 0 } = step;
  const { sentence, advice } = msiText(step);
  const fetch = state === "unknown" && address !== undefined ? `Fetch it: ${fetchCommand(address, bytes)}` : undefined;
  const where = address === undefined ? "" : hex(address);
  const read = word === undefined ? where : `${where} = ${hex(word, bytes * 2)}`;
  const source =
    address === undefined ? steps.findLast((other, place) => place < at && other.link === saidBy[link]) : step;
  const shown = read === "" && source?.word !== undefined ? `in the ${source.link}` : read;
  const tone = { good: "good", broken: "bad", unknown: "warning" } as const;
  const text = [sentence, advice, fetch].filter((part) => part !== undefined).join("\n");
  return [
    cell({ good: "ok", broken: "BROKEN", unknown: "unknown" }[state], undefined, tone[state]),
    cell(link),
    cell(shown, source && linkOf(source, fileOf)),
    cell(text),
  ];
}

function linkOf({ address, bytes = 1 }: MsiStep, fileOf: Way["fileOf"]): EntryLink | undefined {
  const file = address === undefined ? undefined : fileOf(address);
  if (address === undefined || file === undefined) return undefined;
  return { input: 0, file, address: hex(address), bytes: Math.max(bytes, 1) };
}

/** The command of QEMU's monitor that fetches what is missing. */
function fetchCommand(address: number, bytes: number): string {
  if (bytes === 4) return `xp /1wx ${hex(address)}`;
  return bytes === 1 ? `xp /1bx ${hex(address)}` : `xp /${Math.ceil(bytes / 8)}gx ${hex(address)}`;
}

function stepJson(step: MsiStep) {
  const { address, word } = step;
  return {
    ...step,
    address: address === undefined ? undefined : hex(address),
    word: word === undefined ? undefined : hex(word),
    ...msiText(step),
  };
}

/** A number, or the requester id of a PCI address. @throws InputProblem when it is neither */
function idOf(given: unknown, name: "DeviceID" | "EventID"): number {
  const text = String(given).trim();
  const pci = name === "DeviceID" ? requesterId(text) : undefined;
  if (pci !== undefined) return pci;
  const value = parseNumber(text);
  if (value === undefined || value > MAX_ID)
    throw new InputProblem(`${name} "${text.slice(0, 40)}" is no number from 0 to 0x${MAX_ID.toString(16)}.`);
  return Number(value);
}

function hex(value: number | bigint, digits = 0): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
