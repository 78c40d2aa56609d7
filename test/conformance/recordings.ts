import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Fields, RecordingError } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { KvmReplay } from "./kvm-replay.ts";
import { QemuReplay } from "./qemu-replay.ts";
import type { ConformanceTarget } from "./target.ts";
import { isGzip, replayTrace, traceAt } from "./trace-replay.ts";

const MAX_BYTES = 256 * 1024 * 1024;
/** The list of recordings that stands beside them is not one itself. */
const INDEX_FILE = "INDEX.json";

const START_BYTES = 64 * 1024;

/**
 * The recordings under a path: the file itself, or every .json file and every trace (.log, .gz) of a folder and the folders in it, in
 * order of name.
 * Throws a RecordingError when there is no such path.
 */
export function findRecordings(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new RecordingError(`${path}: no such file or folder`);
  }
  return stat.isDirectory() ? inFolder(path) : [path];
}

function inFolder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return inFolder(path);
    }
    return entry.isFile() && isRecording(entry.name, path) ? [path] : [];
  });
}

function isRecording(name: string, path: string): boolean {
  if (name.endsWith(".json")) {
    return name !== INDEX_FILE;
  }
  return /\.(log|gz)$/.test(name) && traceAt(startOf(path)) === "replayable";
}

function startOf(path: string): Uint8Array {
  const start = new Uint8Array(START_BYTES);
  const file = openSync(path, "r");
  try {
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** A path as it is shown: from the working folder when that is shorter. */
export function shownPath(path: string): string {
  const short = relative("", path);
  return short !== "" && short.length < path.length ? short : path;
}

/**
 * Replays one file; what differs goes to `findings`. Traces, KVM's recordings and QEMU's are told apart by what they contain.
 * Throws a RecordingError when the file is no recording.
 */
export function replayFile(path: string, target: ConformanceTarget, findings: Findings): void {
  if (statSync(path).size > MAX_BYTES) {
    throw new RecordingError("larger than 256 MiB");
  }
  const start = startOf(path);
  if (isGzip(start) || traceAt(start) !== "none") {
    const run = target.createTraceRun?.();
    if (run === undefined) {
      findings.add(undefined, "trace", ["a QEMU machine is not supported"]);
    } else {
      replayTrace(path, run, findings);
    }
    return;
  }
  const recording = new Fields(parse(path), "the file");
  if (recording.has("setup") && recording.has("observed")) {
    if (target.createQemuMachine === undefined) {
      findings.add(undefined, "machine", ["a QEMU machine is not supported"]);
      return;
    }
    new QemuReplay(recording, target.createQemuMachine.bind(target)).run(findings);
  } else if (recording.has("kernel") && recording.has("steps")) {
    new KvmReplay(recording, target).run(findings);
  } else {
    throw new RecordingError("neither a recording of KVM (kernel, steps) nor one of QEMU (setup, observed)");
  }
}

function parse(path: string): unknown {
  const text = readFileSync(path, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!path.endsWith(".json")) {
      throw new RecordingError(text === "" ? "empty" : "neither a trace with gicv3_* lines nor JSON");
    }
    throw new RecordingError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
