/**
 * What the suites inside VS Code write into a file for the launcher. Exit codes alone do not prove that anything ran,
 * so a run is green only when this file says so.
 */
export interface SuiteResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
