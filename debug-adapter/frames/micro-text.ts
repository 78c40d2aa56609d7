import { hex } from "../../architecture/hex.ts";
import { formatCommand } from "../../architecture/index.ts";
import { msiText } from "../../dumps/captures/index.ts";
import {
  type CommandSpan,
  type DisplayNode,
  isCommandSpan,
  type MicroStep,
  type MsiSpan,
  outcomeText,
  wayLinks,
  wordText,
} from "../../runner/index.ts";

/** A command of a line, or its MSI, for people. */
export function commandText(span: CommandSpan | MsiSpan): string {
  if (!isCommandSpan(span)) return `MSI of DeviceID ${hex(span.deviceId)}, EventID ${hex(span.eventId)}`;
  const text = span.words === undefined ? "a command that is not in RAM" : formatCommand(span.words);
  return `${text} at ${hex(span.address)}${span.outcome === undefined ? "" : ` → ${outcomeText(span.outcome)}`}`;
}

/** A micro-step for people: `read DTE at 0x40100008: DeviceID 0x1 is mapped`. */
export function microText(step: MicroStep): string {
  const { link, writes, address, word, old, bytes = 0 } = step;
  const place = address === undefined ? "" : ` at ${hex(address)}`;
  if (writes && old !== undefined && word !== undefined) {
    return `write ${link}${place}: ${wordText(old, bytes * 8)} → ${wordText(word, bytes * 8)}`;
  }
  const about = sentenceOf(step);
  return `${writes ? "write" : "read"} ${link}${place}${about === undefined ? "" : `: ${about}`}`;
}

function sentenceOf({ link, state, values }: MicroStep): string | undefined {
  // What may have become of it does not fit in a frame's name.
  const whether = `is ${values.Pending === 1 ? "" : "not "}pending`;
  if (link === "pending bit") return `LPI ${values.INTID} ${whether}`;
  if (link === "virtual pending bit") return `virtual INTID ${values.vINTID} of vPE ${values.vPEID} ${whether}`;
  // Other links have no sentence.
  const known = wayLinks.find((one) => one === link);
  return known && msiText({ link: known, state, values }).sentence;
}

/** What is known of a micro-step, one thing a node. */
export function microNodes(step: MicroStep): readonly DisplayNode[] {
  const { link, writes, state, address, bytes, word, old, values } = step;
  const word64 = (value: bigint): string => wordText(value, (bytes ?? 8) * 8);
  return [
    { name: "access", value: `${writes ? "write" : "read"} ${link}` },
    ...(address === undefined
      ? [{ name: "address", value: "none: it is not in guest memory" }]
      : [{ name: "address", value: hex(address), address }]),
    ...(bytes === undefined ? [] : [{ name: "bytes", value: String(bytes) }]),
    ...(old === undefined ? [] : [{ name: "before", value: word64(old) }]),
    ...(word === undefined ? [] : [{ name: "value", value: word64(word) }]),
    ...Object.entries(values).map(([name, value]) => ({ name, value: hex(value) })),
    ...(state === "good" ? [] : [{ name: "state", value: state }]),
  ];
}
