import type { LayoutName } from "../architecture/layout.ts";
import { finish } from "../dumps/work.ts";
import { decodeState, type SavedState, STATE_FORMAT } from "../emulator/index.ts";
import {
  capturesIn,
  type InputContent,
  type InputTables,
  namesTables,
  walkTables,
} from "../runner/inputs/tables-input.ts";
import { printable } from "../runner/printable.ts";
import { problemSentence } from "../runner/saved-machines/index.ts";
import { isFolder, readCaptureFiles } from "./capture-input.ts";
import type { CommandContext } from "./command.ts";
import { openDump } from "./dump-input.ts";
import { errors } from "./errors.ts";
import { isGuestFile } from "./guest-input.ts";
import { readStateFile } from "./machine-input.ts";

/**
 * Reads tables. Problems of the files are printed.
 * @param places folders and files; a saved machine is one alone
 * @throws CliError when they hold none
 */
export async function readTables(
  places: readonly string[],
  layout: LayoutName | undefined,
  context: CommandContext,
): Promise<InputTables> {
  const name = places.join(", ");
  const state = places.length === 1 ? await stateIn(places[0], context) : undefined;
  const content: InputContent =
    state === undefined ? { files: await readCaptureFiles(places, context.stdin) } : { state, file: name };
  const captures = capturesIn(content);
  for (const { problems } of captures) {
    for (const { file, message } of problems) context.err.line(printable(`${file}: ${message}.`));
  }
  if (!namesTables(captures)) {
    throw state === undefined
      ? errors.noCapture(name)
      : errors.noTable(name, "the saved machine's registers name no tables.");
  }
  return finish(walkTables(name, content, captures, layout));
}

/** The saved machine that a file holds; undefined of any other file. @throws CliError when it is damaged */
async function stateIn(place: string, context: CommandContext): Promise<SavedState | undefined> {
  if (place === "-" || (await isFolder(place))) return undefined;
  if (isGuestFile(place)) return undefined;
  const bytes = await openDump(place, context.stdin);
  if (!(bytes instanceof Uint8Array)) return undefined;
  if (!new TextDecoder().decode(bytes.subarray(0, 1024)).includes(`"${STATE_FORMAT}"`)) return undefined;
  const { text, raw } = await readStateFile(place, context, bytes);
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) throw errors.state(place, problemSentence(decoded.problem));
  return decoded.state;
}
