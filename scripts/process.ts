import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "./project.ts";

/** How a child process ended. */
export interface Ended {
  readonly code: number;
  /** What it printed, both streams, when it was captured. */
  readonly output: string;
}

/** Runs a program to its end with its output on ours. Standard input is closed: no script of the project asks questions. */
export function runShown(file: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return collect(spawn(file, args, { ...options, stdio: ["ignore", "inherit", "inherit"] }));
}

/** Runs a program to its end and keeps what it printed. */
export function runQuietly(file: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return collect(spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] }));
}

/** Runs a program to its end, its output both on ours and kept. */
export function runTeed(file: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  return collect(child);
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

/** A long-lived program with everything that it starts. */
export interface Family {
  readonly leader: ChildProcess;
  /** Ends the program and waits until none of its processes is left. */
  stop(): Promise<void>;
}

const families = new Set<Family & { readonly signal: (name: NodeJS.Signals) => boolean }>();

/** How long a family may take to end when it is asked to, in ms. */
const politeness = 5_000;

/** Starts a long-lived program that is ended with us, however we end. It gets a process group so that none escapes. */
export function startFamily(file: string, args: readonly string[], options: SpawnOptions): Family {
  const grouped = process.platform !== "win32";
  const leader = spawn(file, args, { ...options, detached: grouped });
  const signal = (name: NodeJS.Signals | 0): boolean => {
    if (leader.pid === undefined) return false;
    try {
      return process.kill(grouped ? -leader.pid : leader.pid, name);
    } catch {
      return false; // Nobody is left.
    }
  };
  const stop = async () => {
    signal("SIGTERM");
    const deadline = Date.now() + politeness;
    while (signal(0)) {
      if (Date.now() > deadline) signal("SIGKILL");
      await sleep(20);
    }
    families.delete(family);
  };
  const family = { leader, signal, stop };
  families.add(family);
  return family;
}

process.on("exit", () => {
  for (const { signal } of families) signal("SIGTERM");
});
