import { writeFile } from "node:fs/promises";
import { COMMAND_BYTES, type CommandWords } from "../../architecture/command-codec.ts";
import { commandBytes } from "../../language/index.ts";
import { assembleScript, machineProblem, prepareTarget, problemText } from "../../runner/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import { readScript } from "../files.ts";
import type { Output } from "../output.ts";

/** Problems of a script that are printed one by one. */
const SHOWN_PROBLEMS = 1000;

/** `gicwb assemble`: the commands of a script as they stand in the queue. */
export const assemble = defineCommand({
  name: "assemble",
  summary: "turn the commands of a script into the bytes of a command queue",
  args: ["FILE"],
  options: {
    output: { type: "text", value: "FILE", short: "o", summary: "write the bytes, 32 a command, to this file" },
    hex: { type: "flag", summary: "print a hex dump (this is done without --output)" },
    base: { type: "number", value: "ADDRESS", summary: "address of the first command in the hex dump (default: 0)" },
  },
  details: [
    "FILE is a script (- reads standard input). The script is run, as arguments may depend on what the lines above them did.",
    "The hex dump is one that gicwb decode and gicwb disassemble read.",
  ],
  async run([file], { output, hex, base }, context) {
    if (output !== undefined && hex) throw errors.usage("--output and --hex exclude each other.", "assemble");
    if (output !== undefined && base !== undefined) throw errors.usage("--base is for the hex dump.", "assemble");
    const packets = await packetsOf(file, context);
    if (output === undefined) await printDump(context.out, packets, base ?? 0n);
    else {
      await writeBytes(output, packets);
      context.out.line(`${output}: ${packets.length} commands, ${packets.length * COMMAND_BYTES} bytes`);
    }
    return 0;
  },
});

async function packetsOf(file: string, context: CommandContext): Promise<CommandWords[]> {
  const document = await readScript(file, context.stdin);
  if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
  const prepared = prepareTarget(document.machine);
  if ("failure" in prepared) {
    const at = Math.max(
      document.lines.findIndex(({ kind }) => kind === "machine"),
      0,
    );
    context.err.line(problemText(file, at, machineProblem(prepared.failure, document.lines[at])));
    throw errors.notAssembled(file, 1);
  }
  const { packets, problems } = assembleScript(document, prepared.target);
  for (const { line, problem } of problems.slice(0, SHOWN_PROBLEMS)) context.err.line(problemText(file, line, problem));
  if (problems.length > 0) throw errors.notAssembled(file, problems.length);
  if (packets.length === 0) throw errors.noCommand(file);
  return packets.map(({ words }) => words);
}

async function printDump(out: Output, packets: readonly CommandWords[], base: bigint): Promise<void> {
  out.line(`# gic: table=command-queue base=0x${base.toString(16)}`);
  for (const [i, words] of packets.entries()) {
    const address = (base + BigInt(i * COMMAND_BYTES)).toString(16).padStart(8, "0");
    const digits = words.map((word) => `0x${BigInt.asUintN(64, word).toString(16).padStart(16, "0")}`);
    out.line(`${address}: ${digits.join(" ")}`);
    await out.settle();
  }
}

async function writeBytes(file: string, packets: readonly CommandWords[]): Promise<void> {
  const bytes = new Uint8Array(packets.length * COMMAND_BYTES);
  for (const [i, words] of packets.entries()) bytes.set(commandBytes(words), i * COMMAND_BYTES);
  try {
    await writeFile(file, bytes);
  } catch (error) {
    throw errors.notWritable(file, error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}
