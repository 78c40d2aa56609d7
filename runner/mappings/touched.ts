import { commandByOpcode } from "../../architecture/index.ts";
import { type CommandEvent, DONE } from "../../emulator/index.ts";
import { fieldReader, Packet } from "../packet.ts";
import type { Target } from "../target.ts";
import type { Subject } from "./subject.ts";

/** A subject that a command may have mapped or unmapped. */
export interface Touch {
  readonly subject: Subject;
  /** Whether the command maps it and was carried out: what it maps is mapped by it, whatever it was before. */
  readonly maps: boolean;
}

/** An argument stands at the same place in all commands that have it. */
const deviceId = fieldReader("MAPD", "DeviceID");
const eventId = fieldReader("MAPTI", "EventID");
const icid = fieldReader("MAPC", "ICID");

/** Read again for each command. */
const packet = new Packet();

/** What a command that an ITS has taken from its queue may have mapped or unmapped; undefined: nothing. */
export function touchOf(event: CommandEvent, target: Target): Touch | undefined {
  const name = commandByOpcode(event.opcode)?.name;
  const kind = name === undefined ? undefined : kinds[name];
  if (kind === undefined || !packet.read(target, target.queue(event.its).address + event.queueOffset)) return undefined;
  return { subject: subjectOf(kind, event.its), maps: event.outcome === DONE && name !== "DISCARD" };
}

function subjectOf(kind: Subject["kind"], its: number): Subject {
  switch (kind) {
    case "device":
      return { kind, its, device: deviceId(packet) };
    case "event":
      return { kind, its, device: deviceId(packet), event: eventId(packet) };
    case "collection":
      return { kind, its, icid: icid(packet) };
  }
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
