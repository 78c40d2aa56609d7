import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..", "..", "..");

function texts(pattern: string): readonly (readonly string[])[] {
  return globSync(pattern, { cwd: root })
    .sort()
    .map((file) => readFileSync(path.join(root, file), "utf8").trimEnd().split("\n"));
}

/** The lines of every example script. */
export const scriptSamples = texts("examples/**/*.itscmd");
/** The lines of every example dump and of a sample of each tool. */
export const dumpSamples = [...texts("examples/*.gicdump"), ...texts("test/dumps/samples/*.txt")];
