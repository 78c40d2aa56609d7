import type { CoveredFile } from "../tests-protocol.ts";

/** How often lines have run in several runs together. */
export class MergedCoverage {
  private readonly byUri = new Map<string, CoveredFile>();

  /** A file that has other lines than before has changed meanwhile: what it is now counts. */
  add(file: CoveredFile): void {
    const known = this.byUri.get(file.uri);
    const isSame =
      known?.lines.length === file.lines.length && known.lines.every((line, at) => line === file.lines[at]);
    this.byUri.set(file.uri, isSame ? { ...file, runs: file.runs.map((count, at) => count + known.runs[at]) } : file);
  }

  files(): CoveredFile[] {
    return [...this.byUri.values()];
  }
}
