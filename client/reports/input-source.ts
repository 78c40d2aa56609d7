import { type DebugSession, FileType, Uri, workspace } from "vscode";
import type { CustomRequests } from "../../debug-adapter/protocol.ts";
import type { DescribedInput, InputFile, TablesInput } from "../../server/tables-protocol.ts";
import { base64 } from "../base64.ts";
import { nameOf, openDocument } from "../file-names.ts";
import { inertError } from "../inert.ts";
import type { KeptSource } from "../report-protocol.ts";
import { stateFileOf } from "../saved-machines/state-dump-uri.ts";
import { isStateDump } from "../saved-machines/state-text.ts";
import { texts } from "../texts.ts";

/** Something with tables that can be looked at as often as is wanted: files, or the machine of a debug session. */
export interface InputSource {
  /** As people know it. */
  readonly name: string;
  /** What tells it from others. */
  readonly key: string;
  /** What the user has said of a dump that does not say which table it is. */
  described?: DescribedInput;
  /** How it is found again after a reload of the editor. */
  kept(): KeptSource;
  /** Reads it as it is now. @throws Error with a sentence for the user */
  read(): Promise<ReadSource>;
}

/** What the server is asked about, and where its files are. */
export interface ReadSource {
  readonly input: TablesInput;
  /** By name. */
  readonly uris: ReadonlyMap<string, Uri>;
}

/** Files that are taken of a folder, and named beside a file. */
const MAX_FILES = 4096;
/** Largest file of a file system without paths, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The source that files and folders are together. A dump of a saved machine is that machine. */
export function sourceOf(uris: readonly Uri[]): InputSource {
  const files = uris.map((uri) => (isStateDump(uri) ? stateFileOf(uri) : uri));
  const name = files.map((uri) => workspace.asRelativePath(uri, false)).join(", ");
  const source: InputSource = {
    name,
    key: files.map((uri) => uri.toString()).join(" "),
    kept() {
      const { described } = source;
      return { name, uris: files.map((uri) => uri.toString()), ...(described === undefined ? {} : { described }) };
    },
    async read() {
      const { input, uris } = await readFiles(name, files);
      const { described } = source;
      return { input: { ...input, ...(described === undefined ? {} : { described }) }, uris };
    },
  };
  return source;
}

/** The machine of a session at the moment at which it is read. */
export function sourceOfSession(session: DebugSession): InputSource {
  const name = texts.tables.sessionName(session.name);
  return {
    name,
    key: `session ${session.id}`,
    kept: () => ({ name, uris: [] }),
    async read() {
      type Saved = CustomRequests["gic/savedMachine"]["body"];
      const { json, line } = (await session.customRequest("gic/savedMachine").then(undefined, (error: unknown) => {
        throw inertError(error);
      })) as Saved;
      const at = line === undefined ? name : texts.tables.sessionAt(name, line);
      return { input: { name: at, files: [{ name: "session.gicstate.json", text: json }] }, uris: new Map() };
    },
  };
}

async function readFiles(name: string, places: readonly Uri[]): Promise<ReadSource> {
  const uris = new Map<string, Uri>();
  for (const place of places) {
    for (const file of (await isFolder(place)) ? await filesIn(place) : [place]) {
      // Roles are told by the last part of a name; two files of one name are both kept.
      const known = uris.get(nameOf(file));
      const isOther = known !== undefined && known.toString() !== file.toString();
      uris.set(isOther ? workspace.asRelativePath(file) : nameOf(file), file);
    }
  }
  const files = await Promise.all([...uris].map(([file, uri]) => inputFile(file, uri)));
  const [single] = uris.values();
  if (uris.size !== 1 || single.scheme === "untitled") return { input: { name, files }, uris };
  const neighbours = (await filesIn(Uri.joinPath(single, "..")).catch(() => [])).filter(
    ({ scheme }) => scheme === "file",
  );
  const beside = neighbours.map((uri): InputFile => ({ name: nameOf(uri), path: uri.fsPath }));
  return { input: { name, files, beside }, uris };
}

async function isFolder(uri: Uri): Promise<boolean> {
  if (openDocument(uri) !== undefined) return false;
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.Directory) !== 0;
  } catch (error) {
    throw new Error(texts.decodeUnreadable(nameOf(uri), error instanceof Error ? error.message : String(error)));
  }
}

/** The files of a folder in the order of their names, without the folders in it and what begins with a dot. */
async function filesIn(folder: Uri): Promise<Uri[]> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries
    .filter(([name, type]) => (type & FileType.File) !== 0 && !name.startsWith("."))
    .map(([name]) => name)
    .sort()
    .slice(0, MAX_FILES)
    .map((name) => Uri.joinPath(folder, name));
}

/** As it stands in the editor where that is another text than the file's. */
async function inputFile(name: string, uri: Uri): Promise<InputFile> {
  const document = openDocument(uri);
  if (document !== undefined && (document.isDirty || document.uri.scheme !== "file"))
    return { name, text: document.getText() };
  if (uri.scheme === "file") return { name, path: uri.fsPath };
  const { size } = await workspace.fs.stat(uri);
  if (size > MAX_BYTES) throw new Error(texts.decodeTooLarge(name, `${MAX_BYTES >> 20} MiB`));
  return { name, base64: base64(await workspace.fs.readFile(uri)) };
}
