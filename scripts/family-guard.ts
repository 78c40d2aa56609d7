// Runs a program in a process group of its own and ends the group with our starter (family.ts):  family-guard.ts ORDERS
// The starter holds the other end of our channel, and the system closes it however the starter ends.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { GuardOrders } from "./family.ts";

/** How long the group may take to end when it is asked to, in ms. */
const politeness = 5_000;

/** How long we wait for the processes of a killed group to leave the system's table, in ms. Where nobody collects orphans they never do. */
const burial = 2_000;

const { scratch, file, args }: GuardOrders = JSON.parse(process.argv[2] ?? "");
const windows = process.platform === "win32"; // It has no process groups, and only its shell starts the tools of npm packages.
const shell = windows && !file.endsWith(".exe");
const program = spawn(file, args, { detached: !windows, shell, stdio: ["ignore", "inherit", "inherit"] });
const exited = new Promise<number>((resolve) => {
  program.once("exit", (code) => resolve(code ?? 1));
  program.once("error", (error) => {
    console.error(error.message);
    resolve(127);
  });
});
// Output that nobody reads any more is no reason to end before the group does.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const told = new Promise<void>((resolve) => {
  process.once("disconnect", resolve);
  if (!process.connected) resolve();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => resolve());
});
const code = await Promise.race([exited, told]);
await endGroup();
if (code === undefined) {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exit(code ?? 1);

async function endGroup(): Promise<void> {
  signalGroup("SIGTERM");
  if (await groupGone(politeness)) return;
  signalGroup("SIGKILL");
  await groupGone(burial);
}

async function groupGone(patience: number): Promise<boolean> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(20)) {
    if (!signalGroup(0)) return true;
  }
  return false;
}

/** True when a process of the group is left. */
function signalGroup(name: NodeJS.Signals | 0): boolean {
  if (program.pid === undefined) return false;
  try {
    return windows ? program.exitCode === null && program.kill(name) : process.kill(-program.pid, name);
  } catch {
    return false;
  }
}
