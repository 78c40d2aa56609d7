import { writeFile } from "node:fs/promises";
import path from "node:path";
import { decodeState, encodeState, type SavedState, saveState } from "../../emulator/index.ts";
import { isStateText, stateLines } from "../../runner/state/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { type ExitCode, errors } from "../errors.ts";
import { readMachine, readStateFile } from "../machine-input.ts";

const actions = ["save", "show"] as const;

/** `gicwb state`: machines as files. */
export const state = defineCommand({
  name: "state",
  summary: "save the machine that a script leaves behind as a file, or show such a file",
  args: ["ACTION", "FILE"],
  options: {
    output: { type: "text", value: "FILE", short: "o", summary: "save: the file to write" },
    raw: { type: "flag", summary: "save: memory goes raw into a file beside it, FILE.bin" },
  },
  details: [
    "gicwb state save FILE -o STATE: runs a script and saves the machine as it is then. A state file is saved anew.",
    "gicwb state show STATE: prints shape, registers and tables of a saved machine.",
    "A state file is JSON: registers by name, RAM as pages that are not zero. gicwb migrate takes one, too.",
  ],
  async run([action, file], { output, raw }, context) {
    if (action === "save") {
      if (output === undefined) throw errors.usage("gicwb state save needs --output FILE.", "state");
      return save(file, output, raw, context);
    }
    if (output !== undefined || raw) throw errors.usage("--output and --raw are for gicwb state save.", "state");
    if (action === "show") return show(file, context);
    throw errors.usage(`gicwb state cannot "${action}"; it can ${actions.join(" and ")}.`, "state");
  },
});

async function save(file: string, output: string, raw: boolean, context: CommandContext): Promise<ExitCode> {
  const saved = saveState(await readMachine(file, context));
  if ("failure" in saved) throw errors.notSaved(file, saved.failure.message);
  await writeState(saved.state, output, raw);
  const bytes = saved.state.memory.reduce((sum, run) => sum + run.bytes.length, 0);
  context.out.line(`${output}: a machine of ${saved.state.model}, ${bytes / 1024} KiB of memory`);
  return 0;
}

/** Writes a state file, and with `raw` its memory beside it. */
async function writeState(saved: SavedState, output: string, raw: boolean): Promise<void> {
  const rawFile = `${output}.bin`;
  const encoded = encodeState(saved, raw ? path.basename(rawFile) : undefined);
  if (encoded.raw !== undefined) await write(rawFile, encoded.raw);
  await write(output, encoded.json);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw errors.notWritable(file, error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}

async function show(file: string, context: CommandContext): Promise<ExitCode> {
  const { text, raw } = await readStateFile(file, context);
  if (!isStateText(text)) throw errors.state(file, "It is no JSON object, as a saved machine is.");
  const decoded = decodeState(text, raw);
  if ("problem" in decoded) throw errors.state(file, decoded.problem.message);
  for (const line of stateLines(decoded.state)) {
    context.out.line(line);
    await context.out.settle();
    if (context.out.closed) break;
  }
  return 0;
}
