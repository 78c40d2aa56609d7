import { mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";

/**
 * Has Node keep what it compiles of this program for the next call: half of what `gicwb run` takes to start is compiling the emulator. It is
 * kept below the user's own cache folder and never in one that others can write to, because who writes there decides what runs. Where it
 * cannot be kept, or NODE_DISABLE_COMPILE_CACHE is set, Node compiles as ever. Node 22.8 and later do it.
 */
export function keepCompiledCode(): void {
  const folder = path.join(cacheFolder(), "gicwb");
  // Node makes folders itself, but does not come back where their parents can never be (a HOME below /proc).
  if (module.enableCompileCache === undefined || !isFolder(path.dirname(folder)) || !isFolder(folder)) return;
  module.enableCompileCache(path.join(folder, "compiled"));
}

/** Whether there is a folder, or could be made one in a folder that is there. */
function isFolder(place: string): boolean {
  try {
    mkdirSync(place, { mode: 0o700 });
    return true;
  } catch (error) {
    // Anything else than that it is there: nothing is kept then, which costs time and no more.
    return error instanceof Error && "code" in error && error.code === "EEXIST";
  }
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  // The specification has relative paths ignored.
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === "win32") return LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local");
  return path.join(homedir(), process.platform === "darwin" ? path.join("Library", "Caches") : ".cache");
}
