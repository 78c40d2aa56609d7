import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { beforeEnding, isEnding } from "./ending.ts";
import { UserError } from "./project.ts";

/** A program with everything that it starts. */
export interface Family {
  /** Ends when no process of the family is left, with the program's exit code. Its output is the program's. */
  readonly guard: ChildProcess;
  /** Ends the program and waits until none of its processes is left. */
  stop(): Promise<void>;
}

export interface FamilyOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Folders that are of no use once the family was ended: removed when it is stopped, and when we die. */
  readonly scratch?: readonly string[];
  /** Where the output goes: kept for us to read (the default), or ours. */
  readonly output?: "pipe" | "inherit";
}

/** What family.ts tells the guard that it starts. */
export interface GuardOrders {
  readonly scratch: readonly string[];
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Starts a program that ends with us, however we end. A guard process stands between: it has the program's process group
 * and ends it when the channel to us closes, which the system does also after `kill -9`.
 */
export function startFamily(file: string, args: readonly string[], options: FamilyOptions = {}): Family {
  if (isEnding()) throw new UserError(`${path.basename(file)} is not started: this script is ending.`);
  const { env, cwd, scratch = [], output = "pipe" } = options;
  const orders: GuardOrders = { scratch, file, args };
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, "family-guard.ts"), JSON.stringify(orders)], {
    env,
    cwd,
    detached: process.platform !== "win32", // Else Ctrl-C would end the guard together with us.
    stdio: ["ignore", output, output, "ipc"],
  });
  const gone = new Promise<void>((resolve) => {
    guard.once("exit", () => resolve());
    guard.once("error", () => resolve());
  });
  const stop = () => {
    if (guard.connected) guard.disconnect();
    return gone;
  };
  const forget = beforeEnding(stop);
  void gone.then(forget);
  return { guard, stop };
}
