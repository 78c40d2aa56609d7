import { appendFileSync, globSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import type { SuiteResults } from "../../scripts/vscode/suite-results.ts";

/** Entry point that VS Code calls in the extension host. Rejects when a test failed. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  // From here on neither this host nor what it starts reaches the network (scripts/network-guard.ts); the launcher tells who has asked.
  const guard = process.env.GICWB_SUITE_GUARD;
  if (guard) {
    process.env.NODE_OPTIONS = `--require=${JSON.stringify(guard)}`;
    await import(guard);
  }
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({
    ui: "bdd",
    color: false,
    timeout: 120_000,
    grep: process.env.GICWB_SUITE_GREP || undefined,
  });
  Mocha.reporters.Base.useColors = false;
  for (const file of globSync("suite/*.test.cjs", { cwd: __dirname }).sort()) mocha.addFile(path.join(__dirname, file));
  // The host's console is mixed with the workbench's own; the report goes to a file that nobody else writes.
  const report = process.env.GICWB_SUITE_REPORT;
  if (report) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(report, `${format(...args)}\n`);
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      const { passes: passed = 0, pending: skipped = 0 } = runner.stats ?? {};
      const results: SuiteResults = { passed, failed: failures, skipped };
      if (process.env.GICWB_SUITE_RESULTS) writeFileSync(process.env.GICWB_SUITE_RESULTS, JSON.stringify(results));
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
  });
}
