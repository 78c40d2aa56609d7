import path from "node:path";
import type { TableLayouts } from "../architecture/layout.ts";
import { type CaptureFile, type DescribedTable, describedDump } from "../dumps/captures/index.ts";
import { holdTables } from "../dumps/checks/index.ts";
import { finish } from "../dumps/work.ts";
import { decodeState, type SavedState } from "../emulator/index.ts";
import { capturesIn, type InputContent, type InputTables, walkTables } from "../runner/inputs/tables-input.ts";
import { printable } from "../runner/printable.ts";
import { problemSentence } from "../runner/saved-machines/index.ts";
import { isFolder, readCaptureFiles } from "./capture-input.ts";
import type { CommandContext } from "./command.ts";
import { openDump, readDumpFile } from "./dump-input.ts";
import { errors } from "./errors.ts";
import { isGuestFile } from "./guest-input.ts";
import { withNamedLayouts } from "./layout-files.ts";
import { readStateFile, saysState } from "./machine-input.ts";

/** What is said of a dump that does not say itself which table it is. */
export interface DumpDescription {
  readonly table: DescribedTable;
  readonly base?: bigint;
  /** Bytes of the table; of level 1 where it has two. */
  readonly size?: bigint;
  readonly levels?: "1" | "2";
}

/**
 * Reads tables. Problems of the files are printed.
 * @param places folders and files; a saved machine is one alone
 * @throws CliError when they hold none
 */
export async function readTables(
  places: readonly string[],
  layout: TableLayouts | undefined,
  context: CommandContext,
  description?: DumpDescription,
): Promise<InputTables> {
  const name = places.join(", ");
  const described = description && (await describedFile(places, description, context));
  const state = described === undefined && places.length === 1 ? await stateIn(places[0], context) : undefined;
  const content: InputContent =
    state === undefined
      ? { files: described === undefined ? await readCaptureFiles(places, context.stdin) : [described] }
      : { state, file: name };
  const captures = finish(capturesIn(content));
  for (const { problems } of captures) {
    for (const { file, message } of problems) context.err.line(printable(`${file}: ${message}.`));
  }
  if (!holdTables(captures)) {
    throw state === undefined
      ? errors.noCapture(name)
      : errors.noTable(name, "the saved machine's registers name no tables.");
  }
  return finish(walkTables(name, content, captures, layout));
}

/** A file that is a dump, raw bytes or a core of one table and what it leads to. @throws CliError of anything else */
async function describedFile(
  places: readonly string[],
  { table, base, size, levels }: DumpDescription,
  { stdin }: CommandContext,
): Promise<CaptureFile> {
  const [file] = places;
  if (places.length > 1 || (await isFolder(file)) || isGuestFile(file)) throw errors.captureOption("as");
  const document = withNamedLayouts(readDumpFile(file, await openDump(file, stdin), { table, base }), file);
  if (document.sections.length > 0) throw errors.describesItself(file);
  const dump = describedDump(document, table, { base, size, levels });
  return { name: path.basename(file), content: { text: "", dump } };
}

/** The saved machine that a file holds; undefined of any other file. @throws CliError when it is damaged */
async function stateIn(place: string, context: CommandContext): Promise<SavedState | undefined> {
  if (place === "-" || (await isFolder(place))) return undefined;
  if (isGuestFile(place)) return undefined;
  const bytes = await openDump(place, context.stdin);
  if (!(bytes instanceof Uint8Array)) return undefined;
  if (!saysState(new TextDecoder().decode(bytes.subarray(0, 1024)))) return undefined;
  const { text, raw } = await readStateFile(place, context, bytes);
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) throw errors.state(place, problemSentence(decoded.problem));
  return decoded.state;
}
