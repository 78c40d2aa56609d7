import type { LayoutName } from "../../architecture/layout.ts";
import { layoutNames, layouts } from "../../architecture/layouts/index.ts";
import { type MsiStep, memoryOf, msiText, openCapture, traceMsi, walkCapture } from "../../dumps/captures/index.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { finish } from "../../dumps/work.ts";
import { printable } from "../../runner/printable.ts";
import { readCaptureFiles } from "../capture-input.ts";
import { defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import type { Output } from "../output.ts";
import { fetchText } from "./fetch-text.ts";

const MAX_ID = 0xffff_ffff;

/** `gicwb trace-msi`: why an MSI does not arrive. */
export const traceMsiCommand = defineCommand({
  name: "trace-msi",
  summary: "follow one MSI through a capture, to the link that is broken",
  args: ["CAPTURE", "DEVICEID", "EVENTID"],
  options: {
    layout: {
      type: "choice",
      value: "LAYOUT",
      choices: layoutNames,
      summary: "whose layout (default: as gicwb decode finds it)",
    },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "CAPTURE is a folder, as gicwb decode takes it (docs/captures.md). DEVICEID is a number, or bus:device.function of a PCI device.",
    "Exit code 0: every link that is in the capture is good; 1: a link is broken, or what it needs is not in the capture.",
  ],
  async run([place, device, event], { layout, json }, { out, err, stdin }) {
    const deviceId = idOf(device, "DEVICEID");
    const eventId = idOf(event, "EVENTID");
    const capture = openCapture(await readCaptureFiles([place], stdin));
    for (const { file, message } of capture.problems) err.line(printable(`${file}: ${message}.`));
    if (!capture.facts.tables.has("device")) throw errors.noCapture(place);
    const known: LayoutName = layout ?? capture.layout ?? finish(walkCapture(capture)).layout;
    const steps = traceMsi(capture.facts, memoryOf(capture, known), known, deviceId, eventId);
    if (json)
      out.line(JSON.stringify({ capture: place, layout: known, deviceId, eventId, steps: steps.map(jsonStep) }));
    else print(out, place, known, steps);
    const last = steps.at(-1);
    return last?.link === "pending bit" && last.state === "good" ? 0 : 1;
  },
});

function print(out: Output, place: string, layout: LayoutName, steps: readonly MsiStep[]): void {
  out.line(`${place}: layout ${layout} (${layouts[layout].title})`);
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

function jsonStep(step: MsiStep) {
  const { address, word } = step;
  return {
    ...step,
    address: address === undefined ? undefined : `0x${address.toString(16)}`,
    word: word === undefined ? undefined : `0x${word.toString(16)}`,
    ...msiText(step),
  };
}

/** A number, or the requester id of a PCI address. @throws CliError when it is neither */
function idOf(text: string, name: string): number {
  const pci = /^([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i.exec(text);
  if (pci !== null && name === "DEVICEID") {
    const [bus, device, fn] = pci.slice(1).map((digits) => Number.parseInt(digits, 16));
    if (device < 32) return (bus << 8) | (device << 3) | fn;
  }
  const value = parseNumber(text);
  if (value === undefined || value > BigInt(MAX_ID))
    throw errors.usage(`${name} "${text}" is no number from 0 to 0x${MAX_ID.toString(16)}.`, "trace-msi");
  return Number(value);
}
