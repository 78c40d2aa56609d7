// What an editor and the server say to each other about captures, dumps, saved guests and saved machines as a whole. The editor's side imports
// this file: it has files, and no emulator. Addresses and words are texts with 0x: a message is JSON.
import type { InterruptMap } from "../dumps/captures/interrupt-map.ts";
import type { DumpCheckAnswer, DumpCheckParams, dumpCheckRequest } from "./dump-check-protocol.ts";

/** A file: where it is, or what it holds. */
export type InputFile =
  /** The server reads it; of a core or a saved guest only what is looked at. */
  | { readonly name: string; readonly path: string }
  /** As it stands in an editor. */
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly base64: string };

/** Files that are read together: a capture, a dump, a saved guest, a saved machine. */
export interface TablesInput {
  /** As people know it. */
  readonly name: string;
  readonly files: readonly InputFile[];
  /** Plain files beside a single file that may belong to it: the memory of a saved guest or machine. */
  readonly beside?: readonly InputFile[];
  /** Layout that its tables are read by; the one that fits best when it is left out. */
  readonly layout?: string;
  /** What a single dump is that does not say it itself. */
  readonly described?: DescribedInput;
}

/** Which table a dump is. Numbers are texts, decimal or with 0x. */
export interface DescribedInput {
  readonly table: string;
  /** Address of the table, of raw bytes that of the first one; the first address of the dump when it is left out. */
  readonly base?: string;
  /** Bytes of the table; as far as the dump goes when it is left out. */
  readonly size?: string;
}

/** Why there is no answer, in sentences for the user. `undescribed`: an input that has to be described, by its name. */
export interface RefusedAnswer {
  readonly refusal: string;
  readonly undescribed?: string;
}

export type Answer<Body> = Body | RefusedAnswer;

/** Where an entry stands: in which input, which of its files, from which address on. */
export interface EntryLink {
  /** Place of the input in the request. */
  readonly input: number;
  /** Name of the file; undefined where no file is known. */
  readonly file: string | undefined;
  readonly address: string;
  readonly bytes: number;
}

/** A cell of a table that people read. */
export interface ReportCell {
  readonly text: string;
  readonly link?: EntryLink;
  /** How much it matters: something is wrong, may be wrong, is as it should be; absent: it just says something. */
  readonly tone?: "bad" | "warning" | "good";
}

export interface ReportTable {
  readonly title: string;
  /** How much it matters. `quiet`: no difference in what is mapped. */
  readonly tone?: "bad" | "warning" | "quiet";
  /** Sentences under the title. */
  readonly about: readonly string[];
  readonly columns: readonly string[];
  /** The first of them, at most {@link MAX_REPORT_ROWS}. */
  readonly rows: readonly (readonly ReportCell[])[];
  readonly rowCount: number;
}

/** Rows of one table that are sent. */
export const MAX_REPORT_ROWS = 20_000;

/** What was found, as tables. */
export interface Report {
  /** What was looked at: a heading and what it holds, one an input. */
  readonly inputs: readonly { readonly label: string; readonly name: string; readonly detail: string }[];
  /** What counts first, in one sentence. */
  readonly result: ReportCell;
  readonly tables: readonly ReportTable[];
  /** What is to be known beside: what was not looked at, taken for granted, cannot be read. */
  readonly notes: readonly string[];
  /** The same as `gicwb … --json` prints it; absent where that is too long. */
  readonly json?: string;
}

/** Characters of a report's JSON that are sent. */
export const MAX_REPORT_JSON = 8 * 1024 * 1024;

/** Compares two inputs. */
export const compareRequest = "gic/compareTables";
export interface CompareParams {
  readonly a: TablesInput;
  readonly b: TablesInput;
}

/** What KVM would do with the tables of an input, and what is wrong with them. */
export const checkRequest = "gic/checkTables";
export interface CheckParams {
  readonly input: TablesInput;
}

/** The way of one MSI. `deviceId`: a number, or bus:device.function. `its`: of a machine with several. */
export const traceRequest = "gic/traceMsi";
export interface TraceParams {
  readonly input: TablesInput;
  readonly deviceId: string;
  readonly eventId: string;
  readonly its?: number;
}

/** The events of an input with where they go. */
export const mapRequest = "gic/interruptMap";
export interface MapParams {
  readonly input: TablesInput;
}

/** The tables of an input as a dump, a text of the language gicdump. */
export const dumpRequest = "gic/tablesDump";
export interface DumpParams {
  readonly input: TablesInput;
}
export interface TablesDump {
  readonly dump: string;
}

/** A saved machine with the tables of an input, and what of the input it does not have. */
export const machineRequest = "gic/machineOfTables";
export interface MachineParams {
  readonly input: TablesInput;
  /** Name of a kernel's model; the default one when it is left out. */
  readonly model?: string;
}
/** `json`: text of a state file. `left`: sentences. */
export interface MachineOfTables {
  readonly json: string;
  readonly model: string;
  readonly left: readonly string[];
}

/** The registers that an input tells: all of a saved machine, of others those that are known. */
export const registersRequest = "gic/registersOf";
export interface RegistersParams {
  readonly input: TablesInput;
}
/** By what the script language calls them: `GICR_CTLR[1]`. */
export interface RegistersOf {
  readonly registers: readonly { readonly expression: string; readonly value: string }[];
}

/** `detail`: one line about the input. `files`: which file holds the entries from an address on, ascending. */
export interface MapAnswer {
  readonly map: InterruptMap;
  readonly detail: string;
  readonly files: readonly { readonly from: number; readonly file: string | undefined }[];
}

/** What each request answers. */
export interface TablesAnswers {
  [compareRequest]: Answer<Report>;
  [checkRequest]: Answer<Report>;
  [traceRequest]: Answer<Report>;
  [mapRequest]: Answer<MapAnswer>;
  [machineRequest]: Answer<MachineOfTables>;
  [dumpRequest]: Answer<TablesDump>;
  [registersRequest]: Answer<RegistersOf>;
  [dumpCheckRequest]: DumpCheckAnswer;
}

export interface TablesParams {
  [compareRequest]: CompareParams;
  [checkRequest]: CheckParams;
  [traceRequest]: TraceParams;
  [mapRequest]: MapParams;
  [machineRequest]: MachineParams;
  [dumpRequest]: DumpParams;
  [registersRequest]: RegistersParams;
  [dumpCheckRequest]: DumpCheckParams;
}
