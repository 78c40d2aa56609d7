import type { Work } from "../work.ts";
import type { CaptureFacts, InterruptLine, Source, TablePlace } from "./facts.ts";
import { learn } from "./facts.ts";

/** Longer lines are no lines of a kernel's log. */
const MAX_LINE = 1000;
/** Lines between two steps of the work. */
const LINES_A_STEP = 4096;
/** Lines of /proc/interrupts that are kept. */
const MAX_INTERRUPTS = 65_536;

const TABLES: Readonly<Record<string, TablePlace["kind"]>> = {
  Devices: "device",
  "Interrupt Collections": "collection",
  "Virtual CPUs": "vpe",
};

interface Pattern {
  readonly form: RegExp;
  readonly take: (found: RegExpExecArray, facts: CaptureFacts, source: Source) => void;
}

/** Longer lists of memory are no guest's. */
const MAX_RAM = 1024;

function takeRam([, first, last]: RegExpExecArray, facts: CaptureFacts): void {
  const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16) + 1];
  if (from < to && facts.ram.length < MAX_RAM) facts.ram.push({ from, to });
}

/** Lines of Linux's drivers (drivers/irqchip/irq-gic-v3-its.c, irq-gic-v3.c), and where its RAM is (mm/mm_init.c, /proc/iomem). Each form is anchored by its own words and backtracks nowhere. */
const patterns: readonly Pattern[] = [
  {
    form: /\bITS \[mem 0x([0-9a-f]{1,16})-0x[0-9a-f]{1,16}\]/,
    take: ([, base], facts, source) => {
      facts.its ??= { address: Number.parseInt(base, 16), source };
    },
  },
  {
    form: /\bITS@0x[0-9a-f]{1,16}: allocated \d+ (Devices|Interrupt Collections|Virtual CPUs) @([0-9a-f]{1,16}) \((indirect|flat), esz (\d{1,3}), psz (\d{1,3})K/,
    take: ([, what, address, form, entryBytes, pageKiB], facts, source) =>
      facts.setTable({
        kind: TABLES[what],
        address: Number.parseInt(address, 16),
        indirect: form === "indirect",
        entryBytes: Number(entryBytes),
        pageBytes: Number(pageKiB) * 1024,
        bytes: undefined,
        source,
      }),
  },
  {
    form: /\bGICv3: using LPI property table @0x([0-9a-f]{1,16})/,
    take: ([, address], facts, source) => {
      facts.propertyTable ??= { address: Number.parseInt(address, 16), source };
    },
  },
  {
    form: /\bCPU(\d{1,4}): using (?:allocated|reserved) LPI pending table @0x([0-9a-f]{1,16})/,
    take: ([, pe, address], facts, source) =>
      learn(facts.pendingTables, Number(pe), { address: Number.parseInt(address, 16), source }),
  },
  {
    form: /\bCPU(\d{1,4}): found redistributor [0-9a-f]{1,16} region \d{1,4}:0x([0-9a-f]{1,16})/,
    take: ([, pe, address], facts, source) =>
      learn(facts.redistributors, Number(pe), { address: Number.parseInt(address, 16), source }),
  },
  { form: /\bnode {1,4}\d{1,4}: \[mem 0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\]/, take: takeRam },
  { form: /^([0-9a-f]{8,16})-([0-9a-f]{8,16}) : System RAM$/, take: takeRam },
];

/** Takes what a text says about an ITS: lines of a kernel's log, and of /proc/interrupts. What is no such line is passed over. */
export function* readLog(text: string, file: string, facts: CaptureFacts): Work<void> {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    number++;
    if (end - start <= MAX_LINE) readLine(text.slice(start, end), { file, line: number }, facts);
    start = end + 1;
    if (number % LINES_A_STEP === 0) yield;
  }
}

function readLine(line: string, source: Source, facts: CaptureFacts): void {
  if (line.includes("ITS-") && facts.interrupts.length < MAX_INTERRUPTS) {
    const interrupt = readInterrupt(line, source);
    if (interrupt !== undefined) facts.interrupts.push(interrupt);
    return;
  }
  if (!line.includes("ITS") && !line.includes("LPI") && !/redistributor|\bnode |System RAM/.test(line)) return;
  for (const { form, take } of patterns) {
    const found = form.exec(line);
    if (found !== null) take(found, facts, source);
  }
}

/** `17:  1  0  0  0   ITS-MSI 16384 Edge      PCIe PME, aerdrv, pciehp` (kernel/irq/proc.c show_interrupts). */
function readInterrupt(line: string, source: Source): InterruptLine | undefined {
  const words = line.trim().split(/\s+/);
  const irq = /^(\d{1,10}):$/.exec(words[0] ?? "");
  if (irq === null) return undefined;
  const counts: number[] = [];
  let at = 1;
  for (; /^\d{1,15}$/.test(words[at] ?? ""); at++) counts.push(Number(words[at]));
  const [chip, hwirq, trigger] = words.slice(at, at + 3);
  if (chip?.startsWith("ITS-") !== true || !/^\d{1,15}$/.test(hwirq ?? "")) return undefined;
  const named = trigger === "Edge" || trigger === "Level" ? at + 3 : at + 2;
  return {
    irq: Number(irq[1]),
    counts,
    chip,
    hwirq: Number(hwirq),
    actions: words.slice(named).join(" "),
    source,
  };
}
