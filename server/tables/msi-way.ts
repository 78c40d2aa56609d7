import type { TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import {
  allCaptureNotes,
  type Capture,
  type MsiStep,
  memoryOf,
  requesterId,
  traceMsi,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import type { Work } from "../../dumps/work.ts";
import { traceMachineMsi } from "../../runner/index.ts";
import { capturesIn, type InputContent } from "../../runner/inputs/tables-input.ts";
import { restoredMachine } from "../../runner/saved-machines/index.ts";
import type { TraceParams } from "../tables-protocol.ts";
import { type FileAccess, InputProblem, layoutOf, noTables, readInput } from "./read-input.ts";

const MAX_ID = 0xffff_ffffn;

/** The way of one MSI, and what it was read from. */
export interface MsiWay {
  readonly deviceId: number;
  readonly eventId: number;
  readonly steps: readonly MsiStep[];
  readonly layout: TableLayouts;
  /** Name of the file that holds an address; undefined where no file is known. */
  readonly fileOf: (address: number) => string | undefined;
  /** What in the files cannot be read, and what is to be known beside. */
  readonly notes: readonly string[];
}

type Way = Pick<MsiWay, "steps" | "layout" | "fileOf" | "notes">;

/** Follows one MSI through an input. @throws InputProblem */
export function* msiWay(params: TraceParams, access: FileAccess | undefined): Work<MsiWay> {
  const { input, its = 0 } = params;
  const deviceId = msiId(params.deviceId, "DeviceID");
  const eventId = msiId(params.eventId, "EventID");
  const content = yield* readInput(input, access);
  const captures = yield* capturesIn(content);
  const way = throughMachine(content, captures, its, deviceId, eventId) ?? (yield* throughTables());
  const problems = captures.flatMap((capture) => capture.problems.map(({ file, message }) => `${file}: ${message}.`));
  return { ...way, deviceId, eventId, notes: [...problems, ...way.notes] };

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

/** A number, or the requester id of a PCI address. @throws InputProblem when it is neither */
export function msiId(given: unknown, name: "DeviceID" | "EventID"): number {
  const text = String(given).trim();
  const pci = name === "DeviceID" ? requesterId(text) : undefined;
  if (pci !== undefined) return pci;
  const value = parseNumber(text);
  if (value === undefined || value > MAX_ID)
    throw new InputProblem(`${name} "${text.slice(0, 40)}" is no number from 0 to 0x${MAX_ID.toString(16)}.`);
  return Number(value);
}
