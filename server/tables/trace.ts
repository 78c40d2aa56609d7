import { fetchText, type MsiStep, msiResult, msiStepJson, msiText } from "../../dumps/captures/index.ts";
import type { Work } from "../../dumps/work.ts";
import type { EntryLink, Report, ReportCell, TraceParams } from "../tables-protocol.ts";
import { cell, reportTable } from "./links.ts";
import { type MsiWay, msiWay } from "./msi-way.ts";
import type { FileAccess } from "./read-input.ts";

/** The way of one MSI through an input, as a report. @throws InputProblem */
export function* traceInput(params: TraceParams, access: FileAccess | undefined): Work<Report> {
  const { name } = params.input;
  const way = yield* msiWay(params, access);
  const { steps, layout, notes, deviceId, eventId } = way;
  const detail = `layout ${layout.name} (${layout.title}); DeviceID ${hex(deviceId)}, EventID ${hex(eventId)}`;
  return {
    inputs: [{ label: "", name, detail }],
    result: resultOf(steps),
    tables: [
      reportTable(
        { title: "The way of the MSI", about: [], columns: ["state", "link", "read", "what it says"] },
        steps.length,
        (at) => stepCells(steps, at, way),
      ),
    ],
    notes,
    json: JSON.stringify({ capture: name, layout: layout.name, deviceId, eventId, steps: steps.map(msiStepJson) }),
  };
}

function resultOf(steps: readonly MsiStep[]): ReportCell {
  const { text, tone } = msiResult(steps);
  return cell(text, undefined, tone);
}

/** Ids that are not read by themselves, and the entry that says them. */
const saidBy: Readonly<Partial<Record<MsiStep["link"], MsiStep["link"]>>> = {
  EventID: "DTE",
  INTID: "ITE",
  PE: "CTE",
  "virtual event": "ITE",
  vINTID: "VTE",
};

function stepCells(steps: readonly MsiStep[], at: number, { fileOf }: MsiWay): ReportCell[] {
  const step = steps[at];
  const { link, state, address, word, bytes = 0 } = step;
  const { sentence, advice } = msiText(step);
  const fetch = state === "unknown" && address !== undefined ? `Fetch it: ${fetchText(address, bytes)}` : undefined;
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

function linkOf({ address, bytes = 1 }: MsiStep, fileOf: MsiWay["fileOf"]): EntryLink | undefined {
  const file = address === undefined ? undefined : fileOf(address);
  if (address === undefined || file === undefined) return undefined;
  return { input: 0, file, address: hex(address), bytes: Math.max(bytes, 1) };
}

function hex(value: number | bigint, digits = 0): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
