// Hostile input for everything that reads what others wrote:  npm run fuzz -- --kind scripts --seed N --cases N, or --minutes N
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { qemuVersion } from "../../scripts/qemu/program.ts";
import type { Fault, KindName } from "./hostile/kind.ts";
import { kinds } from "./hostile/kinds.ts";
import { type HostileOptions, parseHostileOptions, USAGE } from "./hostile/options.ts";
import { caseOf, type RunEnd } from "./hostile/run.ts";
import type { WorkerNews, WorkerPlan } from "./hostile/worker.ts";

/** Memory of a thread that runs cases, in MiB; they take some 200. */
const MOST_MEMORY = 2048;
/** Seconds without a new case after which a thread is taken to hang; making a fault shorter takes a while, too. */
const HANGS_AFTER = 300;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs one kind in a thread of its own. */
function runKind(kind: KindName, options: HostileOptions): Promise<RunEnd> {
  const { seed, firstCase, cases, seconds, faults } = options;
  const plan: WorkerPlan = { kind, seed, firstCase, cases, seconds, faults };
  const worker = new Worker(new URL("./hostile/worker.ts", import.meta.url), {
    workerData: plan,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });
  return new Promise((done) => {
    let number = firstCase;
    let last = performance.now();
    const finish = (end: RunEnd): void => {
      clearInterval(watch);
      void worker.terminate().then(() => done(end));
    };
    const lost = (what: string): void => {
      const fault = { kind, seed, number, what, parts: caseOf(kinds[kind], seed, number) };
      tell(fault, options);
      finish({ cases: number - firstCase, faults: [fault] });
    };
    const watch = setInterval(() => {
      if (performance.now() - last > HANGS_AFTER * 1000) lost(`A case did not end within ${HANGS_AFTER} s.`);
    }, 1000);
    worker.on("message", (news: WorkerNews) => {
      if ("end" in news) return finish(news.end);
      if ("found" in news) return tell(news.found, options);
      number = news.began;
      last = performance.now();
      if (process.stderr.isTTY && number % 100 === 0) process.stderr.write(`\r\x1b[K${kind}: case ${number}`);
    });
    worker.on("error", (error) => lost(`The thread ended: ${error.message}`));
  });
}

/** Shows a fault and writes its case into a file. */
function tell(fault: Fault, { output }: HostileOptions): void {
  mkdirSync(output, { recursive: true });
  const { kind, seed, number, what, parts } = fault;
  const file = path.join(output, `${kind}-${seed}-${number}${kinds[kind].ending}`);
  writeFileSync(file, `${parts.join("\n")}\n`);
  say(`\n${what}\n\n${parts.join("\n")}\n`);
  say(`case:  ${file}`);
  say(`again: npm run fuzz -- --kind ${kind} --seed ${seed} --case ${number} --cases 1`);
}

/** Seconds of the next kind: what is left of the time by those that are left, so that a slow start of one is made up for by the others. */
function shareOf({ kinds, minutes, seconds }: HostileOptions, withQemu: boolean): () => number {
  if (minutes === undefined) return () => seconds;
  const end = performance.now() + minutes * 60_000;
  let left = kinds.length + (withQemu ? 1 : 0);
  return () => Math.max(1, Math.floor((end - performance.now()) / 1000 / left--));
}

/** Compares the model of QEMU with a live one. @returns the exit code */
function besideQemu({ seed, output }: HostileOptions, seconds: number): number {
  const program = fileURLToPath(new URL("./qemu.ts", import.meta.url));
  const args = [program, "--seed", String(seed), "--seconds", String(seconds), "--out", output];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
    return 0;
  }
  const options = parseHostileOptions(args);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${USAGE}\n`);
    return 2;
  }
  let found = 0;
  const withQemu = options.minutes !== undefined && options.kinds.length > 1 && qemuVersion() !== undefined;
  const share = shareOf(options, withQemu);
  if (options.minutes !== undefined) {
    const also = withQemu ? ", and QEMU beside its model" : "";
    say(`seed ${options.seed}: ${options.kinds.join(", ")}${also}, ${options.minutes} min in all`);
    if (options.kinds.length > 1 && !withQemu) say("QEMU is not installed: its model is not compared with it.");
  }
  for (const kind of options.kinds) {
    const started = performance.now();
    const { cases, faults } = await runKind(kind, { ...options, seconds: share() });
    const seconds = (performance.now() - started) / 1000;
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    say(
      `${kind}, seed ${options.seed}: ${cases} cases in ${seconds.toFixed(1)} s, ${faults.length === 0 ? "no fault" : `faults: ${faults.length}`}`,
    );
    found += faults.length;
  }
  if (withQemu && besideQemu(options, share()) !== 0) found++;
  if (options.minutes !== undefined) say(found === 0 ? "no fault in all" : `faults in all: ${found}`);
  return found === 0 ? 0 : 1;
}

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await main(process.argv.slice(2));
