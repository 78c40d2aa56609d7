import {
  FileCoverage,
  type FileCoverageDetail,
  Position,
  Range,
  StatementCoverage,
  TestCoverageCount,
  type TestRun,
  Uri,
} from "vscode";
import type { CoveredFile } from "../../server/tests-protocol.ts";

/** How often lines have run in one run of tests, whose scripts are asked about in several goes. */
export class CoveredFiles {
  private readonly byUri = new Map<string, CoveredFile>();

  add(files: readonly CoveredFile[]): void {
    for (const file of files) {
      const uri = Uri.parse(file.uri).toString();
      const known = this.byUri.get(uri);
      const runs =
        known?.lines.length === file.lines.length ? file.runs.map((count, at) => count + known.runs[at]) : file.runs;
      this.byUri.set(uri, { ...file, uri, runs });
    }
  }

  /** Hands the counts over to the editor. Statements are made when it asks for them. @returns what was told */
  tell(run: TestRun): FileCoverage[] {
    const told: FileCoverage[] = [];
    for (const [uri, file] of this.byUri) {
      const covered = file.runs.filter((count) => count > 0).length;
      const coverage = new FileCoverage(Uri.parse(uri), new TestCoverageCount(covered, file.lines.length));
      details.set(coverage, file);
      run.addCoverage(coverage);
      told.push(coverage);
    }
    return told;
  }
}

const details = new WeakMap<FileCoverage, CoveredFile>();

/** The statements of a file that {@link CoveredFiles.tell} has told of. */
export function statementsOf(coverage: FileCoverage): FileCoverageDetail[] {
  const file = details.get(coverage);
  if (file === undefined) return [];
  const { lines, starts, lengths, runs } = file;
  return lines.map((line, at) => {
    const end = starts[at] + lengths[at];
    return new StatementCoverage(runs[at], new Range(new Position(line, starts[at]), new Position(line, end)));
  });
}
