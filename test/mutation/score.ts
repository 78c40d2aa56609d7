/** What is read of Stryker's report (mutation-testing-report-schema). */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly ReportedMutant[] }>>;
}

export interface ReportedMutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status:
    | "Killed"
    | "Survived"
    | "NoCoverage"
    | "Timeout"
    | "Ignored"
    | "RuntimeError"
    | "CompileError"
    | "Pending";
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

/** An area's score and counts in a line: `81.2 % of 620: 490 killed, 13 timed out, 100 survived, 17 reached by no test; 40 ignored`. */
export function scoreLine({ files }: StrykerReport): string {
  const counts = new Map<string, number>();
  for (const { status } of Object.values(files).flatMap(({ mutants }) => mutants))
    counts.set(status, (counts.get(status) ?? 0) + 1);
  const of = (status: ReportedMutant["status"]): number => counts.get(status) ?? 0;
  const found = of("Killed") + of("Timeout");
  const all = found + of("Survived") + of("NoCoverage");
  const score = all === 0 ? "-" : ((100 * found) / all).toFixed(1);
  return `${score} % of ${all}: ${of("Killed")} killed, ${of("Timeout")} timed out, ${of("Survived")} survived, ${of("NoCoverage")} reached by no test; ${of("Ignored")} ignored, ${of("RuntimeError")} failed to run`;
}
