import { models, resolveModel } from "../../architecture/index.ts";
import {
  type Constants,
  constantOf,
  countLines,
  isInMachineBlock,
  limits,
  type MachineDescription,
  ScriptDocument,
  type ScriptPlace,
} from "../../language/index.ts";
import { scriptOfLog } from "../../runner/import/index.ts";
import {
  EmulatorTarget,
  type Prepare,
  type Prepared,
  preparing,
  RunRules,
  ScriptRun,
  scriptBounds,
  type Target,
  testsOf,
} from "../../runner/index.ts";
import { errors } from "../errors.ts";
import type { LaunchAttributes } from "../protocol.ts";
import { givenText } from "../shapes.ts";
import type { ScriptSource } from "../sources/script-source.ts";
import { type SavedMachine, savedMachine } from "./saved-machine.ts";

/** A script that is ready to run, or a saved machine that is ready to be looked at. */
export interface Launched {
  /** Absent: there is no script, and `saved` is there. */
  readonly program: string | undefined;
  /** File name of the program, or of the saved machine, for people. */
  readonly name: string;
  /** The script was made of a log: there is no file of it. */
  readonly imported: boolean;
  /** Without a statement when there is no script. */
  readonly document: ScriptDocument;
  /** The file that the first machine comes from. */
  readonly saved: SavedMachine | undefined;
  readonly run: ScriptRun;
  /** The same script on the model of `compareWith`. */
  readonly twin: ScriptRun | undefined;
  readonly stopOnEntry: boolean;
  readonly stopAtEnd: boolean;
  /** What it was launched with. */
  readonly attributes: LaunchAttributes;
}

/**
 * Called while a long script is read, every few milliseconds: everybody else has a turn.
 * @param lines of the script that are read @param total how many it has @throws AdapterError when it is not to be read on
 */
export type BetweenSlices = (lines: number, total: number) => Promise<void>;

/**
 * Reads the script and the saved machine of a launch configuration, checks them and builds the machine.
 * @throws AdapterError when any of this cannot be done
 */
export async function launch(
  attributes: LaunchAttributes,
  source: ScriptSource,
  between: BetweenSlices,
): Promise<Launched> {
  const { trace, state, stopOnEntry = false, stopAtEnd = false, noDebug = false } = attributes;
  if (trace !== undefined && typeof trace !== "string") throw errors.badTrace();
  if (trace !== undefined && attributes.program !== undefined) throw errors.programAndTrace();
  const { program = trace ?? "" } = attributes;
  if (typeof program !== "string") throw errors.badProgram();
  if (program === "" && state === undefined) throw errors.noProgram();
  if (typeof stopOnEntry !== "boolean") throw errors.badFlag("stopOnEntry");
  if (typeof stopAtEnd !== "boolean") throw errors.badFlag("stopAtEnd");
  if (typeof noDebug !== "boolean") throw errors.badFlag("noDebug");
  if (attributes.filesRoot !== undefined && typeof attributes.filesRoot !== "string") throw errors.badFilesRoot();
  const read = program === "" ? "" : await source.read(program);
  const text = trace === undefined ? read : scriptOfLog(read, source.name(trace));
  if (text === undefined) throw errors.noTrace(program);
  const constants = constantsOf(attributes.args);
  const bounds = scriptBounds();
  const made = preparing(bounds, (machine) => overridden(machine, attributes));
  const saved = await savedMachine(attributes, source);
  // A saved machine is that of its model alone, and nothing runs beside it.
  const prepare: Prepare = saved === undefined ? made : (machine) => made(machine);
  // Before the script is read: memory that is asked for beside the objects of 200,000 lines has the engine look through all of them.
  const place = program === "" ? undefined : source.place?.(program, attributes.filesRoot);
  const begins = saved === undefined ? firstMachine(text, constants, place) : undefined;
  const early = begins && prepare(begins);
  let document = await readInSlices(text, constants, place, between);
  // Files of an editor are there when they have been asked for once; one that is included may name others.
  while (await source.fetch?.(document)) document = await readInSlices(text, constants, place, between);
  if (program !== "") checkDocument(document, program, source.name(program));
  const onlyTest = testOf(document, attributes.test, source.name(program));
  // A block may stand further down, behind comments, or in a file that a line there includes.
  const isEarly = begins !== undefined && isSameMachine(begins, document.machine);
  const target =
    saved === undefined
      ? described((isEarly ? early : undefined) ?? prepare(document.machine))
      : new EmulatorTarget(saved.machine);
  const run = new ScriptRun(document, target, prepare, undefined, new RunRules(document));
  const twin = noDebug ? undefined : twinOf(document, attributes);
  for (const one of [run, twin]) if (one !== undefined) one.onlyTest = onlyTest;
  return {
    program: program === "" ? undefined : program,
    imported: trace !== undefined,
    name: source.name(program === "" && saved !== undefined ? saved.path : program),
    document,
    saved,
    run,
    twin,
    stopOnEntry,
    stopAtEnd,
    attributes,
  };
}

async function readInSlices(
  text: string,
  constants: Constants,
  place: ScriptPlace | undefined,
  between: BetweenSlices,
): Promise<ScriptDocument> {
  const total = countLines(text);
  const reading = ScriptDocument.reading(text, constants, place);
  for (let slice = reading.next(); ; slice = reading.next()) {
    if (slice.done) return slice.value;
    await between(slice.value, total);
  }
}

/** Values of names of the script, as a launch configuration has them in "args": numbers, or expressions in texts. @throws AdapterError */
function constantsOf(args: unknown): Constants {
  if (args === undefined) return new Map();
  if (typeof args !== "object" || args === null || Array.isArray(args)) throw errors.badArgs(givenText(args));
  return new Map(
    Object.entries(args).map(([name, given]): [string, bigint] => {
      if (Number.isSafeInteger(given)) return [name, BigInt(given as number)];
      if (typeof given !== "string") throw errors.badConstant(name, givenText(given));
      const value = constantOf(given);
      if (typeof value !== "bigint") throw errors.badConstant(name, `${givenText(given)}: ${value.message}`);
      return [name, value];
    }),
  );
}

function isSameMachine(one: MachineDescription, other: MachineDescription): boolean {
  const text = (machine: MachineDescription): string =>
    JSON.stringify(machine, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return text(one) === text(other);
}

/** Characters of a script in which its first machine block is looked for. */
const HEAD = 0x1_0000;

/** The machine that a script begins on, by its first lines; undefined when those are not all of its block. */
function firstMachine(
  text: string,
  constants: Constants,
  place: ScriptPlace | undefined,
): MachineDescription | undefined {
  const end = text.length <= HEAD ? text.length : text.lastIndexOf("\n", HEAD) + 1;
  const { lines, machine } = new ScriptDocument(text.slice(0, end), constants, place);
  const last = lines.at(-1);
  return last === undefined || isInMachineBlock(last.stateAfter) ? undefined : machine;
}

/** The script on the other model of a comparison. @throws AdapterError when it cannot be there */
function twinOf(document: ScriptDocument, attributes: LaunchAttributes): ScriptRun | undefined {
  const { compareWith: model } = attributes;
  if (model === undefined) return undefined;
  if (attributes.state !== undefined) throw errors.stateHasMachine("compareWith");
  const bounds = scriptBounds();
  const prepare = preparing(bounds, (machine) => overridden(machine, { ...attributes, model }));
  return new ScriptRun(document, described(prepare(document.machine)), prepare);
}

function described(prepared: Prepared): Target {
  if ("failure" in prepared) throw errors.noMachine(prepared.failure);
  return prepared.target;
}

/** The title of the test that a session is about; undefined: of all. @throws AdapterError where the script has none with it */
function testOf(document: ScriptDocument, given: unknown, script: string): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "string") throw errors.badTest(givenText(given));
  const titles = testsOf(document).flatMap(({ title }) => (title === undefined ? [] : [title]));
  if (titles.includes(given)) return given;
  const known = titles.slice(0, SHOWN_NAMES).map((title) => JSON.stringify(title));
  throw errors.strangeTest(script, given, known.join(", "));
}

/** Names of a script that a message lists. */
const SHOWN_NAMES = 20;

function checkDocument(document: ScriptDocument, program: string, name: string): void {
  if (document.refusal !== undefined) throw errors.refused(program, document.refusal.message);
  const problems = document.diagnostics().list.filter(({ severity }) => severity === "error");
  if (problems.length > 0) {
    const { line, start, message, code } = problems[0];
    throw errors.syntax(`${name}:${line + 1}:${start + 1}`, `${message} [${code}]`, problems.length - 1);
  }
  const [strange] = document.strangeConstants();
  if (strange !== undefined) {
    const known = document.namesAt(document.lines.length).slice(0, SHOWN_NAMES);
    throw errors.strangeConstant(name, strange, known.map((one) => one.name).join(", "));
  }
  if (!document.lines.some(({ statement }) => statement !== undefined)) throw errors.noStatement(program);
}

/** A machine of the script with what the launch configuration says instead. */
function overridden(machine: MachineDescription, { model, cpus }: LaunchAttributes): MachineDescription {
  return {
    ...machine,
    ...(model === undefined ? {} : { model: modelOf(model) }),
    ...(cpus === undefined ? {} : { cpus: cpusOf(cpus) }),
  };
}

function modelOf(given: unknown): MachineDescription["model"] {
  const found = typeof given === "string" ? resolveModel(given) : undefined;
  if (found !== undefined) return found;
  throw errors.badModel(
    typeof given === "string" ? given : givenText(given),
    models.map(({ name }) => name),
  );
}

function cpusOf(given: unknown): number {
  if (typeof given === "number" && Number.isInteger(given) && given >= 1 && BigInt(given) <= limits.cpus) return given;
  throw errors.badCpus(givenText(given), limits.cpus);
}
