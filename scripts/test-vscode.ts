// Runs the suites of test/vscode in a real VS Code, on the packaged extension:  npm run test:vscode [-- GREP]
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { vscodeTestBundle } from "./bundle.ts";
import { beforeEnding } from "./ending.ts";
import { removeLeftovers } from "./leftovers.ts";
import { attempts } from "./network-guard.ts";
import { runShown } from "./process.ts";
import { inProject, main, manifest } from "./project.ts";
import { chooseForTests, installVsix } from "./vscode/choose.ts";
import { freshProfile, type Profile, removeProfile } from "./vscode/profile.ts";
import type { SuiteResults } from "./vscode/suite-results.ts";
import { packVsix } from "./vsix.ts";

/** What is built for this run alone: others may run at the same time. In the project, because the suites load mocha from there. */
const built = inProject("out", `test-vscode-${process.pid}`);

/** What refuses the extension host and its processes the network. */
const guard = path.join(built, "network-guard.cjs");

await main(async () => {
  const vscode = await chooseForTests();
  console.log(`VS Code: ${vscode.kind === "desktop" ? vscode.executable : "code-server with Chromium"}`);
  removeLeftovers(inProject("out"), /^test-vscode-(\d+)$/);
  const forget = beforeEnding(removeBuilt);
  const profile = freshProfile();
  try {
    await build(vscodeTestBundle(built));
    await build({
      entryPoints: [inProject("scripts", "network-guard.ts")],
      ...{ outfile: guard, bundle: true, platform: "node", format: "cjs", logLevel: "warning" },
    });
    const vsix = await packVsix(path.join(built, "packaged.vsix"));
    await installVsix(vscode, profile, vsix.file);
    const code = await runSuites(vscode.executable, profile);
    return report(profile, code);
  } finally {
    removeProfile(profile);
    forget();
    removeBuilt();
  }
});

function removeBuilt(): void {
  rmSync(built, { recursive: true, force: true });
}

/** Resolves to VS Code's exit code. Desktop VS Code documents these options for tests of extensions. */
async function runSuites(executable: string, profile: Profile): Promise<number> {
  const args = [
    workspace(profile),
    `--user-data-dir=${profile.userData}`,
    `--extensions-dir=${profile.extensions}`,
    `--extensionDevelopmentPath=${driverExtension()}`,
    `--extensionTestsPath=${path.join(built, "index.cjs")}`,
    ...["--no-sandbox", "--disable-gpu-sandbox", "--disable-updates", "--disable-workspace-trust"],
    ...["--skip-welcome", "--skip-release-notes", "--no-cached-data"],
  ];
  const env = {
    ...process.env,
    GICWB_SUITE_EXTENSIONS: profile.extensions,
    GICWB_SUITE_GREP: process.argv[2],
    GICWB_SUITE_REPORT: reportFile(profile),
    GICWB_SUITE_RESULTS: resultsFile(profile),
    GICWB_SUITE_GUARD: guard,
    GICWB_NETWORK_LOG: networkLog(profile),
  };
  return (await runShown(executable, args, { env })).code;
}

/** Prints mocha's report and the closing line. No results file means that nothing ran, whatever the exit code says. */
function report(profile: Profile, code: number): number {
  if (existsSync(reportFile(profile))) process.stdout.write(readFileSync(reportFile(profile)));
  const none: SuiteResults = { passed: 0, failed: 0, skipped: 0 };
  let results: SuiteResults = existsSync(resultsFile(profile))
    ? JSON.parse(readFileSync(resultsFile(profile), "utf8"))
    : none;
  if (results === none) console.error(`The tests in VS Code did not come to their end (exit code ${code}).`);
  else if (results.passed + results.failed === 0) console.error("No test ran in VS Code.");
  // The editor has extensions of its own, which may ask: ours and its processes have the profile's folder in their stack or name.
  const asked = attempts(networkLog(profile)).filter((attempt) => JSON.stringify(attempt).includes(profile.extensions));
  for (const { what, stack } of asked) console.error(`The extension has asked for the network: ${what}\n${stack}`);
  if (asked.length > 0) results = { ...results, failed: results.failed + 1 };
  console.log(`${results.passed} passed, ${results.failed} failed`);
  return code !== 0 || results.failed > 0 || results.passed === 0 ? code || 1 : 0;
}

function networkLog(profile: Profile): string {
  return path.join(profile.folder, "network.log");
}

function reportFile(profile: Profile): string {
  return path.join(profile.folder, "report.txt");
}

function resultsFile(profile: Profile): string {
  return path.join(profile.folder, "results.json");
}

/**
 * VS Code runs tests only for an extension under development. Ours is installed from its package, as users have it,
 * so the one under development is an empty one.
 */
function driverExtension(): string {
  const folder = path.join(built, "driver");
  mkdirSync(folder, { recursive: true });
  const driver = { name: "suite-driver", publisher: manifest.publisher, version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(driver));
  return folder;
}

/** A copy that the suites may change. */
function workspace(profile: Profile): string {
  const folder = path.join(profile.folder, "workspace");
  cpSync(inProject("test", "vscode", "workspace"), folder, { recursive: true });
  const examples = inProject("examples");
  if (existsSync(examples)) cpSync(examples, path.join(folder, "examples"), { recursive: true });
  return folder;
}
