// Speed of the debug adapter, as it runs inside an editor:  npm run bench -- debug [--json] [--quick]
// Prints a figure a case beside the aim for it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fullLines, queueLines } from "./debug-scripts.ts";
import { BenchSession } from "./debug-session.ts";
import { brokenLines, mappingLines } from "./event-lines.ts";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "lines/s" | "commands/s" | "MiB";
  readonly aim: number;
}

const flags = new Set(process.argv.slice(2));
const asJson = flags.has("--json");
const runs = flags.has("--quick") ? 2 : 5;
const steps = flags.has("--quick") ? 300 : 2000;
const figures: Figure[] = [];
const folder = mkdtempSync(path.join(os.tmpdir(), "gicwb-bench-"));

function tell(name: string, value: number, unit: Figure["unit"], aim: number): void {
  figures.push({ name, value: Number(value.toPrecision(4)), unit, aim });
  const isRate = unit.endsWith("/s");
  const met = isRate ? value >= aim : value <= aim;
  const text = isRate ? Math.round(value).toLocaleString("en") : value.toFixed(2);
  if (!asJson)
    console.log(`${name.padEnd(58)} ${text.padStart(12)} ${unit.padEnd(10)} aim ${aim}${met ? "" : "  MISSED"}`);
}

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

const quantile = (times: readonly number[], at: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(Math.floor(times.length * at), times.length - 1)];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const best = (times: readonly number[]): number => quantile(times, 0.5);
const gc = (): void => (globalThis as { gc?: () => void }).gc?.();

async function stepping(name: string, session: BenchSession, count: number, aim: number): Promise<void> {
  for (const move of ["next", "stepBack"]) {
    const times: number[] = [];
    for (let step = 0; step < count; step++) {
      times.push(
        await timed(async () => {
          await session.move(move);
          await session.look();
        }),
      );
    }
    tell(`${name}: ${move} and what the editor asks, p50`, quantile(times, 0.5), "ms", aim);
    tell(`${name}: ${move} and what the editor asks, p95`, quantile(times, 0.95), "ms", aim);
  }
}

/** MiB that the process holds when nothing is left to collect: objects, and the buffers that journals and machines are made of. */
function held(): number {
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

/**
 * What many steps leave behind: back and forth over one line nothing; over as many lines their history and journal, by which they are taken
 * back (the journal is bounded: 128 MiB); and after all are taken back nothing but room that the journal will use again.
 */
async function growth(session: BenchSession, rounds: number): Promise<void> {
  const step = async (move: string): Promise<void> => {
    await session.move(move);
    await session.look();
  };
  const before = held();
  for (let round = 0; round < rounds; round++) await step(round % 2 === 0 ? "next" : "stepBack");
  tell(`growth over ${rounds} steps back and forth`, Math.max(held() - before, 0), "MiB", 2);
  const middle = held();
  for (let round = 0; round < rounds; round++) await step("next");
  tell(`kept of ${rounds} lines stepped over: history and journal`, Math.max(held() - middle, 0), "MiB", 10);
  for (let round = 0; round < rounds; round++) await step("stepBack");
  tell(`growth over ${2 * rounds} steps there and back`, Math.max(held() - middle, 0), "MiB", 4);
}

/** Times work, and the longest time meanwhile in which no timer came through. */
async function withLongestBlock(work: () => Promise<unknown>): Promise<[took: number, blocked: number]> {
  let last = performance.now();
  let blocked = 0;
  const look = (): void => {
    const now = performance.now();
    blocked = Math.max(blocked, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  const took = await timed(work);
  look();
  clearInterval(timer);
  return [took, blocked];
}

/** Runs a script to its end, which the session stops at, and back to its start. */
async function throughout(
  program: string,
  setUp: (session: BenchSession) => Promise<unknown>,
): Promise<[number, number]> {
  const forwards: number[] = [];
  const backwards: number[] = [];
  for (let run = 0; run < runs; run++) {
    const session = await BenchSession.launch(program, { stopOnEntry: true });
    await session.request("setExceptionBreakpoints", { filters: ["command-errors", "failed-expectations"] });
    await setUp(session);
    await session.move("configurationDone");
    gc();
    // A last line with a breakpoint keeps the session.
    forwards.push(await timed(() => session.move("continue")));
    gc();
    backwards.push(await timed(() => session.move("reverseContinue")));
    await session.request("disconnect");
  }
  return [best(forwards), best(backwards)];
}

try {
  const count = 200_000;
  const mapping = file("mapping.itscmd", mappingLines(count));
  const stopAtEnd = { line: count };
  const lineStops = (program: string, breakpoints: readonly object[]) => (session: BenchSession) =>
    session.request("setBreakpoints", { source: { path: program }, breakpoints });

  const launches: number[] = [];
  for (let run = 0; run < runs; run++) {
    gc();
    launches.push(
      await timed(async () => {
        const session = await BenchSession.launch(mapping, { stopOnEntry: true });
        await session.move("configurationDone");
      }),
    );
  }
  tell("launch of 200,000 lines, first", launches[0], "ms", 1000);
  tell("launch of 200,000 lines, median", best(launches), "ms", 1000);

  const [plain, plainBack] = await throughout(mapping, lineStops(mapping, [stopAtEnd]));
  tell("continue over 200,000 lines", (count / plain) * 1000, "lines/s", 400_000);
  tell("reverse continue over 200,000 lines", plainBack, "ms", 200);
  const broken = file("broken.itscmd", brokenLines(count));
  const [found] = await throughout(broken, lineStops(broken, [stopAtEnd]));
  tell("continue over 200,000 lines, most of which break a rule", (count / found) * 1000, "lines/s", 100_000);

  const ten = Array.from({ length: 10 }, (_, at) => ({
    line: 20_000 * at + 5,
    condition: `cte[0].RDbase == ${at + 7}`,
  }));
  const [conditional] = await throughout(mapping, lineStops(mapping, [...ten, stopAtEnd]));
  tell("continue, ten lines with conditions", (count / conditional) * 1000, "lines/s", 400_000);

  const patterns = Array.from({ length: 10 }, (_, at) => ({ name: `MAPTI DeviceID == ${5000 + at} && EventID == 3` }));
  const [functions, functionsBack] = await throughout(mapping, async (session) => {
    await lineStops(mapping, [stopAtEnd])(session);
    await session.request("setFunctionBreakpoints", { breakpoints: patterns });
  });
  tell("continue, ten patterns of commands", (count / functions) * 1000, "lines/s", 400_000);
  tell("reverse continue, ten patterns of commands", functionsBack, "ms", 200);

  const queue = queueLines(1_000_000);
  const lines = queue.text.split("\n").length;
  const queues = file("queue.itscmd", queue.text);
  const last = { line: lines };
  const queueTen = Array.from({ length: 10 }, (_, at) => ({
    line: lines - 400 + at * 30,
    condition: `lpi_pending[8192] == ${at + 5}`,
  }));
  const [commands, commandsBack] = await throughout(queues, lineStops(queues, [...queueTen, last]));
  tell("continue over a million commands, ten conditions", (queue.commands / commands) * 1000, "commands/s", 1_000_000);
  tell("reverse continue over a million commands", commandsBack, "ms", 200);

  const many = Array.from({ length: 20_000 }, () => ({ line: 150_000, condition: "cte[0].RDbase == 9" }));
  const crowded = await BenchSession.launch(mapping, { stopOnEntry: true });
  await crowded.move("configurationDone");
  tell(
    "20,000 breakpoints on one line, set",
    await timed(() => lineStops(mapping, [...many, stopAtEnd])(crowded)),
    "ms",
    500,
  );
  tell("20,000 breakpoints on one line, run over", await timed(() => crowded.move("continue")), "ms", 2000);
  await crowded.request("disconnect");

  const stepped = await BenchSession.launch(mapping, { stopOnEntry: true });
  await stepped.move("configurationDone");
  await stepping("a script of 200,000 lines", stepped, steps, 5);
  for (let step = 0; step < 200; step++) await stepped.move("next");
  await growth(stepped, flags.has("--quick") ? 500 : 10_000);
  await stepped.request("disconnect");

  const asked = await BenchSession.launch(mapping, { stopOnEntry: true });
  await lineStops(mapping, [stopAtEnd])(asked);
  await asked.move("configurationDone");
  await asked.move("continue");
  // What no line has changed is looked for in all of them; two come from the bus, one from the host's tables.
  for (const expression of ["GITS_BASER0", "ICC_PMR_EL1", "dte[0].ITT_addr"]) {
    const [took, blocked] = await withLongestBlock(() =>
      asked.request("evaluate", { expression: `who ${expression}`, context: "repl" }),
    );
    tell(`who ${expression} over 200,000 lines`, took, "ms", 1000);
    tell(`who ${expression}: longest time that nobody else has a turn`, blocked, "ms", 50);
  }
  await asked.request("disconnect");

  const fullText = fullLines();
  const full = file("full.itscmd", fullText);
  const fullLine = fullText.split("\n").length - 999;
  const crowd = await BenchSession.launch(full, { stopOnEntry: true });
  await lineStops(full, [{ line: fullLine }])(crowd);
  await crowd.move("configurationDone");
  await crowd.move("continue");
  await stepping("65,536 devices, 32,768 pending LPIs", crowd, Math.min(steps, 500), 10);
  await crowd.request("disconnect");

  if (asJson) {
    const machine = `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores`;
    console.log(JSON.stringify({ machine, node: process.version, load: os.loadavg()[0], runs, figures }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
