// Speed and memory of the script language:  node --expose-gc bench/language.ts [lines]
// Prints milliseconds for reading a whole script, microseconds a keystroke, and what stays on the heap. Medians of 9 warm runs.
import { formatDocument, ScriptDocument, type TextChange } from "../language/index.ts";

const count = Number(process.argv[2] ?? 100_000);
if (!Number.isSafeInteger(count) || count < 100) {
  console.error(`"${process.argv[2]}" is no number of lines: 100 or more.`);
  process.exit(2);
}
const RUNS = 9;

/** A script as generators write them: mappings, events, some names, comments and expectations. */
function makeScript(lines: number): string {
  const out = ["# A generated script.", "let base = 8192"];
  for (let dev = 0; dev < 8; dev++) out.push(`let dev${dev} = ${dev}`);
  for (let line = out.length; line < lines; line++) {
    const device = line & 1023;
    const event = line & 31;
    switch (line % 10) {
      case 0:
        out.push(
          `MAPD DeviceID=0x${device.toString(16)}, Size=7, ITT_addr=0x${(0x40400000 + device * 256).toString(16)}`,
        );
        break;
      case 1:
      case 2:
      case 3:
        out.push(`MAPTI DeviceID=${device}, EventID=${event}, pINTID=${8192 + (line & 0xfff)}, ICID=3 # event`);
        break;
      case 4:
        out.push(`let name${line} = base + ${line} * 2`);
        break;
      case 5:
        out.push("");
        break;
      case 6:
        out.push(`expect pending[base + ${event}] == 1, "pending"`);
        break;
      default:
        out.push(`INT DeviceID=dev${line & 7}, EventID=${event}`);
    }
  }
  return out.join("\n");
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1];
}

function milliseconds(work: () => void, runs = RUNS): number {
  work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return median(times);
}

function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(44)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
}

const text = makeScript(count);
report(`script of ${count} lines`, text.length / 1024 / 1024, "Mi characters");
report(
  "read and bind the whole script",
  milliseconds(() => new ScriptDocument(text)),
  "ms",
);

const collect = globalThis.gc;
collect?.();
const before = process.memoryUsage().heapUsed;
const document = new ScriptDocument(text);
collect?.();
if (collect !== undefined) report("heap kept", (process.memoryUsage().heapUsed - before) / 1024 / 1024, "MiB");

const middle = document.lines.findIndex((line, index) => index > count / 2 && line.syntax.kind === "command");
const letLine = document.lines.findIndex((line, index) => index > count / 2 && line.syntax.kind === "let");

/** Types a digit at the end of a line and takes it away again. */
function typeDigit(line: number): void {
  const column = document.lines[line].text.replace(/ #.*/, "").length;
  const place = { line, column };
  const changes: TextChange[] = [
    { start: place, end: place, text: "1" },
    { start: place, end: { line, column: column + 1 }, text: "" },
  ];
  for (const change of changes) document.update([change]);
}

const keystrokes = (line: number, times: number) =>
  milliseconds(() => {
    for (let time = 0; time < times; time++) typeDigit(line);
  }) /
  (2 * times);
report("keystroke in a command, middle of the script", keystrokes(middle, 500) * 1000, "µs");
report("keystroke in a let that nothing uses", keystrokes(letLine, 5) * 1000, "µs");
report("keystroke in a let that a tenth uses", keystrokes(1, 2), "ms");
const used = new ScriptDocument(
  [
    "let base = 8192",
    ...Array.from({ length: 45_000 }, (_, at) => `MAPTI DeviceID=1, EventID=1, pINTID=base + ${at}, ICID=0`),
  ].join("\n"),
);
const value = (text: string): TextChange => ({ start: { line: 0, column: 11 }, end: { line: 0, column: 15 }, text });
report(
  "edit of a let that 45,000 lines use",
  milliseconds(() => {
    used.update([value("8193")]);
    used.update([value("8192")]);
  }) / 2,
  "ms",
);
report(
  "line inserted and removed at the top",
  milliseconds(() => {
    document.update([{ start: { line: 0, column: 0 }, end: { line: 0, column: 0 }, text: "\n" }]);
    document.update([{ start: { line: 0, column: 0 }, end: { line: 1, column: 0 }, text: "" }]);
  }) / 2,
  "ms",
);
report(
  "block opened on line 1 and closed again",
  milliseconds(() => {
    const top = { line: 0, column: 0 };
    document.update([{ start: top, end: top, text: "machine {\n" }]);
    document.update([{ start: top, end: { line: 1, column: 0 }, text: "" }]);
  }, 3) / 2,
  "ms",
);
report(
  "all diagnostics, at most 1000",
  milliseconds(() => document.diagnostics(1000)),
  "ms",
);
report(
  "format the whole script",
  milliseconds(() => formatDocument(document), 3),
  "ms",
);
