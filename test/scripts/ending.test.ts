import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { npmCommand, runQuietly } from "../../scripts/process.ts";
import { inProject } from "../../scripts/project.ts";

const script = path.join(import.meta.dirname, "lingering.ts");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-ending-"));
after(() => rmSync(folder, { recursive: true }));

/** How many processes lingering.ts has: itself, the guard, the program, the program's child, and one without a guard. */
const members = 5;

interface Started {
  readonly leader: ChildProcess;
  /** The processes by their ids; the first one is the script. */
  readonly pids: readonly number[];
  readonly scratch: string;
}

/** Starts a program that runs lingering.ts, and waits until the whole family is there. */
async function start(file: string, args: readonly string[], cwd: string): Promise<Started> {
  const leader = spawn(file, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const pids: number[] = [];
  for await (const line of createInterface({ input: leader.stdout as NodeJS.ReadableStream })) {
    const member = /^member (\d+)$/.exec(line);
    if (member && pids.push(Number(member[1])) === members) break;
  }
  return { leader, pids, scratch: path.join(cwd, "scratch") };
}

/** A package whose `npm start` runs lingering.ts as this project's scripts are run. */
function npmPackage(temper = ""): string {
  const cwd = mkdtempSync(path.join(folder, "package-"));
  mkdirSync(path.join(cwd, "scratch"));
  const command = projectScripts.start?.replace("scripts/start.ts", `${script} ${path.join(cwd, "scratch")} ${temper}`);
  writeFileSync(path.join(cwd, "package.json"), JSON.stringify({ private: true, scripts: { start: command } }));
  return cwd;
}

const projectScripts: Record<string, string> = JSON.parse(readFileSync(inProject("package.json"), "utf8")).scripts;

function startByNpm(temper?: string): Promise<Started> {
  const npm = npmCommand();
  return start(npm.file, [...npm.args, "start"], npmPackage(temper));
}

/** Resolves when none of the processes and no scratch folder is left. */
async function allGone({ pids, scratch }: Started): Promise<void> {
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (pids.some(alive) || existsSync(scratch)) await sleep(20);
}

describe("nothing is left of a script", { concurrency: 4 }, () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const) {
    it(`after ${signal} to the npm process alone`, async () => {
      const started = await startByNpm();
      started.leader.kill(signal);
      await allGone(started);
    });

    it(`after ${signal} to the script alone`, async () => {
      const started = await startByNpm();
      process.kill(started.pids[0] as number, signal);
      await allGone(started);
    });
  }

  it("after SIGINT to an npm in a shell's background, where SIGINT is ignored from the start", async () => {
    const npm = npmCommand();
    const cwd = npmPackage();
    const pidFile = path.join(cwd, "npm.pid");
    const line = '"$@" & echo $! > npm.pid; wait';
    const started = await start("sh", ["-c", line, "sh", npm.file, ...npm.args, "start"], cwd);
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGINT");
    await allGone(started);
  });

  it("also when one of its processes does not listen to SIGTERM", async () => {
    const started = await startByNpm("stubborn");
    process.kill(started.pids[0] as number, "SIGKILL");
    await allGone(started);
  });
});

it("a script that a signal has ended ends with the code that it has chosen", async () => {
  const started = await startByNpm();
  started.leader.kill("SIGTERM");
  const [code] = await once(started.leader, "exit");
  assert.equal(code, 0);
});

it("every script that starts VS Code is run without a shell that stays between npm and it", () => {
  const names = ["start", "test", "test:unit", "test:vscode", "pictures"];
  assert.deepEqual(
    names.filter((name) => !projectScripts[name]?.startsWith("exec node ")),
    [],
  );
});

it("a family's exit code and output are those of its program", async () => {
  const ended = await runQuietly(process.execPath, ["-e", "console.log('said'); process.exit(7)"]);
  assert.deepEqual(ended, { code: 7, output: "said\n" });
});

it("a program that does not exist is said", async () => {
  const ended = await runQuietly(path.join(folder, "nothing"), []);
  assert.match(ended.output, /ENOENT/);
});
