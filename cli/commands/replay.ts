import { modelWords, resolveModel } from "../../architecture/index.ts";
import {
  CONTEXT_LINES,
  contextLines,
  type Difference,
  differenceLines,
  eventRows,
  grouped,
  type ReplayResult,
  summaryLines,
  TraceRun,
} from "../../runner/trace/index.ts";
import { bigintsAsText } from "../answers/hex-word.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import type { Output } from "../output.ts";
import { printTable, type TextColumn } from "../text-table.ts";
import { TraceInput } from "../trace-input.ts";

/** Lines, and bytes, after which a long trace says how far it is. */
const PROGRESS_LINES = 250_000;
const PROGRESS_BYTES = 64 * 2 ** 20;
const MIB = 2 ** 20;
/** Of a packed trace; a packed one of 256 MiB is some 90 boots of Linux. */
const MAX_UNPACKED = 256;
/** What a file system could hold at all: 1 PiB. */
const MOST_UNPACKED = 2n ** 30n;

const COLUMNS: readonly TextColumn[] = [
  { heading: "event", align: "left" },
  { heading: "compared", align: "right" },
  { heading: "given", align: "right" },
  { heading: "passed over", align: "right" },
];

const qemuModels = modelWords("qemu");

export const replay = defineCommand({
  name: "replay",
  summary: "replay a QEMU gicv3_* trace and show the first difference",
  args: ["TRACE"],
  options: {
    model: {
      type: "choice",
      value: "MODEL",
      choices: qemuModels,
      summary: "model to replay it on (default: qemu)",
    },
    "max-unpacked": {
      type: "number",
      value: "MIB",
      summary: `MiB that a packed trace may have when it is unpacked (default: ${MAX_UNPACKED})`,
    },
    events: { type: "flag", summary: "count what was compared by name of event" },
    json: { type: "flag", summary: "print one JSON object, the counts by event among it" },
  },
  details: [
    "TRACE is what qemu-system-aarch64 -trace 'gicv3_*' -D TRACE wrote, plain or packed by gzip (- reads standard input).",
    "Its register writes, line changes, SGIs, MSIs and ITS commands are given to a machine of the same shape; every read,",
    "acknowledged INTID, HPPI update and table access of the machine is compared with the trace, in order.",
    "Exit code: 0 no difference, 1 a difference or no trace, 2 the command line is wrong.",
  ],
  async run([file], options, context) {
    const model = resolveModel(options.model ?? "qemu");
    if (model === undefined) throw errors.usage(`There is no model "${options.model}".`, "replay");
    const most = options["max-unpacked"] ?? BigInt(MAX_UNPACKED);
    if (most < 1n || most > MOST_UNPACKED) {
      throw errors.usage(`--max-unpacked is 1 to ${MOST_UNPACKED} MiB, not ${most}.`, "replay");
    }
    const input = await TraceInput.open(file, context.stdin, Number(most) * MIB);
    const run = new TraceRun();
    const { binary } = await input.read(
      (line) => {
        run.survey.line(line);
        return true;
      },
      progress(context.err, () => [run.survey.lines, "lines looked at"]),
    );
    if (run.survey.lines === 0) throw errors.empty(file);
    if (binary && run.survey.events === 0) throw errors.noTrace(file, "It is not text.");
    const problem = run.begin(model);
    if (problem !== undefined) throw errors.noTrace(file, problem);
    let replayed = 0;
    await input.read(
      (line) => {
        replayed++;
        return run.replayLine(line);
      },
      progress(context.err, () => [replayed, `of ${grouped(run.survey.lines)} lines replayed`]),
    );
    const result = run.finish();
    if (options.json) {
      const { machine, compared, given, passedOver, assumptions, rows: events, difference, problem } = result;
      const told = { file, machine, compared, given, passedOver, assumptions, events, difference, problem };
      context.out.line(JSON.stringify(told, bigintsAsText, 2));
    } else await print(file, result, options.events, input, context);
    return result.difference === undefined && result.problem === undefined ? 0 : 1;
  },
});

async function print(
  file: string,
  result: ReplayResult,
  withEvents: boolean,
  input: TraceInput,
  { out }: CommandContext,
): Promise<void> {
  const { difference, problem } = result;
  if (difference !== undefined) await printDifference(file, difference, input, out);
  else if (problem !== undefined) out.line(`${file}: ${problem}`);
  else out.line(`${file}: the machine did what the trace says`);
  for (const line of summaryLines(result)) out.line(line);
  if (!withEvents) return;
  out.line();
  const rows = eventRows(result);
  await printTable(out, COLUMNS, rows.length, (row) => rows[row]);
}

async function printDifference(file: string, difference: Difference, input: TraceInput, out: Output): Promise<void> {
  out.line(`${file}:${difference.line}: difference`);
  for (const line of differenceLines(difference)) out.line(line);
  out.line();
  const first = Math.max(1, difference.line - CONTEXT_LINES);
  const texts: string[] = [];
  let number = 0;
  await input.read((line) => {
    number++;
    if (number >= first) texts.push(line);
    return number < difference.line + CONTEXT_LINES;
  });
  for (const line of contextLines(texts, first, difference.line)) out.line(line);
  out.line();
  out.line("state of the machine there:");
  for (const line of difference.state) out.line(`  ${line}`);
  out.line();
}

/** Says how far a long trace is, now and then: by its lines, and where there are few by its bytes. */
function progress(err: Output, state: () => readonly [number, string]): (bytes: number) => Promise<void> {
  let nextLines = PROGRESS_LINES;
  let nextBytes = PROGRESS_BYTES;
  return async (bytes) => {
    const [lines, text] = state();
    if (lines < nextLines && bytes < nextBytes) return;
    nextLines = lines - (lines % PROGRESS_LINES) + PROGRESS_LINES;
    nextBytes = bytes - (bytes % PROGRESS_BYTES) + PROGRESS_BYTES;
    err.line(`${grouped(lines)} ${text}, ${Math.floor(bytes / MIB)} MiB`);
    await err.flush();
  };
}
