import type { TableLayouts } from "../../architecture/layout.ts";
import { type Capture, type CaptureFile, openCaptureWork } from "../../dumps/captures/index.ts";
import { type ReadTables, readTablesOf } from "../../dumps/checks/index.ts";
import type { Work } from "../../dumps/work.ts";
import type { SavedState } from "../../emulator/index.ts";
import { capturesOf } from "../saved-machines/index.ts";

/** The tables that some files hold, whatever they are: a dump, a capture, a saved machine. */
export interface InputTables extends ReadTables {
  /** The files, as they were named. */
  readonly name: string;
  readonly captures: readonly Capture[];
  /** Of a saved machine. */
  readonly state: SavedState | undefined;
}

/** What files hold before their tables are walked: files of a capture together, or a saved machine. */
export type InputContent =
  | { readonly files: readonly CaptureFile[] }
  | { readonly state: SavedState /** Name of the file. */; readonly file: string };

/** What files hold as captures, one an ITS. */
export function* capturesIn(content: InputContent): Work<Capture[]> {
  return "state" in content ? capturesOf(content.state, content.file) : [yield* openCaptureWork(content.files)];
}

/** Walks the tables of captures that say where any are (`holdTables`). @param layout whose they are; found out when not given */
export function* walkTables(
  name: string,
  content: InputContent,
  captures: readonly Capture[],
  layout: TableLayouts | undefined,
): Work<InputTables> {
  const state = "state" in content ? content.state : undefined;
  return { name, captures, state, ...(yield* readTablesOf(captures, layout)) };
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
