import { FileType, Uri, workspace } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import {
  MAX_LAYOUT_FILE,
  type NamedLayoutFile,
  namedLayoutFiles,
  outsideSentence,
  partsOfLayoutFile,
} from "../../dumps/layout-files/index.ts";
import { openDocument } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { texts } from "../texts.ts";

/** The layout files that the lines of a dump name, as they stand in the editor or on disk: those of the dump's workspace, or below its folder. */
export function readNamedLayouts(dump: Pick<DumpDocument, "sections">, uri: Uri): Promise<NamedLayoutFile[]> {
  return Promise.all(namedLayoutFiles(dump).map((word) => readNamed(word, uri)));
}

async function readNamed(word: string, dump: Uri): Promise<NamedLayoutFile> {
  const parts = partsOfLayoutFile(word);
  if (typeof parts === "string") return { word, problem: parts };
  if (dump.scheme === "untitled") return { word, problem: texts.layoutUnsaved(word) };
  const folder = Uri.joinPath(dump, "..");
  const file = Uri.joinPath(folder, ...parts);
  const inWorkspace = workspace.getWorkspaceFolder(dump) !== undefined;
  const isInside = inWorkspace ? workspace.getWorkspaceFolder(file) !== undefined : isBelow(file, folder);
  if (!isInside) return { word, problem: outsideSentence(word, inWorkspace ? "the workspace" : "the dump's folder") };
  const open = openDocument(file);
  if (open !== undefined) return { word, text: open.getText() };
  try {
    const { type, size } = await workspace.fs.stat(file);
    if (type & FileType.Directory) return { word, problem: texts.layoutUnreadable(word, texts.isFolder()) };
    // What is longer is refused by its length, whatever is in it.
    if (size > MAX_LAYOUT_FILE * 4) return { word, text: " ".repeat(MAX_LAYOUT_FILE + 1) };
    return { word, text: new TextDecoder().decode(await workspace.fs.readFile(file)) };
  } catch (error) {
    return { word, problem: texts.layoutUnreadable(word, reasonOf(error)) };
  }
}

function isBelow(file: Uri, folder: Uri): boolean {
  const root = folder.path.endsWith("/") ? folder.path : `${folder.path}/`;
  return file.scheme === folder.scheme && file.authority === folder.authority && file.path.startsWith(root);
}
