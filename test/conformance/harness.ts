import { realpathSync } from "node:fs";
import { RecordingError } from "./fields.ts";
import { Findings } from "./findings.ts";
import { findRecordings, replayFile, shownPath } from "./recordings.ts";
import { Report } from "./report.ts";
import type { ConformanceTarget } from "./target.ts";

const USAGE = `usage: npm run conformance -- [--verbose] [--first] [PATH...]
Replays recordings of Linux KVM and QEMU against the emulator and compares every recorded value.
PATH is a recording, a QEMU gicv3_* trace (plain or packed by gzip) or a folder of them; without one, the recordings in test/vectors
are replayed.
  --verbose  every difference on a line of its own, and the files that passed
  --first    stop each file at its first failing step`;

export interface HarnessOptions {
  target: ConformanceTarget;
  /** Replayed when no path is given. */
  defaultPath: string;
  write: (line: string) => void;
}

/**
 * The command `npm run conformance`. Returns its exit code: 0 = all passed, 1 = something failed or
 * nothing ran, 2 = wrong use.
 */
export function runConformance(args: readonly string[], options: HarnessOptions): number {
  const { write } = options;
  const flags = new Set(args.filter((arg) => arg.startsWith("-")));
  if (flags.has("--help") || flags.has("-h")) {
    write(USAGE);
    return 0;
  }
  const wrong = [...flags].find((flag) => flag !== "--verbose" && flag !== "--first");
  if (wrong !== undefined) {
    write(`unknown option ${wrong}`);
    write(USAGE);
    return 2;
  }
  const report = new Report(write, { verbose: flags.has("--verbose") });
  const paths = args.filter((arg) => !arg.startsWith("-"));
  for (const path of filesOf(paths.length === 0 ? [options.defaultPath] : paths, report)) {
    const findings = new Findings(flags.has("--first"));
    const shown = shownPath(path);
    try {
      replayFile(path, options.target, findings);
    } catch (error) {
      report.unreadable(shown, sentenceOf(error));
      continue;
    }
    report.file(shown, findings);
  }
  return report.close();
}

/** Every recording under the paths once, however often it is named. */
function filesOf(paths: readonly string[], report: Report): Set<string> {
  const files = new Set<string>();
  for (const path of paths) {
    try {
      for (const file of findRecordings(path)) {
        files.add(realpathSync(file));
      }
    } catch (error) {
      report.unreadable(path, sentenceOf(error));
    }
  }
  return files;
}

function sentenceOf(error: unknown): string {
  if (error instanceof RecordingError) {
    return error.message;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
