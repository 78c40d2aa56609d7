import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import type { Span } from "../../dumps/memory.ts";
import { looksBinary } from "../../dumps/read-dump.ts";
import { disassembleBytes } from "../../language/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { errors } from "../errors.ts";
import { readInput } from "../files.ts";
import type { Output } from "../output.ts";
import { readDumpFile, reportProblems } from "./decode.ts";

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
  },
  details: [
    "FILE is the memory of a command queue, binary or as a hex dump of any format of gicwb decode (- reads standard input).",
    "Slots that hold only zeros were never written: they become a comment.",
  ],
  async run([file], { base, addresses, binary }, context) {
    const bytes = await readInput(file, context.stdin);
    const { spans, origin } =
      binary || looksBinary(bytes.subarray(0, 4096))
        ? { spans: [{ address: 0, bytes }], origin: base ?? 0n }
        : dumpMemory(file, bytes, base, context);
    const hex = (address: number) => `0x${(origin + BigInt(address)).toString(16)}`;
    const start = spans[0].address;
    let commands = 0;
    let next = start;
    for (const span of spans) {
      // Commands stand at multiples of 32 bytes from the first one; a part of one at the beginning of a span is no command.
      const skipped = Math.ceil((span.address - start) / COMMAND_BYTES) * COMMAND_BYTES + start - span.address;
      const rest = span.bytes.subarray(Math.min(skipped, span.bytes.length));
      const address = span.address + span.bytes.length - rest.length;
      if (commands > 0) context.out.line(`# the dump lacks ${hex(next)} to ${hex(span.address - 1)}`);
      commands += await printCommands(context.out, rest, (at) => (addresses ? `  # at ${hex(address + at)}` : ""));
      const over = rest.length % COMMAND_BYTES;
      if (over > 0)
        context.err.line(
          `${file}: the last ${over} bytes, at ${hex(address + rest.length - over)}, are no whole command.`,
        );
      next = address + rest.length;
    }
    if (commands === 0) throw errors.noPacket(file);
    return 0;
  },
});

/** The memory of a dump from `base` on; `origin` is to be added to its addresses. */
function dumpMemory(
  file: string,
  bytes: Uint8Array,
  base: bigint | undefined,
  { err }: CommandContext,
): { spans: readonly Span[]; origin: bigint } {
  const document = readDumpFile(file, bytes);
  reportProblems(file, document, err);
  const { spans: all, origin } = document.memory;
  const start = base === undefined ? all[0].address : Number(base - origin);
  const [first, ...others] = all.filter((span) => span.address + span.bytes.length > start);
  if (first === undefined) throw errors.noPacket(file);
  const skipped = Math.max(start - first.address, 0);
  const cut = { address: first.address + skipped, bytes: first.bytes.subarray(skipped) };
  return { spans: [cut, ...others], origin };
}

/** @param behind text behind the command at an offset @returns how many commands there were, empty slots not counted */
async function printCommands(out: Output, bytes: Uint8Array, behind: (offset: number) => string): Promise<number> {
  let commands = 0;
  let empty = 0;
  const flushEmpty = () => {
    if (empty > 0) out.line(empty === 1 ? "# an empty slot" : `# ${empty} empty slots`);
    empty = 0;
  };
  for (let at = 0; at + COMMAND_BYTES <= bytes.length && !out.closed; at += COMMAND_BYTES) {
    const packet = bytes.subarray(at, at + COMMAND_BYTES);
    if (packet.every((byte) => byte === 0)) {
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
