import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { DumpMemory, type Extent } from "../../dumps/memory.ts";
import { binaryFormat, HEAD_BYTES, looksBinary } from "../../dumps/read-dump.ts";
import { disassembleBytes } from "../../language/index.ts";
import { hexWord } from "../answers/hex-word.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { readDumpFile, reportProblems } from "../dump-input.ts";
import { errors } from "../errors.ts";
import { readInput } from "../files.ts";
import type { Output } from "../output.ts";

/** `gicwb disassemble`: the bytes of a command queue as a script. */
export const disassemble = defineCommand({
  name: "disassemble",
  summary: "turn the bytes of a command queue into a script",
  args: ["FILE"],
  options: {
    base: {
      type: "number",
      value: "ADDRESS",
      summary: "address of the first command (default: the first address of a dump, 0 for a binary file)",
    },
    addresses: { type: "flag", summary: "print the address of each command behind it" },
    binary: { type: "flag", summary: "FILE is binary, whatever it looks like" },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "FILE is the memory of a command queue, binary or as a hex dump of any format of gicwb decode (- reads standard input).",
    "Slots that hold only zeros were never written: they become a comment.",
  ],
  async run([file], { base, addresses, binary, json }, context) {
    if (json && addresses) throw errors.usage("--json has the addresses anyway.", "disassemble");
    const bytes = await readInput(file, context.stdin);
    if (!binary && binaryFormat(bytes.subarray(0, HEAD_BYTES)) !== undefined) throw errors.coreInstead(file);
    const memory =
      binary || looksBinary(bytes.subarray(0, 4096))
        ? new DumpMemory([{ address: 0, bytes }], base ?? 0n)
        : dumpMemory(file, bytes, base, context);
    const hex = (address: number) => memory.format(address);
    const { start } = memory;
    const packets: QueuedPacket[] = [];
    let commands = 0;
    let next = start;
    for (const span of memory.spans()) {
      // Commands stand at multiples of 32 bytes from the first one; a part of one at the beginning of a span is no command.
      const skipped = Math.ceil((span.address - start) / COMMAND_BYTES) * COMMAND_BYTES + start - span.address;
      const address = span.address + Math.min(skipped, span.length);
      const length = span.address + span.length - address;
      if (commands > 0 && !json) context.out.line(`# the dump lacks ${hex(next)} to ${hex(span.address - 1)}`);
      if (json) {
        packets.push(...packetsOf(memory, { address, length }));
        commands = packets.length;
      } else {
        commands += await printCommands(context.out, memory, { address, length }, (at) =>
          addresses ? `  # at ${hex(at)}` : "",
        );
      }
      const over = length % COMMAND_BYTES;
      if (over > 0)
        context.err.line(`${file}: the last ${over} bytes, at ${hex(address + length - over)}, are no whole command.`);
      next = address + length;
    }
    if (commands === 0) throw errors.noPacket(file);
    if (json) context.out.line(JSON.stringify({ file, commands: packets }, undefined, 2));
    return 0;
  },
});

/** A command of a queue as JSON has it; empty slots are left out. */
interface QueuedPacket {
  readonly address: string;
  readonly words: readonly string[];
  readonly text: string;
}

function* packetsOf(memory: DumpMemory, { address, length }: Extent): Iterable<QueuedPacket> {
  for (let at = address; at + COMMAND_BYTES <= address + length; at += COMMAND_BYTES) {
    const packet = memory.read(at, COMMAND_BYTES);
    if (packet === undefined || packet.every((byte) => byte === 0)) continue;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const words = [0, 8, 16, 24].map((offset) => hexWord(view.getBigUint64(offset, true)));
    const [text] = disassembleBytes(packet);
    yield { address: memory.format(at), words, text };
  }
}

/** The memory of a dump from `base` on. */
function dumpMemory(file: string, bytes: Uint8Array, base: bigint | undefined, { err }: CommandContext): DumpMemory {
  const document = readDumpFile(file, bytes);
  reportProblems(file, document, err);
  const { memory } = document;
  const start = base === undefined ? memory.start : Number(base - memory.origin);
  const cut = memory.within([{ address: start, length: Math.max(memory.end - start, 0) }]);
  if (cut.isEmpty) throw errors.noPacket(file);
  return cut;
}

/** @param behind text behind the command at an address @returns how many commands there were, empty slots not counted */
async function printCommands(
  out: Output,
  memory: DumpMemory,
  { address, length }: Extent,
  behind: (address: number) => string,
): Promise<number> {
  let commands = 0;
  let empty = 0;
  const flushEmpty = () => {
    if (empty > 0) out.line(empty === 1 ? "# an empty slot" : `# ${empty} empty slots`);
    empty = 0;
  };
  for (let at = address; at + COMMAND_BYTES <= address + length && !out.closed; at += COMMAND_BYTES) {
    const packet = memory.read(at, COMMAND_BYTES);
    if (packet === undefined || packet.every((byte) => byte === 0)) {
      empty++;
      continue;
    }
    flushEmpty();
    const [line] = disassembleBytes(packet);
    out.line(`${line}${behind(at)}`);
    commands++;
    await out.settle();
  }
  flushEmpty();
  return commands;
}
