import { models, resolveModel } from "../../architecture/index.ts";
import { holdTables } from "../../dumps/checks/index.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { finish } from "../../dumps/work.ts";
import type { SavedState } from "../../emulator/index.ts";
import { machineOfTables } from "../../runner/inputs/machine-of-tables.ts";
import { capturesIn, walkTables } from "../../runner/inputs/tables-input.ts";
import { errors } from "../errors.ts";
import { givenText } from "../shapes.ts";

/** Characters of a dump that is taken as a machine. */
const MAX_CHARACTERS = 16 * 2 ** 20;

/**
 * The machine that a text dump of tables is restored into.
 * @param path of the dump, for messages @param name of the file, for people
 * @param model of the launch configuration, whatever it holds; absent: the default model of the tables' layout
 * @returns undefined where the text is no dump; `left`: what the machine has otherwise than the guest, a sentence each
 * @throws AdapterError when nothing tells where the tables are, or the model does not take them
 */
export function machineOfDump(
  path: string,
  name: string,
  text: string,
  model: unknown,
): { readonly state: SavedState; readonly left: readonly string[] } | undefined {
  if (text.length > MAX_CHARACTERS) throw errors.stateTooLarge(path, MAX_CHARACTERS / 2 ** 20);
  const dump = readDump(text);
  if (dump.memory.isEmpty) return undefined;
  const content = { files: [{ name, content: { text, dump } }] };
  const captures = finish(capturesIn(content));
  // A guess is for a person to look at, and a launch asks nobody.
  if (!holdTables(captures) || captures.some(({ guess }) => guess !== undefined)) throw errors.state(path, NO_TABLES);
  const tables = finish(walkTables(name, content, captures, undefined));
  const made = machineOfTables(content, tables, modelOf(model));
  if ("failure" in made) throw errors.state(path, made.failure);
  return { state: made.state, left: [...captures.flatMap(({ problems }) => problems.map(problemText)), ...made.left] };
}

const NO_TABLES =
  'It is a dump that does not say where its tables are. Write a line "# gic: table=device-table base=0x…" above each of them, or use "Debug From This Dump", which asks.';

function problemText({ file, message }: { readonly file: string; readonly message: string }): string {
  return `${file}: ${message}.`;
}

function modelOf(given: unknown): ReturnType<typeof resolveModel> {
  if (given === undefined) return undefined;
  const found = typeof given === "string" ? resolveModel(given) : undefined;
  if (found !== undefined) return found;
  throw errors.badModel(
    typeof given === "string" ? given : givenText(given),
    models.map(({ name }) => name),
  );
}
