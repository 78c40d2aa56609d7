// Live differential fuzzing against QEMU:  npm run fuzz:qemu -- --seed N --commands N [--v4] [--secure] [--batch N]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { QEMU_PROGRAM, qemuVersion } from "../../scripts/qemu/program.ts";
import { QemuError } from "../../scripts/qemu/qtest.ts";
import { type QemuVersion, qemuModelFor } from "../conformance/qemu-version.ts";
import { type Finding, Fuzzer, type Totals } from "./fuzzer.ts";
import { ModelSide } from "./model-side.ts";
import { type FuzzOptions, parseOptions, USAGE } from "./options.ts";
import { QemuSide } from "./qemu-side.ts";
import { differenceText } from "./run-case.ts";
import { caseOfVector, VectorError } from "./vector.ts";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A line that the next one overwrites, on a terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** The emulator's version, told to the user with the model that it is compared with. @throws QemuError when it cannot be started */
function versionOf({ program = QEMU_PROGRAM }: FuzzOptions): QemuVersion {
  const said = qemuVersion(program);
  if (said === undefined) {
    throw new QemuError(`${program} is not installed. On Debian and Ubuntu: apt-get install qemu-system-arm`);
  }
  const version = qemuModelFor(said);
  if (version === undefined)
    throw new QemuError(`${program} --version says "${said}", which names no version of QEMU.`);
  const { name, model, fits } = version;
  say(`${name}, compared with the model ${model}${fits ? "" : `: there is no model of ${name}`}`);
  return version;
}

function fuzzer(options: FuzzOptions): Fuzzer {
  const { name, model } = versionOf(options);
  return new Fuzzer(
    (shape) => QemuSide.start(shape, options.program, name),
    progress,
    (shape) => new ModelSide(shape, {}, model),
  );
}

async function fuzz(options: FuzzOptions): Promise<number> {
  const started = Date.now();
  const isOver = () => Date.now() - started > options.seconds * 1000;
  const totals = await fuzzer(options).run(options, options.commands, options.firstCase, isOver);
  progress("");
  say(`${summary(options, totals)} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (totals.finding === undefined) {
    say("no divergence");
    return 0;
  }
  tell(totals.finding, options);
  return 1;
}

function summary(options: FuzzOptions, totals: Totals): string {
  const kind = `GICv${options.gicVersion}${options.secure ? " with two security states" : ""}`;
  const left =
    totals.foreign === 0 ? "" : `, ${totals.foreign} cases left where they reached a device outside the model`;
  return `seed ${options.seed}, ${kind}: ${totals.cases} cases, ${totals.batches} batches, ${totals.queued} commands queued, ${totals.executed} executed${left}`;
}

/** Shows a finding and writes it into two files. */
function tell(finding: Finding, { output }: FuzzOptions): void {
  mkdirSync(output, { recursive: true });
  const file = (ending: string): string => path.join(output, `${finding.fuzzCase.name}${ending}`);
  writeFileSync(file(".itscmd"), finding.script);
  writeFileSync(file(".json"), `${JSON.stringify(finding.vector, null, 1)}\n`);
  say(`\n${finding.script}`);
  say("ours is the model, theirs is QEMU:");
  for (const difference of finding.divergence.differences) say(`  ${differenceText(difference)}`);
  say(`\nscript:    ${file(".itscmd")}`);
  say(`recording: ${file(".json")}`);
  say(`again:     npm run fuzz:qemu -- --replay ${file(".json")}`);
  say(`replay:    npm run conformance -- ${file(".json")}`);
}

async function replay(file: string, options: FuzzOptions): Promise<number> {
  const { divergence, foreign } = await fuzzer(options).runOnce(caseOfVector(readRecording(file)));
  if (foreign !== undefined) say(`${file}: left, since ${foreign}`);
  if (divergence === undefined) {
    say(`${file}: no divergence`);
    return 0;
  }
  say(`${file}: ours is the model, theirs is QEMU`);
  for (const difference of divergence.differences) say(`  ${differenceText(difference)}`);
  return 1;
}

function readRecording(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new VectorError(error instanceof Error ? error.message : String(error));
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${USAGE}\n`);
    return 2;
  }
  try {
    return options.replay === undefined ? await fuzz(options) : await replay(options.replay, options);
  } catch (error) {
    if (!(error instanceof QemuError) && !(error instanceof VectorError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

// Machines end with this process.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await main(process.argv.slice(2));
