// All suites, and docs/performance.md:  npm run bench [-- --compare] [-- --only NAME,NAME]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildProduct } from "../scripts/bundle.ts";
import { inProject, main, manifest, UserError } from "../scripts/project.ts";
import { better, compare, comparisonLines, hasFailed } from "./compare.ts";
import { type Measured, merged, type Report, type SuiteFigures } from "./figures.ts";
import { isBusy, performancePage } from "./page.ts";
import { type Suite, suites } from "./suites.ts";

const KEPT = "bench/figures.json";
const PAGE = "docs/performance.md";
/** Runs of a suite whose ratios have fallen, the first among them. */
const MOST_RUNS = 3;

await main(async () => {
  const { values } = parseArgs({ options: { compare: { type: "boolean" }, only: { type: "string" } } });
  const only = values.only?.split(",");
  const strange = only?.find((name) => !suites.some((suite) => suite.name === name));
  if (strange !== undefined)
    throw new UserError(`There is no suite ${strange}: ${suites.map(({ name }) => name).join(", ")}.`);
  const chosen = suites.filter(({ name }) => only?.includes(name) ?? true);
  // What is measured is what users get.
  await buildProduct({ minify: true });
  return values.compare ? compared(chosen) : written(chosen);
});

/** Measures, and keeps what was measured. Suites that were not chosen, or have failed, keep what they had. */
function written(chosen: readonly Suite[]): number {
  const start = about();
  if (isBusy(start))
    console.error(`The load of this machine is ${start.load} on ${start.cores} cores: figures will be worth little.`);
  const measured: SuiteFigures[] = [];
  const failed: string[] = [];
  for (const suite of chosen) {
    const figures = measure(suite);
    if (figures === undefined) failed.push(suite.name);
    else measured.push(figures);
  }
  if (measured.length === 0) throw new UserError("Nothing was measured, and nothing is written.");
  const before = kept()?.suites ?? [];
  const all = suites.flatMap(({ name }) => {
    const found = measured.find(({ suite }) => suite === name) ?? before.find(({ suite }) => suite === name);
    return found === undefined ? [] : [found];
  });
  const report: Report = { ...start, suites: all };
  writeFileSync(inProject(KEPT), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(inProject(PAGE), performancePage(report));
  console.log(`${PAGE} and ${KEPT} are written: ${measured.length} suites.`);
  for (const name of failed) console.error(`${name} has failed, and is as it was.`);
  return failed.length === 0 ? 0 : 1;
}

/** Measures what has a peer, and compares its ratios with those that are kept. */
function compared(chosen: readonly Suite[]): number {
  const report = kept();
  if (report === undefined) throw new UserError(`There are no figures to compare with: npm run bench writes ${KEPT}.`);
  const of = (suite: string): Pick<Report, "suites"> => ({
    suites: report.suites.filter((one) => one.suite === suite),
  });
  const measured: SuiteFigures[] = [];
  const wanted = chosen.filter(({ peer }) => peer !== undefined);
  for (const suite of wanted) {
    let figures = measure(suite);
    for (let run = 1; run < MOST_RUNS && figures !== undefined; run++) {
      const { fallen } = compare(of(suite.name), { suites: [figures] });
      if (fallen.length === 0) break;
      console.log(`${suite.name}: ${fallen.length} ratios are lower; once more, as the machine may have been busy`);
      const again = measure(suite);
      if (again !== undefined) figures = better(figures, again);
    }
    if (figures !== undefined) measured.push(figures);
  }
  const names = wanted.map(({ name }) => name);
  const comparison = compare(
    { suites: report.suites.filter(({ suite }) => names.includes(suite)) },
    { suites: measured },
  );
  for (const line of comparisonLines(comparison)) console.log(line);
  return hasFailed(comparison) ? 1 : 0;
}

/** Runs a suite. @returns undefined when a round has failed, which is told */
function measure({ name, args, rounds, seconds, peer, read }: Suite): SuiteFigures | undefined {
  const results: (readonly Measured[])[] = [];
  for (let round = 1; round <= rounds; round++) {
    const started = performance.now();
    const file = inProject("bench", `${name}.ts`);
    // A child that is ended by its time prints no JSON, and is told.
    const { status, stdout, stderr, signal } = spawnSync(process.execPath, ["--expose-gc", file, ...args], {
      encoding: "utf8",
      timeout: 5 * seconds * 1000,
      maxBuffer: 64 * 2 ** 20,
    });
    const took = `${((performance.now() - started) / 1000).toFixed(0)} s`;
    if (status !== 0) {
      const why = signal === null ? stderr.trim().split("\n").slice(-5).join("\n") : `ended by ${signal} after ${took}`;
      console.error(`${name}, round ${round}: ${why}`);
      return undefined;
    }
    results.push(read(JSON.parse(stdout.slice(stdout.search(/^[[{]/m)))));
    console.log(`${name}, round ${round} of ${rounds}: ${took}`);
  }
  const version = peer && versionOf(peer.program, peer.args);
  return { suite: name, ...(version === undefined ? {} : { peer: version }), figures: merged(results) };
}

/** The first line of what a program says of its version; undefined: it is not installed. */
function versionOf(program: string, args: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) return undefined;
  const line = (stdout || stderr).split("\n")[0].trim();
  return program === process.execPath ? `Node ${line}` : line;
}

function kept(): Report | undefined {
  const file = inProject(KEPT);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined;
}

/** Where it runs. */
function about(): Omit<Report, "suites"> {
  const cores = os.availableParallelism();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.cpus()[0]?.model ?? "unknown"}, ${cores} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release().split("-")[0]}, ${path.basename(os.arch())}`,
    node: process.version,
    version: manifest.version,
    load: Number(os.loadavg()[0].toFixed(2)),
    cores,
  };
}
