import { Buffer } from "node:buffer";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FileRefusal, ScriptPlace } from "../../language/index.ts";
import { isInside, readBelow, scriptPlace } from "../../runner/index.ts";
import type { FileAccess } from "../../server/tables/read-input.ts";
import type { InputFile, TablesInput } from "../../server/tables-protocol.ts";
import { limits } from "./limits.ts";
import { originOf } from "./page.ts";
import { toolErrors } from "./tool-errors.ts";

/** Folders below which files may be read, and whose word that is. */
export interface Folders {
  /** Absolute. */
  readonly paths: readonly string[];
  /** As sentences call them: "the folder /home/me/port, which the client names". */
  readonly where: string;
  /** Why there are none. */
  readonly none?: string;
}

/** What is given in the arguments: a path, or the content itself. */
export interface GivenContent {
  readonly text?: string | undefined;
  readonly path?: string | undefined;
}

/** Name of a content that came as a text. */
const TEXT_NAME = "text";

const system = { fs, path };

/** The files of one call: plain files below the folders, and so many bytes. */
export class ToolFiles {
  private readonly folders: Folders;
  private readonly contents = new Map<string, Uint8Array>();
  private bytes = 0;
  /** For readers that take paths; only those that {@link input} has given are known to be below the folders, and all are looked at again. */
  readonly access: FileAccess = { open: (place) => this.read(place, place) };

  constructor(folders: Folders) {
    this.folders = folders;
  }

  /** A plain file, and its name. @throws ToolError */
  file(given: string): { readonly name: string; readonly place: string; readonly bytes: Uint8Array } {
    const place = this.placeOf(given);
    if (isFolder(place)) throw toolErrors.isFolder(given);
    return { name: this.nameOf(place), place, bytes: this.read(place, given) };
  }

  /** Whether a path is that of a folder. @throws ToolError when it may not be looked at */
  isFolder(given: string): boolean {
    return isFolder(this.placeOf(given));
  }

  /** A text, a file or the files of a folder as the readers of tables take them. @throws ToolError */
  input({ text, path: given }: GivenContent, layout?: string): TablesInput {
    const chosen = layout === undefined ? {} : { layout };
    if (text !== undefined) return { name: TEXT_NAME, files: [{ name: TEXT_NAME, text }], ...chosen };
    const place = this.placeOf(given ?? "");
    const name = this.nameOf(place);
    if (isFolder(place)) return { name, files: this.filesIn(place, given ?? ""), ...chosen };
    const files = [{ name: path.basename(place), path: place }];
    return { name, files, beside: this.besides(place), ...chosen };
  }

  /** A script's text, its name, and what it may read: files below the folders, relative to its own. @throws ToolError */
  script({ text, path: given }: GivenContent): {
    readonly name: string;
    readonly text: string;
    readonly place?: ScriptPlace;
  } {
    const { paths } = this.folders;
    if (text === undefined) {
      const { name, place, bytes } = this.file(given ?? "");
      return { name, text: new TextDecoder().decode(bytes), place: scriptPlace(system, place, () => paths) };
    }
    const [first] = paths;
    if (first === undefined) return { name: TEXT_NAME, text };
    return { name: TEXT_NAME, text, place: scriptPlace(system, path.join(first, TEXT_NAME), () => paths) };
  }

  /** What a cursor belongs to: arguments, and all that was read. */
  originOf(...parts: readonly string[]): string {
    const read = [...this.contents].sort(([a], [b]) => (a < b ? -1 : 1));
    return originOf(...parts, ...read.flat());
  }

  /** The path of what is named, below a folder and without a link that leads out. @throws ToolError */
  private placeOf(given: string): string {
    const { paths, where, none } = this.folders;
    if (none !== undefined) throw toolErrors.noRoots(none);
    let isOutside = true;
    for (const folder of paths) {
      const place = path.resolve(folder, plainPath(given));
      const found = foundBelow(folder, place);
      if (found === "there") return place;
      if (found === "missing") isOutside = false;
    }
    throw isOutside ? toolErrors.outside(given, where) : toolErrors.missing(given, where);
  }

  /** @param shown its name in errors */
  private read(place: string, shown: string): Uint8Array {
    const known = this.contents.get(place);
    if (known !== undefined) return known;
    let refusal: FileRefusal | "outside" = "outside";
    for (const folder of this.folders.paths) {
      const read = readBelow(system, folder, place, limits.fileBytes);
      if (read !== "outside" && "identity" in read) {
        this.bytes += read.bytes.length;
        if (this.bytes > limits.callBytes) throw toolErrors.largeCall();
        this.contents.set(place, read.bytes);
        return read.bytes;
      }
      if (refusal === "outside") refusal = read;
    }
    throw this.refused(refusal, shown);
  }

  private refused(refusal: FileRefusal | "outside", shown: string): Error {
    const { where } = this.folders;
    if (refusal === "outside") return toolErrors.outside(shown, where);
    switch (refusal.refused) {
      case "too-large":
        return toolErrors.largeFile(shown, refusal.bytes);
      case "not-plain":
        return toolErrors.notPlain(shown);
      case "missing":
        return toolErrors.missing(shown, where);
      case "denied":
        return toolErrors.unreadable(shown, "permission denied");
      case "link-loop":
        return toolErrors.unreadable(shown, "its links lead in a circle");
      case "unreadable":
        return toolErrors.unreadable(shown, refusal.code);
      default:
        return toolErrors.outside(shown, where);
    }
  }

  /** Plain files of a folder but those that begin with a dot, by name. */
  private filesIn(place: string, shown: string): InputFile[] {
    const names = namesIn(place);
    if (names === undefined) throw toolErrors.unreadable(shown, "the folder cannot be listed");
    if (names.length > limits.files) throw toolErrors.manyFiles(shown, names.length);
    return names.map((name) => ({ name, path: path.join(place, name) }));
  }

  /** Files that may belong to one: the memory of a saved guest, a layout. They are opened when it names them. */
  private besides(place: string): InputFile[] {
    const folder = path.dirname(place);
    // Its folder may be that around the folders: then what is beside it is not to be read.
    if (!this.folders.paths.some((root) => folder === path.resolve(root) || isInside(system, root, folder))) return [];
    const own = path.basename(place);
    const names = (namesIn(folder) ?? []).filter((name) => name !== own);
    return names.slice(0, limits.files).map((name) => ({ name, path: path.join(folder, name) }));
  }

  private nameOf(place: string): string {
    const folder = this.folders.paths.find((root) => isInside(system, root, place));
    return folder === undefined ? path.basename(place) : path.relative(folder, place).split(path.sep).join("/");
  }
}

/** A path, also as the URI of a file, in which some assistants name files. */
function plainPath(given: string): string {
  if (!given.startsWith("file:")) return given;
  try {
    return fileURLToPath(given);
  } catch {
    // It is looked for by that name, and refused as one that is not there.
    return given;
  }
}

function foundBelow(folder: string, place: string): "there" | "missing" | "outside" {
  const isOf = (root: string, name: string): boolean => name === root || isInside(system, root, name);
  try {
    const root = path.resolve(folder);
    const realRoot = fs.realpathSync(root);
    if (!isOf(root, place) && !isOf(realRoot, place)) return "outside";
    return isOf(realRoot, fs.realpathSync(place)) ? "there" : "outside";
  } catch {
    // What it is about is said when nothing is found in any folder.
    return "missing";
  }
}

function isFolder(place: string): boolean {
  try {
    return fs.statSync(place).isDirectory();
  } catch {
    // Reading it says what is wrong.
    return false;
  }
}

function namesIn(folder: string): string[] | undefined {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
    return files.map(({ name }) => name).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch {
    return undefined;
  }
}
