import { hex } from "../../architecture/hex.ts";
import { encodeState, type SavedState, type SaveResult, saveState } from "../../emulator/index.ts";
import { limits, type MachineDescription, ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget } from "../emulator-target.ts";
import { allRegisterValues, type RegisterValuesByExpression } from "../inspect/all-registers.ts";
import { ScriptRun } from "../script-run.ts";
import { prepareTarget } from "../setup.ts";
import { peekMany } from "../target.ts";
import { busLines } from "./bus-lines.ts";
import { kvmLines } from "./kvm-lines.ts";

/** A script that recreates a machine, and what it does not, a sentence each; or why there is none. */
export type Recreated = { readonly text: string; readonly left: readonly string[] } | { readonly failure: string };

/** Memory that is not zero, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Registers that are named of those that are others. */
const NAMED = 40;

/**
 * Writes a script that brings a fresh machine of the same model to the registers, tables and memory of a machine. The script is run, and what its
 * machine has otherwise is said in comments on top of it. Nothing of the machine has changed afterwards.
 */
export function recreated(target: EmulatorTarget): Recreated {
  const saved = peekSaved(target);
  if ("failure" in saved) return { failure: saved.failure.message };
  const { state } = saved;
  const bytes = state.memory.reduce((sum, run) => sum + run.bytes.length, 0);
  if (bytes > MAX_BYTES)
    return { failure: `${bytes >> 20} MiB of its memory are not zero, and ${MAX_BYTES >> 20} are written at most` };
  const block = machineBlock(state);
  const description = new ScriptDocument(block).machine;
  const fresh = freshTarget(description);
  if ("failure" in fresh) return fresh;
  const savedFresh = peekSaved(fresh);
  if ("failure" in savedFresh) return { failure: savedFresh.failure.message };
  const own = target.vmm === undefined ? busLines(target, state, fresh) : kvmLines(state, savedFresh.state);
  const lines: string[] = [];
  for (const line of own) {
    lines.push(line);
    if (lines.length > limits.lines - 1000)
      return { failure: `it would have more than ${limits.lines} lines: too much of its memory is not zero` };
  }
  const left = [...otherwise(target, state, `${block}\n${lines.join("\n")}\n`)];
  const said =
    left.length === 0
      ? ["# All registers that can be read, all tables and all memory come out the same."]
      : ["# What its machine has otherwise:", ...left.map((sentence) => `# - ${sentence}`)];
  const head = [`# A machine recreated, as it was at one moment: ${target.title}`, ...said];
  return { text: `${[...head, block, ...lines].join("\n")}\n`, left };
}

function peekSaved({ machine }: EmulatorTarget): SaveResult {
  // Saving a machine of KVM writes its tables to its memory; that is taken back.
  return machine.journal.peek(() => saveState(machine));
}

function freshTarget(description: MachineDescription): EmulatorTarget | { readonly failure: string } {
  const prepared = prepareTarget(description);
  if ("failure" in prepared) return prepared;
  return prepared.target instanceof EmulatorTarget ? prepared.target : { failure: "no machine of the emulator" };
}

/** The machine block of a machine's shape. */
function machineBlock({ model, shape }: SavedState): string {
  const { cpus, gicVersion, host, secure, nmi, ram, its } = shape;
  const { spis, intidBits, priorityBits, listRegisters, affinities, singleVmovp } = shape;
  const given = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} = ${value}`];
  const properties = [
    `model = ${model}`,
    `cpus = ${cpus}`,
    ...(gicVersion === 3 ? [] : [`gic = ${gicVersion}`]),
    ...(host === undefined ? [] : [`host = ${host}`]),
    ...(secure ? ["security = 2"] : []),
    ...(nmi === true ? ["nmi = on"] : []),
    ...ram.map(({ base, bytes }) => `ram = ${hex(base)}, ${hex(bytes)}`),
    ...its.map((base) => `its = ${hex(base)}`),
    ...given("spis", spis),
    ...given("intid_bits", intidBits),
    ...given("priority_bits", priorityBits),
    ...given("list_registers", listRegisters),
    ...(affinities === undefined ? [] : affinityLines(affinities)),
    ...(singleVmovp === false && gicVersion >= 4 ? ["vmovp = 0"] : []),
    "setup = reset",
  ];
  return `machine {\n${properties.map((one) => `  ${one}\n`).join("")}}`;
}

/** `mpidr` of all PEs, some a line. */
function affinityLines(affinities: readonly number[]): string[] {
  const values = affinities.map((one) => hex(((BigInt(one) >> 24n) << 32n) | BigInt(one & 0xff_ffff)));
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += 8) lines.push(`mpidr = ${values.slice(at, at + 8).join(", ")}`);
  return lines;
}

/** What the machine of a script has otherwise than the one that it was written of. */
function otherwise(target: EmulatorTarget, state: SavedState, text: string): string[] {
  const document = new ScriptDocument(text);
  const [wrong] = document.diagnostics().list.filter(({ severity }) => severity === "error");
  if (wrong !== undefined) return [`Line ${wrong.line + 1} cannot be read: ${wrong.message}`];
  const made = freshTarget(document.machine);
  if ("failure" in made) return [made.failure];
  const run = new ScriptRun(document, made);
  const refused: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    const [problem] = done.result.problems.filter(({ severity }) => severity === "error");
    if (problem !== undefined && refused.length < NAMED)
      refused.push(`${document.lines[done.line].text}: ${problem.message} [${problem.code}]`);
  }
  const registers = differing(
    peekMany(target, () => allRegisterValues(target)),
    peekMany(made, () => allRegisterValues(made)),
  );
  const again = peekSaved(made);
  const rest = "failure" in again ? [again.failure.message] : stateDifferences(state, again.state);
  return [...refused, ...registers, ...rest];
}

function differing(own: RegisterValuesByExpression, made: RegisterValuesByExpression): string[] {
  const all = [...own].filter(([name, value]) => made.get(name) !== value);
  const isHosts = ([name]: readonly [string, bigint]): boolean => /^(ICH|GICH)_/.test(name);
  const found = all.filter((one) => !isHosts(one));
  const hosts = all.filter(isHosts).map(([name]) => name);
  const named = found.slice(0, NAMED).map(([name, value]) => {
    const other = made.get(name);
    return `${name} is ${other === undefined ? "not there" : hex(other)}, not ${hex(value)}.`;
  });
  return [
    ...named,
    ...(found.length > NAMED ? [`${found.length - NAMED} more registers are others.`] : []),
    ...(hosts.length === 0
      ? []
      : [
          `${hosts.slice(0, NAMED).join(", ")}${hosts.length > NAMED ? " and others" : ""}: KVM's own, which it fills when a vCPU enters its guest.`,
        ]),
  ];
}

/** Parts of two states that differ, beside what is a register that can be read. */
function stateDifferences(own: SavedState, made: SavedState): string[] {
  const [a, b] = [own, made].map(
    (state) => JSON.parse(encodeState({ ...state, memory: [] }).json) as Record<string, unknown>,
  );
  const names: Readonly<Record<string, string>> = {
    mapped: "what commands have mapped, as the strict model remembers it",
    vpes: "what the strict model holds of vPEs: doorbells that are asked for",
    vmovps: "VMOVPs that not every ITS has taken yet",
    its: "the saved registers of the ITS",
    distributor: "the saved registers of the distributor",
    redistributors: "the saved registers of redistributors",
    cpuInterfaces: "the saved registers of CPU interfaces",
  };
  const parts = Object.entries(names)
    .filter(([key]) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
    .map(([, what]) => what);
  const all = sameMemory(own, made) ? parts : [...parts, "memory (tables, configuration and pending bits of LPIs)"];
  return all.map((what) => `Others are ${what}.`);
}

function sameMemory({ memory: own }: SavedState, { memory: made }: SavedState): boolean {
  return (
    own.length === made.length &&
    own.every(({ address, bytes }, at) => {
      const other = made[at];
      return (
        other.address === address &&
        other.bytes.length === bytes.length &&
        bytes.every((byte, place) => byte === other.bytes[place])
      );
    })
  );
}
