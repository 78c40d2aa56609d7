import { type CommandWords, commandByOpcode } from "../../architecture/index.ts";
import { type CommandEvent, DONE } from "../../emulator/index.ts";
import { commandIds } from "../explain-outcome.ts";
import type { Target } from "../target.ts";
import type { Subject } from "./subject.ts";

const COMMAND_BYTES = 32;

/** A subject that a command may have mapped or unmapped. */
export interface Touch {
  readonly subject: Subject;
  /** Whether the command maps it and was carried out: what it maps is mapped by it, whatever it was before. */
  readonly maps: boolean;
}

/** What a command that an ITS has taken from its queue may have mapped or unmapped; undefined: nothing. */
export function touchOf(event: CommandEvent, target: Target): Touch | undefined {
  const command = commandByOpcode(event.opcode);
  const kind = command && kinds[command.name];
  if (command === undefined || kind === undefined) return undefined;
  const words = packetAt(target, target.queue(event.its).address + event.queueOffset);
  if (words === undefined) return undefined;
  const { deviceId: device, eventId: event_, icid } = commandIds(command, words);
  const maps = event.outcome === DONE && command.name !== "DISCARD";
  if (kind === "device" && device !== undefined) return { subject: { kind, device }, maps };
  if (kind === "event" && device !== undefined && event_ !== undefined)
    return { subject: { kind, device, event: event_ }, maps };
  return kind === "collection" && icid !== undefined ? { subject: { kind, icid }, maps } : undefined;
}

/** Commands that map or unmap, and what. */
const kinds: Readonly<Record<string, Subject["kind"] | undefined>> = {
  MAPD: "device",
  MAPC: "collection",
  MAPTI: "event",
  MAPI: "event",
  VMAPTI: "event",
  VMAPI: "event",
  DISCARD: "event",
};

function packetAt(target: Target, address: number): CommandWords | undefined {
  const bytes = target.readMemory(address, COMMAND_BYTES);
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, COMMAND_BYTES);
  const word = (index: number) => view.getBigUint64(index * 8, true);
  return [word(0), word(1), word(2), word(3)];
}
