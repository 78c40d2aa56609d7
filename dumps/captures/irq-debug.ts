import type { CaptureFacts, InterruptLine, Source } from "./facts.ts";

/** Interrupts that are kept, and lines of one text that are looked at. */
const MAX_INTERRUPTS = 65_536;
const MAX_LINES = 4_000_000;
const MAX_LINE = 400;

/** What `grep . irqs/*` and `tail -n +1 irqs/*` say of the file that a line is of. */
const PREFIX = /^\S{0,200}irqs\/(\d{1,10}):/;
const HEADING = /^==> \S{0,200}\/(\d{1,10}) <==$/;
const FIELD = /^ {0,40}(handler|device|effectiv|domain|hwirq|chip): {1,40}(\S{0,200})/;

/** A level of an interrupt's chain of domains. */
interface Level {
  hwirq: number | undefined;
  chip: string;
}

/** One interrupt that is being read. */
interface Block {
  readonly irq: number | undefined;
  readonly source: Source;
  device: string;
  effective: number | undefined;
  readonly levels: Level[];
}

/**
 * Takes interrupts of `/sys/kernel/debug/irq/irqs/N` (Linux kernel/irq/debugfs.c irq_debug_show): the chain of domains, from the one of the
 * MSI, whose hwirq has DeviceID and index, down to the GIC, whose hwirq is the LPI.
 * @param text any text; what is no such line is passed over
 */
export function readIrqDebug(text: string, file: string, facts: CaptureFacts): void {
  if (!text.includes("hwirq:")) return;
  /** The number that the file's name is, where no line says it. */
  const [, name] = /(?:^|[/\\]|irqs?[-_.]?)(\d{1,10})(?:\.txt)?$/.exec(file) ?? [];
  let number = name === undefined ? undefined : Number(name);
  let block: Block | undefined;
  let line = 0;
  for (let start = 0; start < text.length && line < MAX_LINES; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    line++;
    let content = end - start > MAX_LINE ? "" : text.slice(start, end).trimEnd();
    start = end + 1;
    const heading = HEADING.exec(content);
    if (heading !== null) number = Number(heading[1]);
    const prefix = PREFIX.exec(content);
    if (prefix !== null) {
      number = Number(prefix[1]);
      content = content.slice(prefix[0].length);
    }
    const field = FIELD.exec(content);
    if (field === null) continue;
    const [, key, value] = field;
    if (key === "handler") {
      keep(block, facts);
      block = { irq: number, source: { file, line }, device: "", effective: undefined, levels: [] };
    } else if (block !== undefined) take(block, key, value);
  }
  keep(block, facts);
}

function take(block: Block, key: string, value: string): void {
  const level = block.levels.at(-1);
  if (key === "device") block.device = value;
  else if (key === "effectiv") block.effective = /^\d{1,5}$/.test(value) ? Number(value) : undefined;
  else if (key === "domain" && block.levels.length < 16) block.levels.push({ hwirq: undefined, chip: "" });
  else if (key === "chip" && level !== undefined) level.chip = value;
  else if (key === "hwirq" && level !== undefined)
    level.hwirq = /^0x[0-9a-f]{1,13}$/.test(value) ? Number.parseInt(value, 16) : undefined;
}

/** An interrupt that comes through an ITS is one of the capture's. */
function keep(block: Block | undefined, { interrupts }: CaptureFacts): void {
  const msi = block?.levels.find(({ chip }) => chip.startsWith("ITS-"));
  if (block === undefined || msi?.hwirq === undefined || interrupts.length >= MAX_INTERRUPTS) return;
  const gic = block.levels.find(({ chip }) => chip.startsWith("GICv"));
  const line: InterruptLine = {
    irq: block.irq,
    counts: [],
    chip: msi.chip,
    hwirq: msi.hwirq,
    actions: block.device,
    intid: gic?.hwirq,
    effective: block.effective,
    source: block.source,
  };
  interrupts.push(line);
}
