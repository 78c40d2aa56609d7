import { FileSystemError, FileType, type Uri, workspace } from "vscode";
import type { NamedFile } from "../debug-adapter/script-protocol.ts";
import type { ScriptsAnswer } from "../server/files-protocol.ts";

/** Largest file that is sent to the server or the debug adapter, in bytes; scripts may include less and load as much. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * A file that a script names, as it is on its file system. A link is none: who asks has decided by the name alone that the script may read it, and
 * what a link leads to is not known.
 */
export async function namedFile(uri: Uri): Promise<NamedFile> {
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if (type & FileType.SymbolicLink) return { code: "it is a link, and here links are not followed" };
    if (!(type & FileType.File)) return { notPlain: true };
    if (size > MAX_BYTES) return { size };
    // Some file systems give a part of a larger buffer, and others one of another kind.
    return { bytes: new Uint8Array(await workspace.fs.readFile(uri)) };
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    if (error.code === "FileNotFound" || error.code === "FileNotADirectory") return { code: "ENOENT" };
    return { code: error.code === "NoPermissions" ? "EACCES" : error.code };
  }
}

/** Scripts that are found at most. */
const MOST_SCRIPTS = 1000;

/** The scripts of the workspace, each with what is another when the file may be. */
export async function workspaceScripts(): Promise<ScriptsAnswer> {
  const uris = await workspace.findFiles(
    "**/*.itscmd",
    "**/{node_modules,out,dist,target,build,.*}/**",
    MOST_SCRIPTS + 1,
  );
  const found = uris.slice(0, MOST_SCRIPTS).map(async (uri) => {
    const { mtime, size } = await workspace.fs.stat(uri);
    return { uri: uri.toString(), stamp: `${mtime} ${size}` };
  });
  const files = (await Promise.allSettled(found)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  return { files, isWhole: uris.length <= MOST_SCRIPTS };
}
