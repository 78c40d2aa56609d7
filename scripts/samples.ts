import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SampleFiles } from "../client/start/sample-files.ts";
import { inProject } from "./project.ts";

/** The file of the package that has the examples: one file, because in one they are half as large, and in a browser a folder cannot be listed. */
export const samplesFile = "samples.json";

/** The files of examples/ by their paths in it. */
export function sampleFiles(): SampleFiles {
  const folder = inProject("examples");
  const names = globSync("**", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
  return Object.fromEntries(names.sort().map((name) => [name, content(readFileSync(path.join(folder, name)))]));
}

/** A text as it is, other bytes in base64. */
function content(bytes: Buffer): SampleFiles[string] {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) && !text.includes("\0") ? text : { base64: bytes.toString("base64") };
}

/** @param folder of the product, absolute */
export function writeSamples(folder: string): void {
  writeFileSync(path.join(folder, samplesFile), JSON.stringify(sampleFiles()));
}
