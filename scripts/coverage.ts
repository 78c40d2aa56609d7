// Which lines the unit tests run, by folder:  npm run coverage [-- FILE...]
// Writes coverage/report.md, and coverage/lcov.info for editors. What only the suites in VS Code run, most of client/, does not count here.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { byFolder, neverLoaded, percent, readLcov, reportLines } from "./coverage-report.ts";
import { runShown } from "./process.ts";
import { inProject, main, root, UserError } from "./project.ts";

/** The product. */
const folders = [
  "architecture",
  "emulator",
  "language",
  "dumps",
  "runner",
  "debug-adapter",
  "server",
  "client",
  "cli",
  "library",
];
const pattern = `{${folders.join(",")}}/**/*.ts`;

await main(async () => {
  const named = process.argv.slice(2);
  const tests =
    named.length > 0
      ? named
      : globSync("test/**/*.test.ts", { cwd: root, exclude: ["test/vscode/**", "test/start/**"] });
  if (tests.length === 0) throw new UserError("There is no such test.");
  mkdirSync(inProject("coverage"), { recursive: true });
  const lcov = inProject("coverage", "lcov.info");
  const args = [
    "--test",
    `--test-concurrency=${availableParallelism()}`,
    "--experimental-test-coverage",
    `--test-coverage-include=${pattern}`,
    "--test-reporter=dot",
    "--test-reporter-destination=stdout",
    "--test-reporter=lcov",
    `--test-reporter-destination=${lcov}`,
    ...tests.sort(),
  ];
  const { code } = await runShown(process.execPath, args, { cwd: root });
  const all = globSync(pattern, { cwd: root, exclude: ["**/*.d.ts"] }).map((file) => file.split(path.sep).join("/"));
  const known = new Set(all);
  const loaded = readLcov(readFileSync(lcov, "utf8"), (file) => known.has(file));
  const seen = new Set(loaded.map(({ file }) => file));
  const rest = all
    .filter((file) => !seen.has(file))
    .map((file) => neverLoaded(file, readFileSync(inProject(file), "utf8")));
  const files = [...loaded, ...rest];
  writeFileSync(inProject("coverage", "report.md"), `${reportLines(files).join("\n")}\n`);
  console.log();
  for (const folder of byFolder(files).filter(({ folder: name }) => !name.includes("/")))
    console.log(`${folder.folder.padEnd(14)} ${percent(folder).padStart(8)} of ${folder.lines} lines`);
  console.log("coverage/report.md has all folders, and the lines that never ran.");
  return code;
});
