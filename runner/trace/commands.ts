import {
  type Command,
  commandByName,
  commandByOpcode,
  commandField,
  encodeCommand,
  fieldMax,
  opcodeOf,
} from "../../architecture/index.ts";
import { numberIn, type TraceEvent, wideNumberIn } from "../../dumps/qemu-trace/event.ts";

/** Names of the trace's fields and of the commands' fields that they hold, raw. */
const FIELDS: Readonly<Record<string, string>> = {
  device: "DeviceID",
  event: "EventID",
  size: "Size",
  itt: "ITT_addr",
  valid: "V",
  icid: "ICID",
  rdbase: "RDbase",
  rdbase1: "RDbase1",
  rdbase2: "RDbase2",
  intid: "pINTID",
  vpe: "vPEID",
  vintid: "vINTID",
  doorbell: "Dbell_pINTID",
  rings: "D",
  table: "VPT_addr",
};
/** Size field of VMAPP. */
const VPT_SIZE = "VPT_size";

/** A command as it stood in the queue. */
export interface QueuedCommand {
  /** Index in the queue, in commands of 32 bytes. */
  readonly slot: number;
  readonly words: readonly [bigint, bigint, bigint, bigint];
}

/**
 * The commands that an ITS took, from the lines above the register write that made it take them. Fields that no line shows (ICID of INVALL,
 * RDbase of SYNC, sequence numbers) are 0: QEMU does not look at them.
 */
export function queuedCommands(effects: readonly TraceEvent[]): QueuedCommand[] {
  const commands: QueuedCommand[] = [];
  for (let i = 0; i < effects.length; i++) {
    if (effects[i].spec.name !== "gicv3_its_process_command") continue;
    const next = effects[i + 1];
    const args = next?.spec.role === "command" ? next : undefined;
    commands.push({ slot: numberIn(effects[i], "slot"), words: wordsOf(numberIn(effects[i], "opcode"), args) });
  }
  return commands;
}

/**
 * The command that an event of the trace tells of by itself, without the line that says that it is processed. `unshown` are fields that no
 * trace shows, 0 here. @returns undefined for other events
 */
export function commandOfEvent(
  event: TraceEvent,
): { readonly words: QueuedCommand["words"]; readonly unshown: readonly string[] } | undefined {
  if (event.spec.role !== "command") return undefined;
  const command = commandByName(event.spec.name.replace(/^gicv3_its_cmd_/, "").toUpperCase());
  if (command === undefined) return undefined;
  const shown = new Set(event.spec.fields.map(({ name }) => fieldOf(command, name)?.name));
  const unshown = command.fields.filter(({ name, defaultRaw }) => defaultRaw === undefined && !shown.has(name));
  return { words: wordsOf(opcodeOf(command.name), event), unshown: unshown.map(({ name }) => name) };
}

function wordsOf(opcode: number, args: TraceEvent | undefined): [bigint, bigint, bigint, bigint] {
  const command = commandByOpcode(opcode);
  if (command === undefined || args === undefined) return [BigInt(opcode & 0xff), 0n, 0n, 0n];
  const raw: Record<string, bigint> = {};
  for (const { name } of args.spec.fields) {
    const field = fieldOf(command, name);
    if (field !== undefined) raw[field.name] = wideNumberIn(args, name) & fieldMax(field);
  }
  return encodeCommand(command, raw);
}

function fieldOf(command: Command, name: string) {
  return commandField(command, name === "size" && command.name === "VMAPP" ? VPT_SIZE : (FIELDS[name] ?? name));
}
