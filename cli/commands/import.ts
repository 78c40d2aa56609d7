import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { binaryFormat, HEAD_BYTES, looksBinary } from "../../dumps/read-dump.ts";
import { disassembleBytes, LineState, parseLine } from "../../language/index.ts";
import {
  type Imported,
  LogImport,
  machineFor,
  plainName,
  registerStatements,
  scriptLines,
} from "../../runner/import/index.ts";
import { bigintsAsText } from "../answers/hex-word.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { readDumpFile, reportProblems } from "../dump-input.ts";
import { errors } from "../errors.ts";
import { readInput } from "../files.ts";
import { TraceInput } from "../trace-input.ts";

/** Where `virt`, the board of QEMU, and most hypervisors put the ITS. */
const ITS_BASE = 0x808_0000n;

/** `gicwb import`: what others have logged, or a queue that was dumped, as a script. */
export const importCommand = defineCommand({
  name: "import",
  summary: "turn a log of ITS commands, or a dumped command queue, into a script",
  args: ["FILE"],
  options: {
    base: { type: "number", value: "ADDRESS", summary: "address of the first command of a dumped queue" },
    registers: {
      type: "text",
      value: "FILE",
      summary: "a dump of the ITS's and redistributors' registers: the machine is set up as they say",
    },
    its: {
      type: "number",
      value: "ADDRESS",
      summary: "address of the ITS in the dump of registers (default: 0x8080000)",
    },
    model: { type: "text", value: "MODEL", summary: "model of the machine (default: that of what wrote the log)" },
    json: { type: "flag", summary: "print one JSON object: statements, where each comes from, and what was left out" },
  },
  details: [
    "FILE is a trace of QEMU (-trace 'gicv3_its_*'), the output of kvm-unit-tests, Xen's log, gem5's (--debug-flags=ITS) or Linux's ftrace of",
    "KVM; or the memory of a command queue, raw or as a hex dump of any format of gicwb decode (- reads standard input).",
    "The script says behind each statement where it comes from, and on top what was left out.",
  ],
  async run([file], { base, registers, its, model, json }, context) {
    const imported = await statementsOf(await TraceInput.open(file, context.stdin, MAX_UNPACKED), base, context);
    const { statements } = imported;
    if (statements.length === 0) throw errors.nothingToImport(file);
    const wanted = model ?? imported.model;
    const set = registers === undefined ? undefined : await setUp(registers, its ?? ITS_BASE, statements, context);
    const machine = machineFor(
      statements,
      wanted as Parameters<typeof machineFor>[1],
      set === undefined ? "ready" : "reset",
      set?.addresses,
      set?.pes,
    );
    if (json) {
      const all = [...(set?.statements ?? []), ...statements].map(({ text, origin }) => ({ text, origin }));
      const { notes } = imported;
      context.out.line(JSON.stringify({ file, model: wanted, notes, machine, statements: all }, bigintsAsText, 2));
      return 0;
    }
    const head = [`Imported from ${nameOf(file)}.`, ...imported.notes];
    for (const line of scriptLines(head, machine, [...(set?.statements ?? []), ...statements])) {
      context.out.line(line);
      await context.out.settle();
    }
    return 0;
  },
});

function nameOf(file: string): string {
  return file === "-" ? "standard input" : plainName(file.split(/[\\/]/).at(-1) ?? file);
}

interface Found {
  readonly statements: readonly Imported[];
  readonly notes: readonly string[];
  readonly model: LogImport["model"];
}

/** Bytes that a log packed by gzip may have when it is unpacked. */
const MAX_UNPACKED = 1024 * 1024 * 1024;

/** The commands of a log, where a line of one is in the file; else those of a queue. A log is read line by line, whatever its size. */
async function statementsOf(input: TraceInput, base: bigint | undefined, context: CommandContext): Promise<Found> {
  const { file } = input;
  const head = (await input.head(HEAD_BYTES)).subarray(0, HEAD_BYTES);
  if (binaryFormat(head) !== undefined) throw errors.coreInstead(file);
  if (looksBinary(head)) return queueOf(new DumpMemory([{ address: 0, bytes: await input.whole() }], base ?? 0n));
  const log = new LogImport();
  await input.read((line) => {
    // Some consoles end lines with a return, or with several.
    for (const part of line.replace(/\r+$/, "").split(/\r+/)) log.line(part);
    return true;
  });
  if (log.statements.length > 0) return { statements: log.statements, notes: log.notes(), model: log.model };
  const document = readDumpFile(file, await input.whole());
  reportProblems(file, document, context.err);
  const { memory } = document;
  const start = base === undefined ? memory.start : Number(base - memory.origin);
  return queueOf(memory.within([{ address: start, length: Math.max(memory.end - start, 0) }]));
}

/** The commands of a queue in the order of its slots. */
function queueOf(memory: DumpMemory): Found {
  const statements: Imported[] = [];
  let empty = 0;
  let partial = 0;
  const { start } = memory;
  for (const span of memory.spans()) {
    const skipped = Math.ceil((span.address - start) / COMMAND_BYTES) * COMMAND_BYTES + start - span.address;
    for (let at = span.address + skipped; at < span.address + span.length; at += COMMAND_BYTES) {
      const packet = memory.read(at, COMMAND_BYTES);
      if (packet === undefined) partial++;
      else if (packet.every((byte) => byte === 0)) empty++;
      else {
        const [text] = disassembleBytes(packet);
        statements.push({ text, origin: `slot ${(at - start) / COMMAND_BYTES}, at ${memory.format(at)}` });
      }
    }
  }
  const notes = [
    `${statements.length} commands of a queue, in the order of its slots; where the queue has wrapped, the first ones are the latest.`,
    ...(empty === 0 ? [] : [`Left out, because they were never written: ${empty} empty slots.`]),
    ...(partial === 0 ? [] : [`Left out, because the dump does not have them whole: ${partial} slots.`]),
  ];
  return { statements, notes, model: undefined };
}

/** Statements that set the machine up as a dump of registers says. */
async function setUp(registers: string, its: bigint, statements: readonly Imported[], context: CommandContext) {
  const document = readDumpFile(registers, await readInput(registers, context.stdin));
  reportProblems(registers, document, context.err);
  const devices: number[] = [];
  const used: bigint[] = [];
  for (const { text } of statements) {
    const { statement } = parseLine(text, LineState.body);
    if (statement.kind !== "command" || statement.word.text !== "MAPD") continue;
    for (const { name, value } of statement.arguments) {
      if (value.kind !== "number") continue;
      if (name.text === "DeviceID") devices.push(Number(value.value));
      if (name.text === "ITT_addr") used.push(value.value);
    }
  }
  return registerStatements(document.memory, Number(its - document.memory.origin), devices, used);
}
