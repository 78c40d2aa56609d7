// The longest time between two slices of work that an editor or a server does:  npm run bench -- slices
// For each work: how long it takes, its three longest steps, and how many steps are longer than 20 ms. Run on a quiet machine: what else
// runs on it is in the figures.
import { openCaptureWork } from "../dumps/captures/index.ts";
import { readTablesOf } from "../dumps/checks/index.ts";
import { readDumpWork } from "../dumps/read-dump.ts";
import { planTables } from "../dumps/tables/section-tables.ts";
import { entryIndex } from "../dumps/text/entry-index.ts";
import { dumpFolds } from "../dumps/text/folds.ts";
import { dumpOutline } from "../dumps/text/outline.ts";
import type { Work } from "../dumps/work.ts";
import { judgeTablesWork, kernelModels, placedProblems } from "../runner/verdict/index.ts";

const LONG = 20;

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, "0");

/** A line of `xxd -e -g8` with two words. */
function line(address: number, low: bigint, high: bigint): string {
  return `${hex(address, 8)}: ${hex(low, 16)} ${hex(high, 16)}  ................\n`;
}

/** DTE of a device whose ITT is one of 65,536. */
function dte(id: number, count: number): bigint {
  const next = id + 1 < count ? 1n : 0n;
  return (1n << 63n) | (next << 49n) | (BigInt((0x5000_0000 + (id % 0x1_0000) * 256) / 256) << 5n) | 4n;
}

function deviceLines(base: number, count: number): string {
  const lines: string[] = [];
  for (let id = 0; id < count; id += 2) lines.push(line(base + id * 8, dte(id, count), dte(id + 1, count)));
  return lines.join("");
}

function manySections(count: number): string {
  const parts = ["# gic: table=device-table layout=kvm-rev0 base=0x40000000\n", deviceLines(0x4000_0000, count)];
  parts.push("# gic: table=collection-table layout=kvm-rev0 base=0x41000000\n", line(0x4100_0000, 1n << 63n, 0n));
  for (let id = 0; id < count; id++) {
    const at = 0x5000_0000 + id * 256;
    parts.push(`# gic: table=itt layout=kvm-rev0 base=0x${hex(at, 8)} event-bits=5\n`);
    parts.push(line(at, (1n << 48n) | (BigInt(8192 + id * 2) << 16n), BigInt(8193 + id * 2) << 16n));
  }
  return parts.join("");
}

const texts: Readonly<Record<string, string>> = {
  "one table of 1 Mi DTEs": `# gic: table=device-table layout=kvm-rev0 base=0x40000000\n${deviceLines(0x4000_0000, 0x10_0000)}`,
  "one table, layout to be guessed": `# gic: table=device-table base=0x40000000\n${deviceLines(0x4000_0000, 0x4_0000)}`,
  "16,000 sections": manySections(16_000),
  "lines that are no dump": "[    0.000000] a line of some log, 0123 abcd, that no tool dumped memory with\n".repeat(
    300_000,
  ),
  "a trace of QEMU": Array.from({ length: 0x1_0000 }, (_, at) => traceLines(at)).join(""),
  "lines in no order": Array.from({ length: 0x4_0000 }, (_, at) =>
    line(0x4000_0000 + ((at * 7919) % 0x4_0000) * 16, dte(at, 0), dte(at, 0)),
  ).join(""),
};

/** A device and an event of it, as QEMU's ITS tells the commands. */
function traceLines(device: number): string {
  const id = `DeviceID 0x${device.toString(16)}`;
  return [
    "gicv3_its_process_command GICv3 ITS: processing command at offset 0x0: 0x8\n",
    `gicv3_its_cmd_mapd GICv3 ITS: command MAPD ${id} Size 0x0 ITT_addr 0x42f6dc V 1\n`,
    `gicv3_its_cmd_mapti GICv3 ITS: command MAPTI ${id} EventID 0x0 ICID 0x0 pINTID 0x2000\n`,
  ].join("");
}

for (const [name, text] of Object.entries(texts)) {
  console.log(`${name}, ${(text.length / 2 ** 20).toFixed(0)} MiB`);
  for (let turn = 0; turn < 3; turn++) {
    const say = turn === 2;
    const document = drive("read", readDumpWork(text), say);
    const plans = drive("plan", planTables(document), say);
    const [plan] = plans;
    if (plan !== undefined) {
      const { result } = drive("decode", plan.decode(), say);
      if (result.ok && result.table.prepare !== undefined) drive("chain", result.table.prepare(), say);
      drive("index of entries", entryIndex(document, plans), say);
      drive("outline", dumpOutline(document, plans), say);
    }
    drive("folds", dumpFolds(document), say);
    const open = drive("open as a capture", openCaptureWork([{ name, content: { text, dump: document } }]), say);
    if (plan === undefined) continue;
    const tables = drive("walk and rules", readTablesOf([open]), say);
    const verdict = drive("verdict", judgeTablesWork(tables.itss, kernelModels), say);
    timed("places of problems", () => placedProblems(document, verdict, tables, [open]), say);
  }
}

function timed<T>(name: string, run: () => T, say: boolean): T {
  const start = performance.now();
  const found = run();
  if (say) report(name, performance.now() - start, [performance.now() - start]);
  return found;
}

function drive<T>(name: string, work: Work<T>, say: boolean): T {
  const steps: number[] = [];
  const start = performance.now();
  for (;;) {
    const from = performance.now();
    const step = work.next();
    steps.push(performance.now() - from);
    if (!step.done) continue;
    if (say) report(name, performance.now() - start, steps);
    return step.value;
  }
}

function report(name: string, total: number, steps: readonly number[]): void {
  const order = steps.map((step, place) => ({ step, place })).sort((a, b) => b.step - a.step);
  const longest = order.slice(0, 3);
  const long = steps.filter((step) => step > LONG).length;
  const shown = longest
    .map(({ step, place }) => `${step.toFixed(1)} (step ${place + 1} of ${steps.length})`)
    .join(", ");
  console.log(
    `  ${name.padEnd(18)} ${total.toFixed(0).padStart(6)} ms, longest ${shown}${long > 0 ? `; ${long} over ${LONG} ms` : ""}`,
  );
}
