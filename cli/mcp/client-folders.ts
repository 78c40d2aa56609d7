import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Folders } from "./tool-files.ts";

/** Folders of a client that are taken. */
const MOST_FOLDERS = 64;

/** One folder, with whose word it is. */
export function oneFolder(folder: string, whose: string): Folders {
  const place = path.resolve(folder);
  return { paths: [place], where: `the folder ${place}, ${whose}` };
}

/** No folder. @param why a clause: "the client has no folder open" */
export function noFolder(why: string): Folders {
  return { paths: [], where: "no folder", none: why };
}

/** The folders that a client names, by their URIs: those of files. */
export function foldersOf(uris: readonly string[]): Folders {
  const places = uris.slice(0, MOST_FOLDERS).flatMap(folderOf);
  const others = uris.length - places.length;
  if (uris.length === 0) return noFolder("the client names no folder");
  if (places.length === 0)
    return noFolder(`the client's ${others === 1 ? "folder is" : "folders are"} not on this machine`);
  const left =
    others === 0 ? "" : ` (${others} more of its folders are not on this machine, or beyond the first ${MOST_FOLDERS})`;
  const names = places.length === 1 ? `the folder ${places[0]}` : `one of the folders ${places.join(", ")}`;
  return { paths: places, where: `${names}, which the client names${left}` };
}

function folderOf(uri: string): string[] {
  try {
    return uri.startsWith("file:") ? [path.resolve(fileURLToPath(uri))] : [];
  } catch {
    // A file: URI of another host, or with an encoded slash.
    return [];
  }
}
