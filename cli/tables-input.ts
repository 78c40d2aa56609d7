import type { LayoutName } from "../architecture/layout.ts";
import { type Capture, openCapture } from "../dumps/captures/index.ts";
import { holdTables, type ReadTables, readTablesOf } from "../dumps/checks/index.ts";
import { finish } from "../dumps/work.ts";
import { decodeState, type SavedState, STATE_FORMAT } from "../emulator/index.ts";
import { printable } from "../runner/printable.ts";
import { capturesOf, problemSentence } from "../runner/saved-machines/index.ts";
import { isFolder, readCaptureFiles } from "./capture-input.ts";
import type { CommandContext } from "./command.ts";
import { openDump } from "./dump-input.ts";
import { errors } from "./errors.ts";
import { isGuestFile } from "./guest-input.ts";
import { readStateFile } from "./machine-input.ts";

/** The tables that some files hold, whatever they are: a dump, a capture, a saved machine. */
export interface InputTables extends ReadTables {
  /** The files, as they were named. */
  readonly name: string;
  readonly captures: readonly Capture[];
  /** Of a saved machine. */
  readonly state: SavedState | undefined;
}

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
  const captures =
    state === undefined ? [openCapture(await readCaptureFiles(places, context.stdin))] : capturesOf(state, name);
  for (const { problems } of captures) {
    for (const { file, message } of problems) context.err.line(printable(`${file}: ${message}.`));
  }
  if (!holdTables(captures)) {
    throw state === undefined
      ? errors.noCapture(name)
      : errors.noTable(name, "the saved machine's registers name no tables.");
  }
  return { name, captures, state, ...finish(readTablesOf(captures, layout)) };
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

/** All registers that are known of a guest, by name; those of one of several ITSs behind `ITS n`. */
export function registersOf({ captures, state }: InputTables): ReadonlyMap<string, bigint> {
  if (state === undefined) return captures[0].facts.registers;
  const units: readonly (readonly [prefix: string, values: ReadonlyMap<string, bigint>])[] = [
    ["", state.distributor],
    ...state.redistributors.map((values, pe) => [`PE ${pe} `, values] as const),
    ...state.cpuInterfaces.map((values, pe) => [`PE ${pe} `, values] as const),
    ...state.itss.map((values, its) => [state.itss.length === 1 ? "" : `ITS ${its} `, values] as const),
  ];
  return new Map(units.flatMap(([prefix, values]) => [...values].map(([name, value]) => [`${prefix}${name}`, value])));
}
