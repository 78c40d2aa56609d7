import { globSync, readFileSync } from "node:fs";
import { inProject, root } from "../../scripts/project.ts";
import type { Area } from "./areas.ts";
import type { RunnerOptions } from "./plugin.ts";

/** What tests load and read. The copy that is mutated has these alone. */
const COPIED = ["architecture", "emulator", "language", "dumps", "runner", "test", "scripts", "examples", "docs"];
/** Where the copy is, in the folder of an area: a run that is interrupted leaves it behind. */
export const COPY = "copy";
/** A sample is so many lines in a row … */
const SAMPLE = 10;

/**
 * Stryker's options for an area.
 * @param output folder for what it writes, from the project's root
 */
export function optionsOf({ mutate, tests, oneOf, ignoreStatic }: Area, output: string): object {
  const gic: RunnerOptions = {
    tests: globSync([...tests], { cwd: root }).sort(),
    longestTest: 300,
    mostTime: 600,
  };
  return {
    mutate: globSync([...mutate], { cwd: root })
      .sort()
      .flatMap((file) => sampled(file, oneOf)),
    plugins: ["plugin.ts", "prose.ts"].map((file) => inProject("test/mutation", file)),
    testRunner: "collected",
    gic,
    ignorers: ["prose"],
    coverageAnalysis: "perTest",
    ignoreStatic: ignoreStatic === true,
    incremental: true,
    incrementalFile: `${output}/incremental.json`,
    concurrency: 1,
    timeoutMS: 5000,
    dryRunTimeoutMinutes: 15,
    ignorePatterns: [
      "**",
      ...COPIED.map((folder) => `!${folder}/**`),
      "!package.json",
      "test/vscode",
      "test/mutation/node_modules",
    ],
    disableTypeChecks: false,
    reporters: ["progress-append-only", "clear-text", "json", "html"],
    clearTextReporter: {
      allowColor: false,
      allowEmojis: false,
      logTests: false,
      reportTests: false,
      reportMutants: false,
    },
    jsonReporter: { fileName: `${output}/report.json` },
    htmlReporter: { fileName: `${output}/report.html` },
    tempDirName: `${output}/${COPY}`,
    cleanTempDir: "always",
    warnings: { slow: false, unknownOptions: false },
  };
}

/** … of as many tens as the area says: which of them hangs on the file's name, so that not only beginnings are taken. */
function sampled(file: string, oneOf: number): string[] {
  if (oneOf === 1) return [file];
  const lines = readFileSync(inProject(file), "utf8").split("\n").length;
  let sum = 0;
  for (const letter of file) sum += letter.charCodeAt(0);
  const ranges: string[] = [];
  for (let first = 1 + SAMPLE * (sum % oneOf); first <= lines; first += SAMPLE * oneOf)
    ranges.push(`${file}:${first}-${Math.min(first + SAMPLE - 1, lines)}`);
  return ranges;
}
