import { limits, type MachineDescription, machineModels, ScriptDocument } from "../language/index.ts";
import { type Prepared, prepareTarget, ScriptRun } from "../runner/index.ts";
import { errors } from "./errors.ts";
import type { LaunchAttributes } from "./protocol.ts";
import type { ScriptSource } from "./script-source.ts";

/** A script that is ready to run. */
export interface Launched {
  readonly program: string;
  /** File name of the program, for people. */
  readonly name: string;
  readonly document: ScriptDocument;
  readonly run: ScriptRun;
  readonly stopOnEntry: boolean;
  /** What it was launched with. */
  readonly attributes: LaunchAttributes;
}

/**
 * Reads the script of a launch configuration, checks it and builds its machine.
 * @throws AdapterError when any of this cannot be done
 */
export async function launch(attributes: LaunchAttributes, source: ScriptSource): Promise<Launched> {
  const { program, stopOnEntry = false } = attributes;
  if (program === undefined || program === "") throw errors.noProgram();
  if (typeof program !== "string") throw errors.badProgram();
  if (typeof stopOnEntry !== "boolean") throw errors.badFlag("stopOnEntry");
  const document = new ScriptDocument(await source.read(program));
  const name = source.name(program);
  checkDocument(document, program, name);
  const prepare = (machine: MachineDescription): Prepared => prepareTarget(overridden(machine, attributes));
  const prepared = prepare(document.machine);
  if ("failure" in prepared) throw errors.noMachine(prepared.failure);
  return { program, name, document, run: new ScriptRun(document, prepared.target, prepare), stopOnEntry, attributes };
}

function checkDocument(document: ScriptDocument, program: string, name: string): void {
  if (document.refusal !== undefined) throw errors.refused(program, document.refusal.message);
  const problems = document.diagnostics().list.filter(({ severity }) => severity === "error");
  if (problems.length > 0) {
    const { line, start, message, code } = problems[0];
    throw errors.syntax(`${name}:${line + 1}:${start + 1}`, `${message} [${code}]`, problems.length - 1);
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

function modelOf(given: string): MachineDescription["model"] {
  const found = machineModels.find(
    ({ name, aliases }) => name === given || (aliases as readonly string[]).includes(given),
  );
  if (found !== undefined) return found.name;
  throw errors.badModel(
    String(given),
    machineModels.map(({ name }) => name),
  );
}

function cpusOf(given: number): number {
  if (Number.isInteger(given) && given >= 1 && BigInt(given) <= limits.cpus) return given;
  throw errors.badCpus(String(given), limits.cpus);
}
