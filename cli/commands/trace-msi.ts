import type { TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import {
  allCaptureNotes,
  fetchText,
  type MsiStep,
  memoryOf,
  msiStepJson,
  msiText,
  openCapture,
  pendingLinks,
  requesterId,
  traceMsi,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { HEAD_BYTES, looksBinary } from "../../dumps/read-dump.ts";
import { finish } from "../../dumps/work.ts";
import { traceMachineMsi } from "../../runner/index.ts";
import { printable } from "../../runner/printable.ts";
import { isFolder, readCaptureFiles } from "../capture-input.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { openDump } from "../dump-input.ts";
import { type ExitCode, errors } from "../errors.ts";
import { isGuestFile } from "../guest-input.ts";
import { chosenLayout, layoutOption } from "../layout-option.ts";
import { readMachine, saysState } from "../machine-input.ts";
import type { Output } from "../output.ts";

const MAX_ID = 0xffff_ffff;

/** `gicwb trace-msi`: why an MSI does not arrive. */
export const traceMsiCommand = defineCommand({
  name: "trace-msi",
  summary: "follow one MSI through a capture, to the link that is broken",
  args: ["CAPTURE", "DEVICEID", "EVENTID"],
  options: {
    layout: layoutOption("whose layout (default: as gicwb decode finds it)"),
    its: { type: "number", value: "N", summary: "of a machine: the ITS that the device writes to (default: 0)" },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "CAPTURE is a folder, as gicwb decode takes it (docs/captures.md), a saved machine, or a script, which is run: of a machine the way",
    "goes on to the CPU interface. DEVICEID is a number, or bus:device.function of a PCI device.",
    "Exit code 0: every link that is in the capture is good; 1: a link is broken, or what it needs is not in the capture.",
  ],
  async run([place, device, event], { layout: asked, its: given, json }, context) {
    const { out, err, stdin } = context;
    const deviceId = idOf(device, "DEVICEID");
    const eventId = idOf(event, "EVENTID");
    const its = Number(given ?? 0n);
    if (await isMachine(place, context)) {
      if (asked !== undefined) throw errors.usage("--layout is for captures: a machine knows its own.", "trace-msi");
      const machine = await readMachine(place, context);
      const steps = traceMachineMsi(machine, its, deviceId, eventId);
      if (steps === undefined) {
        throw errors.usage(`${place} has no ITS ${its}; the first one is 0.`, "trace-msi");
      }
      return tell(out, { place, layout: layouts[machine.layout], deviceId, eventId, steps }, json);
    }
    const capture = openCapture(await readCaptureFiles([place], stdin));
    for (const { file, message } of capture.problems) err.line(printable(`${file}: ${message}.`));
    if (!capture.facts.tables.has("device")) throw errors.noCapture(place);
    const report = finish(walkCapture(capture, chosenLayout("trace-msi", asked) ?? capture.layout));
    for (const note of allCaptureNotes(report)) err.line(printable(`${place}: ${note}.`));
    const known = report.layout;
    const steps = traceMsi(capture.facts, memoryOf(capture, known), known, deviceId, eventId);
    return tell(out, { place, layout: known, deviceId, eventId, steps }, json);
  },
});

interface Traced {
  readonly place: string;
  readonly layout: TableLayouts;
  readonly deviceId: number;
  readonly eventId: number;
  readonly steps: readonly MsiStep[];
}

function tell(out: Output, { place, steps, layout, deviceId, eventId }: Traced, json: boolean): ExitCode {
  if (json)
    out.line(JSON.stringify({ capture: place, layout: layout.name, deviceId, eventId, steps: steps.map(msiStepJson) }));
  else print(out, place, layout, steps);
  const arrives = steps.some(({ link, state }) => pendingLinks.includes(link) && state === "good");
  return arrives && steps.every(({ state }) => state !== "broken") ? 0 : 1;
}

/** Whether a place is a saved machine or a script, and no capture. */
async function isMachine(place: string, { stdin }: CommandContext): Promise<boolean> {
  if (place === "-" || (await isFolder(place)) || isGuestFile(place)) return false;
  if (/\.itscmd$/.test(place)) return true;
  const input = await openDump(place, stdin);
  const head = input.subarray(0, HEAD_BYTES);
  return !looksBinary(head) && saysState(new TextDecoder().decode(head));
}

function print(out: Output, place: string, layout: TableLayouts, steps: readonly MsiStep[]): void {
  out.line(`${place}: layout ${layout.name} (${layout.title})`);
  for (const step of steps) {
    const { link, state, address, word, bytes = 0 } = step;
    const where = address === undefined ? "" : ` at 0x${address.toString(16)}`;
    const read = word === undefined ? "" : ` = 0x${word.toString(16).padStart(bytes * 2, "0")}`;
    const { sentence, advice } = msiText(step);
    out.line(
      `${{ good: "ok     ", broken: "BROKEN ", unknown: "unknown" }[state]}  ${link}${where}${read}: ${sentence}`,
    );
    if (advice !== undefined) out.line(`         ${advice}`);
    if (state === "unknown" && address !== undefined) out.line(`         ${fetchText(address, bytes)}`);
  }
}

/** A number, or the requester id of a PCI address. @throws CliError when it is neither */
function idOf(text: string, name: string): number {
  const pci = name === "DEVICEID" ? requesterId(text) : undefined;
  if (pci !== undefined) return pci;
  const value = parseNumber(text);
  if (value === undefined || value > BigInt(MAX_ID))
    throw errors.usage(`${name} "${text}" is no number from 0 to 0x${MAX_ID.toString(16)}.`, "trace-msi");
  return Number(value);
}
