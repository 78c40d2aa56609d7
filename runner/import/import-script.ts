import { commandByName, type ModelName } from "../../architecture/index.ts";
import { LineState, limits, parseLine } from "../../language/index.ts";
import { type LogSource, readLogLine } from "./log-readers.ts";

/** What each source is, and the model that answers as it does. */
const sources: Readonly<Record<LogSource, { readonly title: string; readonly model: ModelName }>> = {
  qemu: { title: "a trace of QEMU's ITS (-trace 'gicv3_its_*')", model: "qemu-7.2" },
  "kvm-unit-tests": { title: "the output of kvm-unit-tests", model: "kvm-7.2" },
  xen: { title: "Xen's log; it prints the commands that its vITS refused alone", model: "arch" },
  gem5: { title: "gem5's --debug-flags=ITS", model: "arch" },
  ftrace: { title: "Linux's ftrace of KVM; it has no ITS commands", model: "kvm-7.2" },
};

/** A statement of an imported script, and where it comes from. */
export interface Imported {
  readonly text: string;
  /** For a comment behind it. */
  readonly origin: string;
}

/** Statements that are imported at most: what a script may have, with room for its head. */
const MOST = limits.lines - 1000;

/** Collects the statements of a log, line by line, in memory that is bounded by them. */
export class LogImport {
  readonly statements: Imported[] = [];
  private readonly found = new Map<LogSource, number>();
  private readonly passed = new Map<string, number>();
  private others = 0;
  private cut = 0;
  private lineNumber = 0;

  /** Takes one line of the log. */
  line(text: string): void {
    this.lineNumber++;
    const read = readLogLine(text);
    if (read === undefined) {
      if (text.trim() !== "") this.others++;
    } else if ("passed" in read) this.passed.set(read.passed, (this.passed.get(read.passed) ?? 0) + 1);
    else {
      this.found.set(read.source, (this.found.get(read.source) ?? 0) + 1);
      if (this.statements.length >= MOST) this.cut++;
      else {
        const origin = `line ${this.lineNumber}${read.guessed === undefined ? "" : `; ${read.guessed}`}`;
        this.statements.push({ text: read.text, origin });
      }
    }
  }

  /** The model that answers as what wrote most of the lines. */
  get model(): ModelName | undefined {
    const [first] = [...this.found].sort((one, other) => other[1] - one[1]);
    return first === undefined ? undefined : sources[first[0]].model;
  }

  /** Sentences for the head: what the lines are, and what has been left out. */
  notes(): string[] {
    const kinds = [...this.found].map(([source, count]) => `${count} lines of ${sources[source].title}`);
    const passed = [...this.passed].map(([name, count]) => `${count} of ${name}`);
    return [
      ...kinds,
      ...(passed.length === 0
        ? []
        : [`Left out, because commands bring them about or they say the same twice: ${passed.join(", ")}.`]),
      ...(this.others === 0
        ? []
        : [`Left out, because they tell of no command and no MSI: ${this.others} other lines.`]),
      ...(this.cut === 0 ? [] : [`Left out, because a script has at most ${limits.lines} lines: ${this.cut} more.`]),
    ];
  }
}

/** The script of a log of ITS commands. @param name of the log, for the head @returns undefined when it has no line of one */
export function scriptOfLog(text: string, name: string): string | undefined {
  const log = new LogImport();
  for (const line of text.split(/\r\n|\n|\r/)) log.line(line);
  const { statements, model } = log;
  if (statements.length === 0) return undefined;
  const head = [`Imported from ${plainName(name)}.`, ...log.notes()];
  return `${[...scriptLines(head, machineFor(statements, model), statements)].join("\n")}\n`;
}

/** A file's name in a comment of a script. */
export function plainName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?");
}

const MIB = 2n ** 20n;
const DEFAULT_BASE = 0x4000_0000n;
const DEFAULT_SIZE = 64n * MIB;
/** RAM of an imported machine at most, as the language has it. */
const MOST_RAM = 4096n * MIB;

/**
 * The machine that imported commands need: as many PEs as they name, and RAM that their ITTs lie in.
 * @param model absent: the default's
 * @param addresses that must lie in RAM, beside those of the commands
 * @param setUp `reset` where the script itself sets the machine up
 */
export function machineFor(
  statements: readonly Imported[],
  model: ModelName | undefined,
  setUp: "ready" | "reset" = "ready",
  addresses: readonly bigint[] = [],
  pes = 0,
): string[] {
  let cpus = Math.max(4, pes);
  let [lowest, highest] = [DEFAULT_BASE, DEFAULT_BASE + DEFAULT_SIZE];
  const cover = (address: bigint) => {
    if (address < lowest) lowest = address;
    // An ITT of 2^16 events of 16 bytes.
    if (address + MIB > highest) highest = address + MIB;
  };
  for (const address of addresses) cover(address);
  for (const { text } of statements) {
    const { statement } = parseLine(text, LineState.body);
    if (statement.kind !== "command" || commandByName(statement.word.text) === undefined) continue;
    for (const { name, value } of statement.arguments) {
      if (value.kind !== "number") continue;
      if (name.text === "ITT_addr" && value.value > 0n) cover(value.value);
      if (name.text.startsWith("RDbase") && value.value < 512n) cpus = Math.max(cpus, Number(value.value) + 1);
    }
  }
  const base = (lowest / MIB) * MIB;
  const size = ((highest - base + 64n * MIB - 1n) / (64n * MIB)) * 64n * MIB;
  const ram = size > MOST_RAM ? [] : [`ram = 0x${base.toString(16)}, ${size / MIB}M`];
  const properties = [
    ...(model === undefined ? [] : [`model = ${model}`]),
    `cpus = ${cpus}`,
    ...ram,
    `setup = ${setUp}`,
  ];
  return ["machine {", ...properties.map((property) => `  ${property}`), "}"];
}

/** Lines of a script: a head that says where it comes from, the machine, and each statement with its origin behind it. */
export function scriptLines(
  head: readonly string[],
  machine: readonly string[],
  statements: readonly Imported[],
): string[] {
  return [
    ...head.map((sentence) => `# ${sentence}`),
    ...machine,
    "",
    ...statements.map(({ text, origin }) =>
      origin === "" ? text : text.startsWith("#") ? `${text} (${origin})` : `${text}  # ${origin}`,
    ),
  ];
}
