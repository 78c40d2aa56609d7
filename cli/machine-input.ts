import path from "node:path";
import { type Machine, rawFileOf } from "../emulator/index.ts";
import { problemText } from "../runner/index.ts";
import { isStateText, machineOfScript, machineOfState } from "../runner/state/index.ts";
import type { CommandContext } from "./command.ts";
import { errors } from "./errors.ts";
import { readInput } from "./files.ts";

/** Texts of state files: 256 MiB of memory as base64 with room for the registers. */
const MAX_TEXT_BYTES = 400 * 1024 * 1024;

/** A file's text, and the raw memory beside it when it is a state file that names one. */
export async function readStateFile(
  file: string,
  context: CommandContext,
): Promise<{ text: string; raw?: Uint8Array }> {
  const bytes = await readInput(file, context.stdin);
  if (bytes.length > MAX_TEXT_BYTES) throw errors.tooLarge(file, MAX_TEXT_BYTES);
  const text = new TextDecoder().decode(bytes);
  const name = isStateText(text) ? rawFileOf(text) : undefined;
  if (name === undefined) return { text };
  // The name stands in a file that may come from anybody: it names a file beside it and none elsewhere.
  if (path.basename(name) !== name) throw errors.state(file, `memoryFile is "${name}", which is not beside it.`);
  return { text, raw: await readInput(path.join(path.dirname(file), name), context.stdin) };
}

/** The machine of a state file, or the one that a script leaves behind. Problems of the script are printed. */
export async function readMachine(file: string, context: CommandContext): Promise<Machine> {
  const { text, raw } = await readStateFile(file, context);
  const isState = isStateText(text);
  const source = isState ? machineOfState(text, raw) : machineOfScript(text);
  for (const { line, problem } of source.problems) context.err.line(problemText(file, line, problem));
  if ("machine" in source) return source.machine;
  if (isState) throw errors.state(file, source.failure ?? "It holds no machine.");
  throw errors.script(file, source.failure ?? "it has errors, and so leaves no machine behind.");
}
