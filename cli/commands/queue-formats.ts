import { COMMAND_BYTES, type CommandWords } from "../../architecture/command-codec.ts";
import { formatCommand } from "../../architecture/index.ts";
import { commandBytes } from "../../language/index.ts";

/** Forms that the commands of a script are written in, beside the raw bytes. */
export const queueFormats = ["raw", "xxd", "c", "u-boot", "gdb", "qtest"] as const;

export type QueueFormat = (typeof queueFormats)[number];

/** Forms that write to an address, and so must know it. */
export const writesToMemory: ReadonlySet<QueueFormat> = new Set(["u-boot", "gdb", "qtest"]);

/** The bytes of commands as they stand in a queue, little-endian. */
export function bytesOf(packets: readonly CommandWords[]): Uint8Array {
  const bytes = new Uint8Array(packets.length * COMMAND_BYTES);
  for (const [i, words] of packets.entries()) bytes.set(commandBytes(words), i * COMMAND_BYTES);
  return bytes;
}

const hex = (value: bigint, digits = 16): string => BigInt.asUintN(64, value).toString(16).padStart(digits, "0");

/** Commands as text, line by line. @param base address of the first one */
export function* linesOf(
  format: Exclude<QueueFormat, "raw">,
  packets: readonly CommandWords[],
  base: bigint,
): Iterable<string> {
  if (format === "xxd") {
    yield* xxdLines(bytesOf(packets), base);
    return;
  }
  if (format === "c") {
    yield "/* Commands of an ITS's queue, DW0 to DW3 each. The queue is little-endian in memory. */";
    yield `static const uint64_t its_commands[${packets.length}][4] = {`;
    for (const words of packets)
      yield `\t{ ${words.map((word) => `0x${hex(word)}`).join(", ")} }, /* ${formatCommand(words)} */`;
    yield "};";
    return;
  }
  const write = writers[format];
  for (const [i, words] of packets.entries()) {
    yield write.comment(formatCommand(words));
    for (const [number, word] of words.entries())
      yield write.word(`0x${hex(base + BigInt(i * COMMAND_BYTES + number * 8), 8)}`, `0x${hex(word)}`);
  }
}

interface Writer {
  comment(text: string): string;
  word(address: string, value: string): string;
}

const writers: Readonly<Record<"u-boot" | "gdb" | "qtest", Writer>> = {
  // U-Boot's shell takes numbers in hexadecimal without a prefix as well as with it.
  "u-boot": { comment: (text) => `# ${text}`, word: (address, value) => `mw.q ${address} ${value}` },
  gdb: { comment: (text) => `# ${text}`, word: (address, value) => `set {unsigned long long}${address} = ${value}` },
  // The protocol has no comments; what it does not know it answers with FAIL.
  qtest: { comment: () => "", word: (address, value) => `writeq ${address} ${value}` },
};

const LINE = 16;

/** As `xxd -g 1` prints, so that `xxd -r` makes the bytes of it. Byte by byte, because groups of two look like 16-bit words as well. */
function* xxdLines(bytes: Uint8Array, base: bigint): Iterable<string> {
  for (let at = 0; at < bytes.length; at += LINE) {
    const line = bytes.subarray(at, at + LINE);
    const groups = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = [...line].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    yield `${hex(base + BigInt(at), 8)}: ${groups.padEnd(3 * LINE - 1)}  ${text}`;
  }
}
