import path from "node:path";
import type { ModelName } from "../architecture/index.ts";
import { checkGuest, findingText, remarkText } from "../dumps/guests/index.ts";
import { decodeState, type Machine, rawFileOf, type SavedState, STATE_FORMAT } from "../emulator/index.ts";
import { problemText } from "../runner/index.ts";
import { printable } from "../runner/printable.ts";
import {
  elsewhereSentence,
  type GuestState,
  isPlainFileName,
  isStateText,
  machineOfScript,
  machineOfState,
  problemSentence,
  restoredMachine,
  stateOfGuest,
} from "../runner/saved-machines/index.ts";
import type { CommandContext } from "./command.ts";
import { errors } from "./errors.ts";
import { readInput } from "./files.ts";
import { guestOf } from "./guest-input.ts";
import { placeOf } from "./script-files.ts";

/** Texts of state files: 256 MiB of memory as base64 with room for the registers. */
const MAX_TEXT_BYTES = 400 * 1024 * 1024;

/** Whether a file's bytes begin like a state file: a JSON object with a field. No dump begins like that. */
export function beginsLikeState(bytes: Uint8Array): boolean {
  return /^\s*\{\s*"/.test(new TextDecoder().decode(bytes.subarray(0, 1024)));
}

/** Whether a text, or its beginning, is marked as a saved machine, whatever its file is called. */
export function saysState(head: string): boolean {
  return head.includes(`"${STATE_FORMAT}"`);
}

/**
 * The state of a machine of a guest that another program saved; undefined when the file holds none. What is wrong in the file and what
 * the machine has otherwise is told on standard error.
 * @throws CliError when no model has such a machine
 */
export function guestState(file: string, { err }: CommandContext, model?: ModelName): GuestState | undefined {
  const saved = guestOf(file);
  if (saved === undefined) return undefined;
  const { guest } = saved;
  for (const remark of [...guest.problems, ...guest.notes]) err.line(printable(`${file}: ${remarkText(remark)}.`));
  for (const finding of checkGuest(guest)) err.line(printable(`${file}: ${findingText(finding)}.`));
  const made = stateOfGuest(guest, model);
  if ("failure" in made) throw errors.notImported(file, made.failure);
  for (const sentence of made.left) err.line(printable(`${file}: ${sentence}.`));
  return made;
}

/** A file's text, and the raw memory beside it when it is a state file that names one. @param bytes the file's, when they are read already */
export async function readStateFile(
  file: string,
  context: CommandContext,
  bytes?: Uint8Array,
): Promise<{ text: string; raw?: Uint8Array }> {
  const content = bytes ?? (await readInput(file, context.stdin));
  if (content.length > MAX_TEXT_BYTES) throw errors.tooLarge(file, MAX_TEXT_BYTES);
  const text = new TextDecoder().decode(content);
  const name = isStateText(text) ? rawFileOf(text) : undefined;
  if (name === undefined) return { text };
  if (!isPlainFileName(name)) throw errors.state(file, elsewhereSentence(name));
  // Resolved: a name of "-" is a file here and not standard input.
  return { text, raw: await readInput(path.resolve(path.dirname(file), name), context.stdin) };
}

/** The state of a state file; its machine need not be one that can be restored. @param bytes the file's, when they are read already */
export async function readState(file: string, context: CommandContext, bytes?: Uint8Array): Promise<SavedState> {
  const guest = bytes === undefined ? guestState(file, context) : undefined;
  if (guest !== undefined) return guest.state;
  const { text, raw } = await readStateFile(file, context, bytes);
  if (!isStateText(text)) throw errors.state(file, "It is no JSON object, as a saved machine is.");
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) throw errors.state(file, problemSentence(decoded.problem));
  return decoded.state;
}

/** The machine of a state file, or the one that a script leaves behind. Problems of the script are printed. */
export async function readMachine(file: string, context: CommandContext): Promise<Machine> {
  const guest = guestState(file, context);
  if (guest !== undefined) {
    const restored = restoredMachine(guest.state);
    if ("failure" in restored) throw errors.state(file, restored.failure);
    return restored.machine;
  }
  const { text, raw } = await readStateFile(file, context);
  const isState = isStateText(text);
  const source = isState ? machineOfState(text, raw) : machineOfScript(text, placeOf(file));
  for (const { line, problem } of source.problems) context.err.line(problemText(file, line, problem));
  if ("machine" in source) return source.machine;
  if (isState) throw errors.state(file, source.failure ?? "It holds no machine.");
  throw errors.script(file, source.failure ?? "it has errors, and so leaves no machine behind.");
}
