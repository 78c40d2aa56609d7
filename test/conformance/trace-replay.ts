import { readFileSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";
import { type Difference, differenceLines, LineSplitter, type TraceRun } from "../../runner/trace/index.ts";
import { RecordingError } from "./fields.ts";
import type { Findings } from "./findings.ts";

const MAX_UNPACKED = 1024 * 1024 * 1024;
/** Of a file's start, in which a trace shows what it is. */
const SNIFFED = 64 * 1024;

/**
 * What a file's first bytes show: a trace that can be replayed; one that cannot, as it has list registers only or nothing but what followed
 * from accesses; or no trace.
 */
export function traceAt(start: Uint8Array): "replayable" | "partial" | "none" {
  let found: "replayable" | "partial" | "none" = "none";
  const lines = new LineSplitter((line) => {
    const event = parseTraceLine(line, 1);
    if (typeof event === "string" || found === "replayable") return;
    const { name, role } = event.spec;
    found = role === "effect" || role === "command" || /^gicv3_ic[hv]_/.test(name) ? "partial" : "replayable";
  });
  lines.push(unpackedStart(start.subarray(0, SNIFFED)));
  return found;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpackedStart(start: Uint8Array): Uint8Array {
  if (!isGzip(start)) return start;
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * SNIFFED });
  } catch (error) {
    // A file that only begins as gzip does is no trace; what is wrong with it is said when it is read.
    if (error instanceof Error) return new Uint8Array();
    throw error;
  }
}

/** Replays a trace; where the machine does something else goes to `findings`. Throws a RecordingError when it cannot be replayed. */
export function replayTrace(path: string, run: TraceRun, findings: Findings): void {
  const bytes = unpacked(path);
  readLines(bytes, (line) => {
    run.survey.line(line);
    return true;
  });
  const problem = run.begin("qemu-7.2");
  if (problem !== undefined) throw new RecordingError(problem);
  readLines(bytes, (line) => run.replayLine(line));
  const { difference, problem: ended } = run.finish();
  if (ended !== undefined) throw new RecordingError(ended);
  if (difference !== undefined) findings.add(undefined, `line ${difference.line}`, problemsOf(difference));
}

function problemsOf(difference: Difference): string[] {
  return [...differenceLines(difference), ...difference.state].map((line) => line.trim().replace(/ +/g, " "));
}

function readLines(bytes: Uint8Array, take: (line: string) => boolean): void {
  let more = true;
  const lines = new LineSplitter((line) => {
    if (more) more = take(line);
  });
  lines.push(bytes);
  lines.end();
}

function unpacked(path: string): Uint8Array {
  const bytes = readFileSync(path);
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RecordingError(`cannot be unpacked: ${reason}`);
  }
}
