// Cost of what live views ask the adapter at a stop:  npm run bench -- views [--json] [--lpis 32768] [--cpus 16]
// Each request is made at a moment of its own, as after a step, with the moment before looked at (a view that is open) or not. The aims: a
// stop with 32,768 pending LPIs under 10 ms, a refresh of 16 PEs with some 200 registers each under 16 ms. What a closed view costs is
// the first row: telling that there is another moment.
import { parseArgs } from "node:util";
import { bitsBody } from "../debug-adapter/views/bits.ts";
import { interruptsBody } from "../debug-adapter/views/interrupts.ts";
import { mapBody } from "../debug-adapter/views/map.ts";
import { Moments } from "../debug-adapter/views/moments.ts";
import { queueBody } from "../debug-adapter/views/queue.ts";
import { registerTableBody } from "../debug-adapter/views/register-table.ts";
import { ScriptDocument } from "../language/index.ts";
import { prepareTarget, ScriptRun } from "../runner/index.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    lpis: { type: "string", default: "32768" },
    cpus: { type: "string", default: "16" },
    model: { type: "string", default: "kvm" },
  },
});
const RUNS = 15;
const EVENTS = 1024;

const run = prepared(Number(values.lpis), Number(values.cpus), values.model);
const moments = new Moments(run);
const page = { text: "", states: [], changed: false, sort: "intid", descending: false, from: 0, count: 100 } as const;
const groups = registerTableBody(run, moments, { groups: [], fields: [] }).groups;
const ofPes = groups.filter(({ id }) => /^(GICR|ICC|ICH|CNT)\d+/.test(id)).map(({ id }) => id);
const registers = groups.filter(({ id }) => ofPes.includes(id)).reduce((sum, { count }) => sum + count, 0);

const rows = [
  measured("a stop, all views closed", () => undefined),
  measured("interrupts: first page", () => interruptsBody(run, moments, page)),
  measured("interrupts: only pending, by priority", () =>
    interruptsBody(run, moments, { ...page, states: ["pending"], sort: "priority" }),
  ),
  measured(`registers: ${registers} of ${values.cpus} PEs`, () =>
    registerTableBody(run, moments, { groups: ofPes, fields: [] }),
  ),
  measured("registers: one ITS", () => registerTableBody(run, moments, { groups: ["GITS0"], fields: ["GITS_BASER0"] })),
  measured("command queue: a page", () => queueBody(run, moments, { its: 0, from: 0, count: 100 })),
  measured("bits of a register", () =>
    bitsBody({ run } as Parameters<typeof bitsBody>[0], moments, { expression: "GITS_BASER0" }),
  ),
  measured("map", () => mapBody(run, moments)),
];

if (values.json === true) console.log(JSON.stringify({ lpis: Number(values.lpis), registers, rows }, undefined, 2));
else
  for (const { name, median, worst, processor } of rows)
    console.log(`${name.padEnd(42)} ${median} ms, worst ${worst} ms; processor ${processor} ms`);

/**
 * Times of a request in ms: median and worst by the clock, and the median of the processor's time, which others on the machine do not lengthen.
 * Before each there is a step of one register, and a look at the moment before.
 */
function measured(
  name: string,
  ask: () => unknown,
): { name: string; median: number; worst: number; processor: number } {
  const times: number[] = [];
  const processor: number[] = [];
  for (let at = 0; at < RUNS; at++) {
    ask();
    const { map } = run.target;
    run.target.write(map.gicd + 0x104, 4, BigInt(1 << (at % 30)));
    globalThis.gc?.();
    const start = performance.now();
    const used = process.cpuUsage();
    moments.moved();
    ask();
    const { user, system } = process.cpuUsage(used);
    times.push(performance.now() - start);
    processor.push((user + system) / 1000);
  }
  const rounded = (time: number | undefined): number => Math.round((time ?? 0) * 100) / 100;
  const sorted = (all: number[]): number[] => all.sort((a, b) => a - b);
  return {
    name,
    median: rounded(sorted(times)[RUNS >> 1]),
    worst: rounded(times.at(-1)),
    processor: rounded(sorted(processor)[RUNS >> 1]),
  };
}

/** A run at its end, on a machine with LPIs that are all pending. */
function prepared(lpis: number, cpus: number, model: string): ScriptRun {
  const lines = [`machine { model = ${model}  cpus = ${cpus} }`, `MAPC ICID=0, RDbase=1`];
  for (let first = 0; first < lpis; first += EVENTS) {
    const device = first / EVENTS;
    lines.push(`MAPD DeviceID=${device}, Size=9, ITT_addr=0x${(0x42000000 + device * 0x4000).toString(16)}`);
    for (let event = 0; event < Math.min(EVENTS, lpis - first); event++) {
      lines.push(`MAPTI DeviceID=${device}, EventID=${event}, pINTID=${8192 + first + event}, ICID=0`);
      lines.push(`msi DeviceID=${device}, EventID=${event}`);
    }
  }
  const document = new ScriptDocument(lines.join("\n"));
  const made = prepareTarget(document.machine);
  if ("failure" in made) throw new Error(made.failure);
  const begun = new ScriptRun(document, made.target);
  for (let done = begun.step(); done !== undefined; done = begun.step()) {
    const [problem] = done.result.problems;
    if (problem !== undefined) throw new Error(`line ${done.line + 1}: ${problem.message}`);
  }
  return begun;
}
