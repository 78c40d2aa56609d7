import { msiText, requesterId } from "../../dumps/captures/index.ts";
import { EmulatorTarget, type ScriptRun, traceMachineMsi } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { evaluateNumber } from "../evaluate.ts";

const TRACE = /^\s*trace-msi\b(.*)$/s;
const MAX_ID = 0xffff_ffffn;

/** What stands behind `trace-msi`, the console's question for the way of an MSI; undefined for other texts. */
export function traceMsiArguments(text: string): string | undefined {
  return TRACE.exec(text)?.[1];
}

/**
 * Answers `trace-msi DEVICEID, EVENTID` link by link.
 * @throws AdapterError when the ids cannot be read, or the machine cannot be saved, as its tables have to be
 */
export function answerTraceMsi(given: string, run: ScriptRun): string {
  const { target } = run;
  if (!(target instanceof EmulatorTarget)) throw errors.noMsiPath("the tables of this target are not to be had");
  const words = splitAtCommas(given);
  if (words.length !== 2) throw errors.noMsiPath("it takes two ids: trace-msi 0x10, 3, or trace-msi 00:01.0, 3");
  const [deviceId, eventId] = words.map((word, at) => idOf(word, at === 0, run));
  const steps = traceMachineMsi(target.machine, 0, deviceId, eventId);
  if (steps === undefined) throw errors.noMsiPath("the machine has no ITS");
  return steps
    .map((step) => {
      const { sentence, advice } = msiText(step);
      const mark = { good: "ok", broken: "BROKEN", unknown: "unknown" }[step.state];
      return `${mark.padEnd(7)}  ${step.link}: ${sentence}${advice === undefined ? "" : `\n         ${advice}`}`;
    })
    .join("\n");
}

function idOf(text: string, isDevice: boolean, run: ScriptRun): number {
  const pci = isDevice ? requesterId(text.trim()) : undefined;
  const value = pci === undefined ? evaluateNumber(text, run) : BigInt(pci);
  if (value < 0n || value > MAX_ID)
    throw errors.noMsiPath(`${text.trim()} is no id from 0 to 0x${MAX_ID.toString(16)}`);
  return Number(value);
}

/** Splits at the commas outside of brackets: `ite[8, 0].ICID, 3` is two expressions. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "(") depth++;
    else if (character === "]" || character === ")") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.length === 1 && parts[0].trim() === "" ? [] : parts;
}
