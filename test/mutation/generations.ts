// Modules that can be loaded again in the same process, for mutants of what runs while files are loaded.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Edit } from "./messages.ts";

const here = pathToFileURL(`${process.cwd()}/`).href;
const standIn = new URL("./collected-tests.ts", import.meta.url).href;
/** Sources without types, by path: taking types away costs more than running most files. */
const stripped = new Map<string, string>();
let generation = 0;
let edit: Edit | undefined;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier === "node:test" ? standIn : specifier, context);
    const isOurs = found.url.startsWith(here) && found.url.endsWith(".ts") && found.url !== standIn;
    return isOurs ? { ...found, url: `${found.url}?generation=${generation}` } : found;
  },
  load(url, context, next) {
    if (!url.includes("?generation=")) return next(url, context);
    const file = fileURLToPath(url);
    const source = stripped.get(file) ?? stripTypeScriptTypes(readFileSync(file, "utf8"));
    stripped.set(file, source);
    return { format: "module", source: edited(source, file), shortCircuit: true };
  },
});

/** From now on files are loaded anew. The former ones stay in memory: the loader forgets nothing. */
export function nextGeneration(change: Edit | undefined): void {
  generation++;
  edit = change;
}

function edited(source: string, file: string): string {
  if (edit === undefined || path.resolve(edit.file) !== file) return source;
  return source.slice(0, edit.start) + edit.after + source.slice(edit.end);
}

/** @param file from the project's root */
export function load(file: string): Promise<unknown> {
  return import(pathToFileURL(path.resolve(file)).href);
}
