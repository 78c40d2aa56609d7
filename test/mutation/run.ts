// Mutation tests:  npm run mutation [-- AREA...]  and, of numbers:  npm run mutation -- --numbers ONE_OF AREA...
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { npmCommand, runShown } from "../../scripts/process.ts";
import { inProject, main, root, UserError } from "../../scripts/project.ts";
import { type Area, areas } from "./areas.ts";
import { runNumbers } from "./number-run.ts";
import { COPY, optionsOf } from "./options.ts";
import { type StrykerReport, scoreLine } from "./score.ts";

/** Where Stryker is installed and what it writes: beside no source, so that nothing takes it for one. */
const output = "out/mutation";
const tool = `${output}/stryker`;
const stryker = inProject(tool, "node_modules/@stryker-mutator/core/bin/stryker.js");

await main(async () => {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { numbers: { type: "string" } } });
  const wanted = positionals.length === 0 ? areas : positionals.map(areaOf);
  if (values.numbers !== undefined) return changeNumbers(wanted, Number(values.numbers));
  await install();
  for (const area of wanted) {
    const { code } = await runShown(process.execPath, [stryker, "run", configure(area)], { cwd: root });
    if (code !== 0) return code;
  }
  for (const { name } of wanted) {
    const report = JSON.parse(readFileSync(inProject(outputOf(name), "report.json"), "utf8")) as StrykerReport;
    console.log(`${name.padEnd(14)} ${scoreLine(report)}`);
  }
  return 0;
});

async function changeNumbers(wanted: readonly Area[], oneOf: number): Promise<number> {
  if (!Number.isInteger(oneOf) || oneOf < 1)
    throw new UserError("--numbers takes a whole number: 4 changes every fourth.");
  process.chdir(root);
  for (const area of wanted) {
    const { all, survived } = await runNumbers(area, oneOf);
    for (const { file, line, before, after } of survived) console.log(`survived ${file}:${line} ${before} as ${after}`);
    const score = all === 0 ? "-" : ((100 * (all - survived.length)) / all).toFixed(1);
    console.log(`${area.name.padEnd(14)} ${score} % of ${all} numbers: ${survived.length} survived`);
  }
  return 0;
}

function areaOf(name: string): Area {
  const found = areas.find((area) => area.name === name);
  if (found) return found;
  throw new UserError(`There is no area ${name}; areas are ${areas.map((area) => area.name).join(", ")}.`);
}

/** Stryker is large and needed here only: it has a package and a lockfile of its own, so that nobody else waits for it. */
async function install(): Promise<void> {
  const lock = "package-lock.json";
  const from = (name: string): string => inProject("test/mutation", name);
  const to = (name: string): string => inProject(tool, name);
  const isCurrent = (): boolean => readFileSync(from(lock), "utf8") === readFileSync(to(lock), "utf8");
  if (existsSync(stryker) && existsSync(to(lock)) && isCurrent()) return;
  rmSync(inProject(tool), { recursive: true, force: true });
  mkdirSync(inProject(tool), { recursive: true });
  for (const name of ["package.json", lock, ".npmrc"]) cpSync(from(name), to(name));
  const npm = npmCommand();
  const { code } = await runShown(npm.file, [...npm.args, "ci"], { cwd: inProject(tool) });
  if (code === 0) return;
  rmSync(inProject(tool), { recursive: true, force: true });
  throw new UserError("Stryker could not be installed; npm says above why.");
}

function outputOf(area: string): string {
  return `${output}/${area}`;
}

/** Writes Stryker's options for an area; their path. */
function configure(area: Area): string {
  const folder = outputOf(area.name);
  rmSync(inProject(folder, COPY), { recursive: true, force: true });
  mkdirSync(inProject(folder), { recursive: true });
  const file = `${folder}/stryker.json`;
  writeFileSync(inProject(file), `${JSON.stringify(optionsOf(area, folder), undefined, 2)}\n`);
  return file;
}
