import { COMMAND_BYTES, type CommandWords } from "../../architecture/command-codec.ts";
import { disassemble } from "../../language/index.ts";
import { assembleScript, machineProblem, prepareTarget, problemText } from "../../runner/index.ts";
import { hexWord } from "../answers/hex-word.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import type { Output } from "../output.ts";
import { readScript } from "../script-files.ts";
import { writeWhole } from "../write-whole.ts";
import { bytesOf, linesOf, type QueueFormat, queueFormats, writesToMemory } from "./queue-formats.ts";

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
    to: {
      type: "choice",
      value: "FORM",
      choices: queueFormats,
      summary: "raw bytes, xxd's dump, an array in C, or memory writes of U-Boot's shell, gdb or QEMU's qtest",
    },
    json: { type: "flag", summary: "print one JSON object: line, words and text of each command" },
    base: {
      type: "number",
      value: "ADDRESS",
      summary: "address of the first command (default: 0; with u-boot, gdb and qtest the machine's queue)",
    },
  },
  details: [
    "FILE is a script (- reads standard input). The script is run, as arguments may depend on what the lines above them did.",
    "The hex dump is one that gicwb decode and gicwb disassemble read.",
  ],
  async run([file], { output, hex, to, base, json }, context) {
    if (json) {
      if (output !== undefined || hex || to !== undefined || base !== undefined)
        throw errors.usage("--json goes with none of --output, --hex, --to and --base.", "assemble");
      const { packets, lines } = await packetsOf(file, context);
      const commands = packets.map((words, at) => {
        return { line: lines[at] + 1, words: words.map(hexWord), text: disassemble(words) };
      });
      context.out.line(JSON.stringify({ file, commands }, undefined, 2));
      return 0;
    }
    if (to !== undefined) {
      if (hex) throw errors.usage("--to and --hex exclude each other.", "assemble");
      if (to === "raw" && output === undefined)
        throw errors.usage("--to raw writes bytes: name a file with --output.", "assemble");
      if (to === "raw" && base !== undefined)
        throw errors.usage("Raw bytes have no addresses: --base is for the others.", "assemble");
      await exportTo(to, file, output, base, context);
      return 0;
    }
    if (output !== undefined && hex) throw errors.usage("--output and --hex exclude each other.", "assemble");
    if (output !== undefined && base !== undefined) throw errors.usage("--base is for the hex dump.", "assemble");
    const { packets } = await packetsOf(file, context);
    if (output === undefined) await printDump(context.out, packets, base ?? 0n);
    else {
      await writeBytes(output, packets);
      context.out.line(`${output}: ${packets.length} commands, ${packets.length * COMMAND_BYTES} bytes`);
    }
    return 0;
  },
});

/** Writes the commands in a form for another tool. */
async function exportTo(
  to: QueueFormat,
  file: string,
  output: string | undefined,
  base: bigint | undefined,
  context: CommandContext,
): Promise<void> {
  const { packets, queue } = await packetsOf(file, context);
  if (to === "raw") {
    if (output !== undefined) await writeBytes(output, packets);
    context.out.line(`${output}: ${packets.length} commands, ${packets.length * COMMAND_BYTES} bytes`);
    return;
  }
  const lines = linesOf(to, packets, base ?? (writesToMemory.has(to) ? queue : 0n));
  if (output !== undefined) {
    await writeWhole(output, `${[...lines].filter((line) => line !== "").join("\n")}\n`);
    context.out.line(`${output}: ${packets.length} commands`);
    return;
  }
  for (const line of lines) {
    if (line !== "") context.out.line(line);
    await context.out.settle();
  }
}

/** The commands of a script, the line of each from 0, and where the queue of its machine is. */
async function packetsOf(
  file: string,
  context: CommandContext,
): Promise<{ readonly packets: CommandWords[]; readonly lines: readonly number[]; readonly queue: bigint }> {
  const document = await readScript(file, context.stdin);
  if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
  const prepared = prepareTarget(document.machine);
  if ("failure" in prepared) {
    const { machineLine: at } = document;
    context.err.line(problemText(file, at, machineProblem(prepared.failure, document.lines[at])));
    throw errors.notAssembled(file, 1);
  }
  const { packets, problems } = assembleScript(document, prepared.target);
  for (const { line, problem } of problems.slice(0, SHOWN_PROBLEMS)) context.err.line(problemText(file, line, problem));
  if (problems.length > 0) throw errors.notAssembled(file, problems.length);
  if (packets.length === 0) throw errors.noCommand(file);
  const queue = prepared.target.map.its.length === 0 ? 0n : BigInt(prepared.target.queue(0).address);
  return { packets: packets.map(({ words }) => words), lines: packets.map(({ line }) => line), queue };
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
  await writeWhole(file, bytesOf(packets));
}
