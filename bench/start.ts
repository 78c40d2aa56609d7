// What a call of the command line takes, as it is in the npm package:  npm run bench -- start [--json]
// Medians of 20 calls in turn, in ms, beside a Node that does nothing. The first call of each is not counted: Node keeps what it compiles.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildCommandLine } from "../scripts/npm-bundle.ts";
import { median } from "./figures.ts";

const CALLS = 20;

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-start-"));
try {
  await buildCommandLine(path.join(folder, "dist"));
  const gicwb = path.join(folder, "dist", "gicwb.cjs");
  const script = path.join(folder, "small.itscmd");
  writeFileSync(script, "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x40400000\n");
  const calls: readonly (readonly [name: string, ...args: string[]])[] = [
    ["node", "-e", "0"],
    ["gicwb --version", gicwb, "--version"],
    ["gicwb models", gicwb, "models"],
    ["gicwb run, two lines", gicwb, "run", script],
  ];
  const times = calls.map((): number[] => []);
  for (let call = -1; call < CALLS; call++)
    for (const [at, [, ...args]] of calls.entries()) {
      const milliseconds = once(args);
      if (call >= 0) times[at].push(milliseconds);
    }
  const [node, ...others] = calls.map(([name], at) => ({
    name,
    median: median(times[at]),
    least: Math.min(...times[at]),
    most: Math.max(...times[at]),
  }));
  if (process.argv.includes("--json")) console.log(JSON.stringify({ node: node.median, calls: others }));
  else
    for (const { name, median, least, most } of [node, ...others])
      console.log(`${name.padEnd(24)} ${median.toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)})`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function once(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: folder },
  });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return performance.now() - start;
}
