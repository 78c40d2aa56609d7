import { type CommandWords, formatCommand } from "../../architecture/index.ts";
import { numberIn, wideNumberIn } from "../../dumps/qemu-trace/event.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";
import { commandOfEvent } from "../trace/commands.ts";

/** Who wrote a line. */
export type LogSource = "qemu" | "kvm-unit-tests" | "xen" | "gem5" | "ftrace";

/** What a line of a log becomes in a script. */
export interface ImportedLine {
  readonly source: LogSource;
  /** A statement; or a comment where the line tells of something that no statement can do again. */
  readonly text: string;
  /** What the line does not say and the statement has to: for a comment behind it. */
  readonly guessed?: string;
}

/** What a line is that becomes no statement: a line of ours that is passed over, or none of ours. */
export type NoStatement = { readonly passed: string } | undefined;

/** Reads one line of a log; undefined when it is none of this reader's. */
type Reader = (line: string) => ImportedLine | { readonly passed: string } | undefined;

/** Command lines of QEMU's trace, and MSIs. Register accesses, table walks and the rest are what the commands bring about. */
const qemu: Reader = (line) => {
  if (!line.includes("gicv3_its_")) return undefined;
  const event = parseTraceLine(line, 0);
  if (typeof event === "string") return undefined;
  const { name } = event.spec;
  if (name === "gicv3_its_translation_write") {
    const text = `msi DeviceID=0x${numberIn(event, "requester").toString(16)}, EventID=0x${wideNumberIn(event, "data").toString(16)}`;
    return { source: "qemu", text };
  }
  const command = commandOfEvent(event);
  if (command === undefined) return { passed: name };
  const { words, unshown } = command;
  const guessed = unshown.length === 0 ? undefined : `${unshown.join(", ")} is not in the trace`;
  return { source: "qemu", text: formatCommand(words), ...(guessed === undefined ? {} : { guessed }) };
};

const NUMBER = "(0x[0-9a-fA-F]{1,16}|\\d{1,20})";

/** Lines that kvm-unit-tests print when its_send_…() is verbose (lib/arm64/gic-v3-its-cmd.c), and the commands that they were made of. */
const unitTests: readonly (readonly [form: RegExp, text: (numbers: readonly bigint[]) => string])[] = [
  [
    form("MAPD devid=# size ?= ?# itt=# valid=#"),
    // What is printed is the number of EventID bits; the packet has one less.
    ([device, bits, itt, valid]) => `MAPD DeviceID=${hex(device)}, ITT_addr=${hex(itt)}, Size=${bits - 1n}, V=${valid}`,
  ],
  [
    form("MAPC col_id=# target_addr = # valid=#"),
    ([icid, target, valid]) => `MAPC ICID=${icid}, RDbase=${target >> 16n}, V=${valid}`,
  ],
  [
    form("MAPTI dev_id=# event_id=# -> phys_id=#, col_id=#"),
    ([device, event, intid, icid]) => `MAPTI ${ids(device, event)}, pINTID=${intid}, ICID=${icid}`,
  ],
  [
    form("MOVI dev_id=# event_id ?= ?# col_id=#"),
    ([device, event, icid]) => `MOVI ${ids(device, event)}, ICID=${icid}`,
  ],
  [form("INVALL col_id=#"), ([icid]) => `INVALL ICID=${icid}`],
  [form("INV dev_id=# event_id=#"), ([device, event]) => `INV ${ids(device, event)}`],
  [form("INT dev_id=# event_id=#"), ([device, event]) => `INT ${ids(device, event)}`],
  [form("CLEAR dev_id=# event_id=#"), ([device, event]) => `CLEAR ${ids(device, event)}`],
  [form("DISCARD dev_id=# event_id=#"), ([device, event]) => `DISCARD ${ids(device, event)}`],
  [form("SYNC target_addr = #"), ([target]) => `SYNC RDbase=${target >> 16n}`],
];

/** A form with `#` for numbers; the words stand where a line begins, behind `INFO:` and such. */
function form(words: string): RegExp {
  return new RegExp(`^(?:\\S+ )?(?:ITS: )?${words.replaceAll("#", NUMBER)}\\s*$`);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function ids(device: bigint, event: bigint): string {
  return `DeviceID=${hex(device)}, EventID=${hex(event)}`;
}

const kvmUnitTests: Reader = (line) => {
  for (const [pattern, text] of unitTests) {
    const found = pattern.exec(line);
    if (found !== null) return { source: "kvm-unit-tests", text: text(found.slice(1).map(BigInt)) };
  }
  return undefined;
};

const HEX_WORDS = "(?:0x)?([0-9a-fA-F]{1,16})";

/** `  cmd 0x0a: DW0 DW1 DW2 DW3`: what Xen prints of a command that failed (vgic-v3-its.c dump_its_command). */
const xenForm = new RegExp(`\\bcmd 0x[0-9a-f]{2}: ${[1, 2, 3, 4].map(() => HEX_WORDS).join(" ")}\\s*$`);
const xen: Reader = (line) => packet("xen", xenForm.exec(line));

/** `dw0: … dw1: … dw2: … dw3: …`: a command that gem5's ITS has read (`--debug-flags=ITS`). */
const gem5Form = new RegExp(`\\bdw0: ${HEX_WORDS} dw1: ${HEX_WORDS} dw2: ${HEX_WORDS} dw3: ${HEX_WORDS}\\s*$`);
const gem5: Reader = (line) => packet("gem5", gem5Form.exec(line));

function packet(source: LogSource, found: RegExpExecArray | null): ImportedLine | undefined {
  if (found === null) return undefined;
  const [dw0, dw1, dw2, dw3] = found.slice(1).map((digits) => BigInt(`0x${digits}`));
  const words: CommandWords = [dw0, dw1, dw2, dw3];
  return { source, text: formatCommand(words) };
}

const FIRST_LPI = 8192;
const FIRST_SPI = 32;

/** Tracepoints of Linux's KVM. There is none for ITS commands: what they show is which line of which interrupt a device drove. */
const ftraceForm = /\bvgic_update_irq_pending: VCPU: (-?\d{1,10}), IRQ (\d{1,10}), level: ([01])\s*$/;
const ftrace: Reader = (line) => {
  if (/\bkvm_irq_line: /.test(line)) return { passed: "kvm_irq_line" };
  const found = ftraceForm.exec(line);
  if (found === null) return undefined;
  const [vcpu, irq, level] = found.slice(1).map(Number);
  if (irq >= FIRST_LPI)
    return {
      source: "ftrace",
      text: `# LPI ${irq} became pending on PE ${vcpu}: its DeviceID and EventID are not in the trace`,
    };
  const pe = irq < FIRST_SPI ? `, ${Math.max(vcpu, 0)}` : "";
  return { source: "ftrace", text: `line ${irq}${pe} = ${level}` };
};

const readers: readonly Reader[] = [qemu, kvmUnitTests, xen, gem5, ftrace];

/** What a line of a log becomes. Lines of a log may stand behind any prefix: time stamps, levels, names of programs. */
export function readLogLine(line: string): ImportedLine | NoStatement {
  for (const reader of readers) {
    const found = reader(line);
    if (found !== undefined) return found;
  }
  return undefined;
}
