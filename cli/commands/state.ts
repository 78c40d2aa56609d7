import path from "node:path";
import { modelWords, resolveModel } from "../../architecture/index.ts";
import {
  encodeState,
  MAX_INLINE_BYTES,
  type RegisterValues,
  type SavedState,
  saveState,
} from "../../emulator/index.ts";
import {
  importVgic,
  parseVgicItsState,
  parseVgicState,
  stateDump,
  stateDumpText,
  stateLines,
  type TextProblem,
} from "../../runner/saved-machines/index.ts";
import { bigintsAsText, hexWord } from "../answers/hex-word.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { type ExitCode, errors } from "../errors.ts";
import { readInput } from "../files.ts";
import { guestState, readMachine, readState } from "../machine-input.ts";
import { writeWhole } from "../write-whole.ts";

const actions = ["save", "show", "dump", "import"];
const kvmModels = modelWords("kvm");
const importModels = [...kvmModels, ...modelWords("qemu")];
/** Problems of a text that are printed one by one. */
const SHOWN_PROBLEMS = 20;

/** `gicwb state`: machines as files. */
export const state = defineCommand({
  name: "state",
  summary:
    "save a machine as a file, show or dump such a file, or make one of a guest that KVM or another program tells of",
  args: ["ACTION", "FILE"],
  repeated: true,
  options: {
    output: { type: "text", value: "FILE", short: "o", summary: "save, dump, import: the file to write" },
    json: { type: "flag", summary: "show: print one JSON object, of the memory its ranges" },
    raw: { type: "flag", summary: "save, import: memory goes raw into a file beside it, FILE.bin" },
    model: {
      type: "choice",
      value: "MODEL",
      choices: importModels,
      summary: "import: model of the machine (default: kvm for vgic-state, the nearest for a guest)",
    },
  },
  details: [
    "gicwb state save FILE -o STATE: runs a script and saves the machine as it is then. A state file is saved anew.",
    "gicwb state show STATE: prints shape, registers and tables of a saved machine.",
    "gicwb state dump STATE [-o FILE]: prints its tables as a dump, also those of a machine that cannot be restored.",
    "gicwb state import vgic-state FILE [ITS-STATE] [-o STATE]: makes a machine of /sys/kernel/debug/kvm/*/vgic-state and, from",
    "Linux 6.16 on, vgic-its-state@*, tells what these cannot tell, and saves it.",
    "gicwb state import guest FILE [-o STATE]: makes a machine of a guest that another program saved (docs/saved-guests.md). show, dump,",
    "gicwb run --state and gicwb migrate take such a file as it is.",
    "A state file is JSON: registers by name, RAM as pages that are not zero. gicwb migrate takes one of a KVM model, too.",
  ],
  async run([action, file, ...more], { output, raw, model, json }, context) {
    if (json && action !== "show")
      throw errors.usage("--json is for gicwb state show; a state file is JSON as it is.", "state");
    if (action === "import") return importText([file, ...more], { output, raw, model }, context);
    if (model !== undefined) throw errors.usage("--model is for gicwb state import.", "state");
    if (more.length > 0) throw errors.usage(`gicwb state ${action} takes one FILE; "${more[0]}" is too many.`, "state");
    if (action === "save") {
      if (output === undefined) throw errors.usage("gicwb state save needs --output FILE.", "state");
      return save(file, output, raw, context);
    }
    if (action === "dump") {
      if (raw) throw errors.usage("--raw is for save and import.", "state");
      return dump(file, output, context);
    }
    if (output !== undefined || raw)
      throw errors.usage("--output and --raw are for save and import; dump takes --output.", "state");
    if (action === "show") return show(file, json, context);
    throw errors.usage(`gicwb state cannot "${action}"; it can ${actions.join(", ")}.`, "state");
  },
});

async function importText(
  [kind, file, itsFile, ...more]: readonly string[],
  options: { output: string | undefined; raw: boolean; model: string | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  if (kind !== "vgic-state" && kind !== "guest")
    throw errors.usage(`gicwb state import knows vgic-state and guest, not "${kind}".`, "state");
  if (file === undefined) throw errors.usage(`gicwb state import ${kind} needs FILE.`, "state");
  if (kind === "guest") {
    if (itsFile !== undefined) throw errors.usage("gicwb state import guest takes one FILE.", "state");
    return importGuest(file, options, context);
  }
  if (options.model !== undefined && !kvmModels.includes(options.model))
    throw errors.usage("gicwb state import vgic-state makes machines of KVM's models.", "state");
  if (more.length > 0) throw errors.usage(`"${more[0]}" is too many for gicwb state import.`, "state");
  const read = async (name: string): Promise<string> => new TextDecoder().decode(await readInput(name, context.stdin));
  const state = parseVgicState(await read(file));
  const its = itsFile === undefined ? undefined : parseVgicItsState(await read(itsFile));
  printProblems(file, state.problems, context);
  if (itsFile !== undefined && its !== undefined) printProblems(itsFile, its.problems, context);
  const made = importVgic(state, its, options.model === undefined ? undefined : resolveModel(options.model));
  if ("failure" in made) throw errors.notImported(file, made.failure);
  const { out } = context;
  out.line("not in the text:");
  for (const sentence of made.unknown) out.line(`  ${sentence}`);
  if (made.left.length > 0) out.line("in the text, but not in the machine:");
  for (const sentence of made.left) out.line(`  ${sentence}`);
  const saved = saveState(made.machine);
  if ("failure" in saved) throw errors.notSaved(file, saved.failure.message);
  if (options.output === undefined) {
    out.line();
    for (const line of stateLines(saved.state)) out.line(line);
  } else {
    await writeState(saved.state, options.output, options.raw);
    out.line(`${options.output}: a machine of ${saved.state.model}`);
  }
  return state.problems.length + (its?.problems.length ?? 0) === 0 ? 0 : 1;
}

/** Makes a machine of a guest that another program saved. */
async function importGuest(
  file: string,
  { output, raw, model }: { output: string | undefined; raw: boolean; model: string | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const made = guestState(file, context, model === undefined ? undefined : resolveModel(model));
  if (made === undefined) throw errors.notImported(file, "it is no guest that another program saved");
  const { out } = context;
  if (output === undefined) {
    for (const line of stateLines(made.state)) out.line(line);
  } else {
    await writeState(made.state, output, raw);
    out.line(`${output}: a machine of ${made.state.model}`);
  }
  return 0;
}

function printProblems(file: string, problems: readonly TextProblem[], { err }: CommandContext): void {
  for (const { line, message } of problems.slice(0, SHOWN_PROBLEMS)) err.line(`${file}:${line}: ${message}`);
  if (problems.length > SHOWN_PROBLEMS) err.line(`${file}: and ${problems.length - SHOWN_PROBLEMS} more lines`);
}

async function save(file: string, output: string, raw: boolean, context: CommandContext): Promise<ExitCode> {
  const saved = saveState(await readMachine(file, context));
  if ("failure" in saved) throw errors.notSaved(file, saved.failure.message);
  if (!raw && memoryBytes(saved.state) > MAX_INLINE_BYTES) {
    throw errors.notSaved(file, `${memoryBytes(saved.state) >> 20} MiB of memory are too much for JSON; give --raw`);
  }
  await writeState(saved.state, output, raw);
  const bytes = memoryBytes(saved.state);
  context.out.line(`${output}: a machine of ${saved.state.model}, ${bytes / 1024} KiB of memory`);
  return 0;
}

function memoryBytes({ memory }: SavedState): number {
  return memory.reduce((sum, run) => sum + run.bytes.length, 0);
}

/** Writes a state file, and with `raw` its memory beside it. */
async function writeState(saved: SavedState, output: string, raw: boolean): Promise<void> {
  const rawFile = `${output}.bin`;
  const encoded = encodeState(saved, raw ? path.basename(rawFile) : undefined);
  if (encoded.raw !== undefined) await writeWhole(rawFile, encoded.raw);
  await writeWhole(output, encoded.json);
}

async function show(file: string, json: boolean, context: CommandContext): Promise<ExitCode> {
  const shown = await readState(file, context);
  if (json) {
    context.out.line(JSON.stringify(stateJson(file, shown), bigintsAsText, 2));
    return 0;
  }
  for (const line of stateLines(shown)) {
    context.out.line(line);
    await context.out.settle();
    if (context.out.closed) break;
  }
  return 0;
}

function stateJson(file: string, { model, shape, memory, ...registers }: SavedState) {
  const values = (all: readonly RegisterValues[]) => all.map((each) => Object.fromEntries(each));
  const { distributor, redistributors, cpuInterfaces, itss, vpes, vmovps, mapped } = registers;
  return {
    file,
    model,
    shape,
    distributor: Object.fromEntries(distributor),
    redistributors: values(redistributors),
    cpuInterfaces: values(cpuInterfaces),
    itss: values(itss),
    vpes: vpes && values(vpes),
    vmovps: vmovps && values(vmovps),
    mapped: mapped?.map(values),
    memory: memory.map(({ address, bytes }) => ({ address: hexWord(BigInt(address)), bytes: bytes.length })),
  };
}

async function dump(file: string, output: string | undefined, context: CommandContext): Promise<ExitCode> {
  const saved = await readState(file, context);
  if (output !== undefined) {
    await writeWhole(output, stateDumpText(saved));
    return 0;
  }
  for (const line of stateDump(saved)) {
    context.out.line(line);
    await context.out.settle();
    if (context.out.closed) break;
  }
  return 0;
}
