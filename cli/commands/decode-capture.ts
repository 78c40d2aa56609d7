import type { TableLayouts } from "../../architecture/layout.ts";
import {
  type Capture,
  type CaptureDevice,
  type CaptureEvent,
  type CaptureReport,
  captureNotes,
  fetchText,
  type InterruptFinding,
  openCapture,
  type Source,
  saidLines,
  sourceText,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { checkGuest, type GuestFinding } from "../../dumps/guests/index.ts";
import { finish } from "../../dumps/work.ts";
import { printable } from "../../runner/printable.ts";
import { readCaptureFiles } from "../capture-input.ts";
import type { CommandContext } from "../command.ts";
import { type ExitCode, errors } from "../errors.ts";
import type { Output } from "../output.ts";
import { printTable, type TextColumn } from "../text-table.ts";
import { jsonGuest, printGuest } from "./decode-guest.ts";

/** Things that are missing, and lines that differ, which are printed one by one. */
const SHOWN = 20;

/**
 * Decodes the files of a capture together: from the registers or the boot log to devices, events, LPIs and pending bits.
 * @param places folders and files
 */
export async function decodeCapture(
  places: readonly string[],
  options: { readonly layout: TableLayouts | undefined; readonly json: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  const name = places.join(", ");
  const capture = openCapture(await readCaptureFiles(places, context.stdin));
  for (const { file, message } of capture.problems) context.err.line(printable(`${file}: ${message}.`));
  const problems = capture.guests.some(({ guest }) => guest.problems.length > 0);
  const hasTable = capture.facts.tables.has("device");
  if (!hasTable && capture.guests.length === 0) throw errors.noCapture(name);
  const report = finish(walkCapture(capture, options.layout ?? capture.layout));
  const findings = capture.guests.map(({ guest }) => checkGuest(guest, capture, report));
  if (options.json) context.out.line(JSON.stringify(jsonReport(name, capture, report, findings)));
  else {
    for (const [index, { name: file, guest }] of capture.guests.entries())
      printGuest(context, file, guest, findings[index]);
    if (hasTable) await print(context.out, name, capture, report);
    else context.out.line("No device table: the guest has no ITS whose GITS_BASER<n> is valid.");
  }
  if (report.leftOut > 0 || problems || findings.flat().length > 0) return 1;
  return report.close ? 3 : 0;
}

async function print(out: Output, name: string, capture: Capture, report: CaptureReport): Promise<void> {
  out.line(`${name}: ${layoutSentence(report)}`);
  for (const place of capture.facts.tables.values()) {
    const form = place.indirect ? `two-level, pages of ${place.pageBytes / 1024} KiB` : "flat";
    out.line(`${place.kind} table at ${hex(place.address)}, ${form}; by ${sourceText(place.source)}`);
  }
  const { propertyTable, pendingTables } = capture.facts;
  if (propertyTable !== undefined)
    out.line(`LPI configuration table at ${hex(propertyTable.address)}; by ${sourceText(propertyTable.source)}`);
  if (pendingTables.size > 0) out.line(`LPI pending tables of ${pendingTables.size} PEs`);
  for (const device of report.devices) {
    out.line();
    await printDevice(out, device, pendingTables.size > 0);
  }
  if (report.devices.length === 0) out.line("No device is mapped in what is known of the device table.");
  printFindings(out, report);
}

function layoutSentence({ layout, scores, close }: CaptureReport): string {
  const { name, title } = layout;
  const [best, second] = scores;
  if (second === undefined) return `layout ${name} (${title})`;
  const counted = (score: (typeof scores)[number]) =>
    `${score.sound} events that make sense and ${score.unsound} that do not`;
  const verdict = close ? "about as good, choose with --layout" : "next";
  return `layout ${name} (${title}): ${counted(best)}; ${verdict}: ${second.layout} with ${counted(second)}`;
}

const columns: readonly TextColumn[] = [
  ...["EventID", "INTID", "ICID", "PE", "enabled", "priority", "pending"].map(
    (heading): TextColumn => ({ heading, align: "right" }),
  ),
  { heading: "Linux", align: "left" },
];

async function printDevice(out: Output, device: CaptureDevice, hasPending: boolean): Promise<void> {
  const { deviceId, ittAddress, eventBits, events, knownEvents } = device;
  const all = 2 ** eventBits;
  const known = knownEvents < all ? `, ${knownEvents} of ${all} ITEs known` : "";
  out.line(
    `DeviceID ${hex(deviceId)} (${pciName(deviceId)}), ITT at ${hex(ittAddress)}, ${eventBits} EventID ${eventBits === 1 ? "bit" : "bits"}${known}`,
  );
  if (events.length > 0) await printTable(out, columns, events.length, (row) => eventCells(events[row], hasPending));
  else out.line(knownEvents === 0 ? "Its ITT is not in the capture." : "No event is mapped.");
}

function eventCells(event: CaptureEvent, hasPending: boolean): string[] {
  const { eventId, intid, icid, vpe, target, property, interrupt } = event;
  return [
    `${eventId}`,
    `${intid}`,
    icid === undefined ? `vPE ${vpe}` : `${icid}`,
    icid === undefined ? "-" : targetText(target),
    property === undefined ? "?" : (property & 1) === 1 ? "yes" : "no",
    property === undefined ? "?" : hex(property & 0xfc),
    hasPending ? pendingText(event) : "?",
    interrupt === undefined ? "" : printable(`irq ${interrupt.irq ?? "?"} ${interrupt.actions}`),
  ];
}

/** "?" where a table in which the bit may be set is not in the capture. */
function pendingText({ pending, pendingUnknown, vpe }: CaptureEvent): string {
  if (pending.length > 0) return pending.map((pe) => `PE ${pe}`).join(" ");
  if (vpe !== undefined) return "-";
  return pendingUnknown.length > 0 ? "?" : "no";
}

function targetText(target: CaptureEvent["target"]): string {
  return target === "unknown" ? "?" : `${target}`;
}

function printFindings(out: Output, report: CaptureReport): void {
  const { interrupts, missing, said } = report;
  printSaid(out, said);
  if (interrupts.length > 0) {
    const different = interrupts.filter(({ kind }) => kind !== "agrees");
    out.line();
    const isDebugfs = interrupts.every(({ line }) => line.counts.length === 0);
    out.line(
      `${isDebugfs ? "/sys/kernel/debug/irq" : "/proc/interrupts"}: ${interrupts.length} lines of ITS interrupts, ${interrupts.length - different.length} agree with the tables`,
    );
    list(out, different, (finding) => `${sourceText(finding.line.source)}: ${findingText(finding)}`);
  }
  const notes = captureNotes(report);
  if (notes.length > 0) out.line();
  list(out, notes, (note) => note);
  if (missing.length === 0) return;
  out.line();
  out.line("Not in the capture:");
  list(
    out,
    missing,
    (part) => `${part.what}, ${hex(part.address)}, ${part.bytes} bytes: ${fetchText(part.address, part.bytes)}`,
  );
}

/** What traces and vgic-its-state say to be mapped, a summary a file and what differs. */
function printSaid(out: Output, said: CaptureReport["said"]): void {
  for (const { summary, differences } of saidLines(said)) {
    out.line();
    out.line(printable(summary));
    list(out, differences, (difference) => difference);
  }
}

function list<Item>(out: Output, items: readonly Item[], text: (item: Item) => string): void {
  for (const item of items.slice(0, SHOWN)) out.line(`  ${printable(text(item))}`);
  if (items.length > SHOWN) out.line(`  and ${items.length - SHOWN} more (--json has them)`);
}

function findingText({ line, deviceId, eventId, kind, target, intid }: InterruptFinding): string {
  const event = `irq ${line.irq ?? "?"} (${line.actions})`;
  switch (kind) {
    case "no device":
      return `${event} is of DeviceID ${hex(deviceId ?? 0)}, which is not mapped`;
    case "no event":
      return `${event} is EventID ${eventId} of DeviceID ${hex(deviceId ?? 0)}, which is not mapped`;
    case "not in the capture":
      return `${event} is EventID ${eventId} of DeviceID ${hex(deviceId ?? 0)}, whose ITT is not in the capture as a whole`;
    case "came elsewhere":
      return `${event} goes to PE ${target} and has come on other CPUs only: it was moved since, or the tables are of another moment`;
    case "other INTID":
      return `${event} is LPI ${line.intid} in Linux; EventID ${eventId} of DeviceID ${hex(deviceId ?? 0)} is INTID ${intid} in the tables`;
    case "goes elsewhere":
      return `${event} goes to CPU ${line.effective} in Linux, to PE ${target} by its collection`;
    case "unknown device":
      return `${event}: ${line.chip} does not say its DeviceID`;
    case "agrees":
      return `${event} agrees`;
  }
}

function jsonReport(
  name: string,
  { facts, problems, guests }: Capture,
  report: CaptureReport,
  findings: readonly (readonly GuestFinding[])[],
) {
  const places = (map: ReadonlyMap<number, { readonly address: number; readonly source: Source }>) =>
    Object.fromEntries([...map].map(([key, { address, source }]) => [key, { address: hex(address), source }]));
  return {
    capture: name,
    layout: report.layout.name,
    layouts: report.scores,
    close: report.close,
    problems,
    ...(guests.length === 0
      ? {}
      : { guests: guests.map(({ name: file, guest }, index) => jsonGuest(file, guest, findings[index])) }),
    tables: [...facts.tables.values()].map((place) => ({ ...place, address: hex(place.address) })),
    pendingTables: places(facts.pendingTables),
    devices: report.devices.map((device) => ({
      ...device,
      address: hex(device.address),
      entry: hex(device.entry),
      ittAddress: hex(device.ittAddress),
      events: device.events.map((event) => ({ ...event, address: hex(event.address), entry: hex(event.entry) })),
    })),
    interrupts: report.interrupts,
    missing: report.missing.map((part) => ({
      ...part,
      address: hex(part.address),
      fetch: fetchText(part.address, part.bytes),
    })),
    conflicts: report.conflicts.map((conflict) => ({ ...conflict, address: hex(conflict.address) })),
    disagreements: report.disagreements,
    values: report.values.map(({ register, believed, other }) => ({
      register,
      believed: { ...believed, value: hex(believed.value) },
      other: { ...other, value: hex(other.value) },
    })),
    entrySizes: report.sizes,
    said: report.said,
    unplaced: report.unplaced,
    leftOut: report.leftOut,
  };
}

/** A DeviceID as a PCI requester id, bus:device.function. */
function pciName(deviceId: number): string {
  const [bus, device] = [(deviceId >>> 8) & 0xff, (deviceId >>> 3) & 0x1f].map((part) =>
    part.toString(16).padStart(2, "0"),
  );
  return `${bus}:${device}.${deviceId & 7}`;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
