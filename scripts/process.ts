import { type ChildProcess, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { isEnding } from "./ending.ts";
import { type FamilyOptions, startFamily } from "./family.ts";
import { UserError } from "./project.ts";

/** How a child process ended. */
export interface Ended {
  readonly code: number;
  /** What it printed, both streams, when it was captured. */
  readonly output: string;
}

/** Runs a program to its end with its output on ours. Standard input is closed: no script of the project asks questions. */
export function runShown(file: string, args: readonly string[], options: FamilyOptions = {}): Promise<Ended> {
  return run(file, args, { ...options, output: "inherit" });
}

/** Runs a program to its end and keeps what it printed. */
export function runQuietly(file: string, args: readonly string[], options: FamilyOptions = {}): Promise<Ended> {
  return run(file, args, options);
}

/** Runs a program to its end, its output both on ours and kept. */
export function runTeed(file: string, args: readonly string[], options: FamilyOptions = {}): Promise<Ended> {
  return run(file, args, options, (child) => {
    child.stdout?.pipe(process.stdout, { end: false });
    child.stderr?.pipe(process.stderr, { end: false });
  });
}

async function run(
  file: string,
  args: readonly string[],
  options: FamilyOptions,
  use: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const { guard } = startFamily(file, args, options);
  use(guard);
  const ended = await collect(guard);
  // A program that was ended with the script is no result: the script goes on to its end, not to its next step.
  return isEnding() ? new Promise(() => {}) : ended;
}

function collect(child: ChildProcess): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }));
  });
}

/** The npm that runs us, on our own Node. */
export function npmCommand(): { readonly file: string; readonly args: readonly string[] } {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) return { file: process.execPath, args: [script] };
  const npm = findOnPath("npm");
  if (npm === undefined) throw new UserError("npm is not on the PATH; start this script with `npm run …`.");
  return { file: npm, args: [] };
}

/** Absolute path of a program on the PATH, or undefined. */
export function findOnPath(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".cmd", ".exe"] : [""];
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (folder !== "" && isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // Not there, or not ours to run: both mean "look further".
  }
}

/** True when a program starts and ends with 0. */
export function works(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}
