// Runs every check and every test, all of them even when one fails:  npm test
import { existsSync } from "node:fs";
import { runTeed } from "./process.ts";
import { inProject, main, root } from "./project.ts";
import { type Counts, countTests } from "./test-counts.ts";

interface Part {
  readonly name: string;
  readonly args: readonly string[];
  /** Whether the part runs tests, so that a run without one is a failure. */
  readonly counts: boolean;
}

interface Outcome extends Counts {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

/**
 * What is driven in a real window: what is reached by keyboard alone, with real keys; what axe-core says of each page; the extension in the
 * browser's extension host; texts that would be HTML; programs that are killed; an editor in German; the dialogs of the first minutes.
 */
const scenes = [
  ...["keyboard-tables", "keyboard-live", "accessibility", "web"],
  ...["hostile-texts", "killed-programs", "killed-adapters", "restarted-host", "german", "first-dialogs"],
];

await main(async () => {
  const started = Date.now();
  const outcomes: Outcome[] = [];
  for (const part of parts()) outcomes.push(await run(part));
  console.log(`\n== summary (${seconds(started)} s)`);
  for (const { name, ok, passed, failed, seconds } of outcomes) {
    const counts = passed + failed > 0 ? `, ${passed} passed, ${failed} failed` : "";
    console.log(`${ok ? "ok  " : "FAIL"} ${name.padEnd(12)} ${String(seconds).padStart(4)} s${counts}`);
  }
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  console.log(`\n${sum((outcome) => outcome.passed)} passed, ${sum((outcome) => outcome.failed)} failed`);
  return outcomes.every((outcome) => outcome.ok) ? 0 : 1;
});

function parts(): Part[] {
  const tool = (name: string, ...rest: string[]) => [inProject("node_modules", ".bin", name), ...rest];
  const node = (...args: string[]) => [process.execPath, ...args];
  const conformance = "test/conformance/run.ts";
  return [
    { name: "build", args: node("scripts/build.ts"), counts: false },
    { name: "types", args: tool("tsc", "-b"), counts: false },
    { name: "lint", args: tool("biome", "check", "."), counts: false },
    { name: "unit", args: node("scripts/test-unit.ts"), counts: true },
    ...(existsSync(inProject(conformance))
      ? [{ name: "conformance", args: node(conformance, "test/vectors"), counts: true }]
      : []),
    { name: "vscode", args: node("scripts/test-vscode.ts"), counts: true },
    ...(process.platform === "win32" // code-server is not for Windows.
      ? []
      : [
          { name: "windows", args: node("scripts/pictures.ts", ...scenes), counts: false },
          { name: "start", args: node("--test", "test/start/npm-start.test.ts"), counts: true },
        ]),
  ];
}

async function run(part: Part): Promise<Outcome> {
  console.log(`\n== ${part.name}`);
  const started = Date.now();
  const [file, ...args] = part.args as [string, ...string[]];
  const { code, output } = await runTeed(file, args, { cwd: root });
  const counts = part.counts ? countTests(output) : { passed: 0, failed: 0 };
  const nothingRan = part.counts && counts.passed + counts.failed === 0;
  if (nothingRan) console.error(`${part.name}: no test ran`);
  return {
    name: part.name,
    ok: code === 0 && counts.failed === 0 && !nothingRan,
    seconds: seconds(started),
    ...counts,
  };
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
