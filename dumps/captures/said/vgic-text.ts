import { readVgicItsState, type VgicItsState } from "../../vgic-text/vgic-its-state.ts";
import { readVgicState } from "../../vgic-text/vgic-state.ts";
import type { Work } from "../../work.ts";
import type { CaptureFacts } from "../facts.ts";

/** Problems of a text that are told one by one. */
const SHOWN = 5;
/** A line of vgic-state and of vgic-its-state, however it is quoted. */
const STATE = /^(?:> ?)*(?:vgic_model:|(?:VCPU|SPI)\s+\d+ TYP\s+ID TGT_ID PLAEHCG)/m;
const ITS_STATE = /^(?:> ?)*Device ID: \w{1,10}, Event ID Range: \[/m;
/** The name that KVM gives the file has the address of the ITS's frame. */
const ITS_NAME = /(?:^|[/\\])vgic-its-state@(?:0x)?([0-9a-f]{1,13})(?:\.txt)?$/;

/**
 * Takes what KVM tells in debugfs (`vgic-state`, `vgic-its-state@ADDRESS`): devices, events and LPIs as the kernel has them. It has no address of
 * any table.
 * @returns what of it is not understood, in parts of a sentence each; undefined when the text is none of the two
 */
export function* readVgicText(
  text: string,
  file: string,
  facts: CaptureFacts,
): Work<{ readonly problems: readonly string[] } | undefined> {
  const [hasState, hasIts] = [STATE.test(text), ITS_STATE.test(text)];
  if (!hasState && !hasIts) return undefined;
  const found: { readonly line: number; readonly message: string }[] = [];
  const state = hasState ? yield* readVgicState(text) : undefined;
  const its = hasIts ? yield* readVgicItsState(text) : undefined;
  // Of a text with both each reader takes the other's lines for strange ones.
  if (state === undefined || its === undefined) found.push(...((state ?? its)?.problems ?? []));
  else {
    const strange = new Set(state.problems.map(({ line }) => line));
    found.push(...its.problems.filter(({ line }) => strange.has(line)));
  }
  if (state !== undefined) {
    const { interrupts } = state;
    for (const { kind, intid, enabled, priority, target, textLine: line } of interrupts) {
      if (kind === "LPI")
        facts.saidLpis.push({ intid, enabled, priority: priority & 0xfc, target, source: { file, line } });
    }
  }
  if (its !== undefined) {
    const other = facts.saidDevices.find(({ itt }) => itt === undefined);
    if (other === undefined) takeIts(its, file, facts);
    else
      return {
        problems: [
          `is left out: ${other.source.file} has the devices of an ITS, and a capture is walked by the tables of one`,
        ],
      };
  }
  const problems = found.slice(0, SHOWN).map(({ line, message }) => `line ${line}: ${message.replace(/\.$/, "")}`);
  if (found.length > SHOWN) problems.push(`and ${found.length - SHOWN} more lines like these`);
  return { problems };
}

function takeIts({ devices }: VgicItsState, file: string, facts: CaptureFacts): void {
  const [, address] = ITS_NAME.exec(file) ?? [];
  if (address !== undefined) facts.its ??= { address: Number.parseInt(address, 16), source: { file, line: 0 } };
  for (const { deviceId, eventBits, events, textLine } of devices) {
    facts.saidDevices.push({ deviceId, eventBits, itt: undefined, source: { file, line: textLine } });
    for (const { eventId, intid, icid, target, textLine: line } of events)
      facts.saidEvents.push({ deviceId, eventId, intid, icid, target, source: { file, line } });
  }
}
