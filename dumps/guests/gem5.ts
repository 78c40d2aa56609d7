import { defaultBases, MAX_PES } from "../../architecture/bases.ts";
import { FileMemory } from "./file-memory.ts";
import { FileRuns } from "./file-runs.ts";
import { type GuestRegisters, Remarks, type SavedGuest } from "./guest.ts";

/** Longer lines are lists of a device that is not read. */
const MAX_LINE = 65_536;
const MAX_SECTIONS = 65_536;
const PRIVATE_INTIDS = 32;

/** Whether a text is a checkpoint of gem5: an ini file whose first section is named by a path, behind the time of its making. */
export function isGem5(head: string, name: string): boolean {
  return /^## checkpoint generated:/.test(head) || (/(?:^|[/\\])m5\.cpt$/.test(name) && /^\s*\[[\w.]/m.test(head));
}

type Section = ReadonlyMap<string, string>;

/** Values of a list by INTID that make a register of so many bits each (src/dev/arm/gic_v3_distributor.cc, gic_v3_redistributor.cc). */
const LISTS: readonly (readonly [list: string, register: string, bits: number])[] = [
  ["irqGroup", "IGROUPR", 1],
  ["irqEnabled", "ISENABLER", 1],
  ["irqPending", "ISPENDR", 1],
  ["irqActive", "ISACTIVER", 1],
  ["irqPriority", "IPRIORITYR", 8],
  ["irqConfig", "ICFGR", 2],
  ["irqGrpmod", "IGRPMODR", 1],
  ["irqNsacr", "NSACR", 2],
];

/**
 * Reads the GIC of a gem5 checkpoint. Its memory is in files of their own, which are packed.
 * @returns a sentence when there is none
 */
export function readGem5(text: string): SavedGuest | string {
  const sections = sectionsOf(text);
  const distributor = [...sections].find(([name]) => name.endsWith(".distributor"));
  if (distributor === undefined) return "It has no section of a GICv3 (….gic.distributor).";
  const gic = distributor[0].slice(0, -".distributor".length);
  const remarks = new Remarks();
  const notes = new Remarks();
  const cpus: Section[] = [];
  for (let pe = 0; pe < MAX_PES; pe++) {
    const section = sections.get(`${gic}.redistributors.${pe}`);
    if (section === undefined) break;
    cpus.push(section);
  }
  const its = sections.get(`${gic}.its`) ?? [...sections].find(([name]) => name.endsWith(".its"))?.[1];
  notes.add("not-taken", undefined, { what: "registers", names: "ICC_* (in the sections of the CPUs)" });
  notes.add("packed-memory");
  notes.add("assumed", undefined, { what: "frames" });
  return {
    title: "gem5 checkpoint",
    machine: undefined,
    owner: "gem5",
    gicVersion: 3,
    secure: number(distributor[1], "DS") === 0n,
    nmi: false,
    layout: "gem5",
    distributor: distributorOf(distributor[1], remarks),
    redistributors: cpus.map((section, pe) => redistributorOf(section, `redistributors.${pe}`, remarks)),
    cpuInterfaces: cpus.map(() => new Map()),
    contexts: [],
    itss: its === undefined ? [] : [{ base: defaultBases.its, registers: itsOf(its) }],
    writes: [],
    blocks: [],
    memory: new FileMemory(new Uint8Array(), new FileRuns(4096)),
    problems: remarks.list(),
    notes: notes.list(),
  };
}

/** Sections of the GIC by name. */
function sectionsOf(text: string): Map<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = end - start > MAX_LINE ? "" : text.slice(start, end).trim();
    start = end + 1;
    if (line.startsWith("[") && line.endsWith("]")) {
      const name = line.slice(1, -1);
      const isGic = /\.(?:distributor|its|redistributors\.\d{1,4})$/.test(name) && sections.size < MAX_SECTIONS;
      current = isGic ? new Map() : undefined;
      if (current !== undefined) sections.set(name, current);
      continue;
    }
    const equals = line.indexOf("=");
    if (current !== undefined && equals > 0) current.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return sections;
}

function valueOfText(text: string): bigint | undefined {
  if (text === "true") return 1n;
  if (text === "false") return 0n;
  if (!/^(?:0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >> 64n === 0n ? value : undefined;
}

function number(section: Section, name: string): bigint | undefined {
  const text = section.get(name);
  return text === undefined ? undefined : valueOfText(text);
}

function list(section: Section, name: string): (bigint | undefined)[] {
  const text = section.get(name) ?? "";
  return text === "" ? [] : text.split(/\s+/).map(valueOfText);
}

/** Registers of lists by INTID. @param first INTID of the first register's lowest bits */
function addLists(
  values: Map<string, bigint>,
  section: Section,
  prefix: "GICD" | "GICR",
  first: number,
  where: string,
  remarks: Remarks,
): void {
  for (const [name, register, bits] of LISTS) {
    const entries = list(section, name);
    if (entries.length === 0) remarks.add("missing-field", undefined, { name: `${where}.${name}` });
    for (const [intid, entry] of entries.slice(0, 1024).entries()) {
      if (intid < first) continue;
      // Gicv3::IntTriggerType: 0 level-sensitive, 1 edge-triggered, which is bit 1 of the register's field.
      const value = name === "irqConfig" && entry !== undefined ? entry << 1n : entry;
      if (value === undefined || value >> BigInt(bits) !== 0n) {
        remarks.add("missing-field", undefined, { name: `${where}.${name}[${intid}]` });
        continue;
      }
      const key = `${prefix}_${register}${Math.floor((intid * bits) / 32)}`;
      values.set(key, (values.get(key) ?? 0n) | (value << BigInt((intid * bits) % 32)));
    }
  }
}

function distributorOf(section: Section, remarks: Remarks): GuestRegisters {
  // Bits of GICD_CTLR by the names that the checkpoint has for them.
  const bits = [
    ["EnableGrp0", 0],
    ["EnableGrp1NS", 1],
    ["EnableGrp1S", 2],
    ["ARE", 4],
    ["DS", 6],
  ] as const;
  const control = bits.reduce((sum, [name, bit]) => sum | (((number(section, name) ?? 0n) & 1n) << BigInt(bit)), 0n);
  const values = new Map<string, bigint>([["GICD_CTLR", control]]);
  addLists(values, section, "GICD", PRIVATE_INTIDS, "distributor", remarks);
  for (const [intid, route] of list(section, "irqAffinityRouting").slice(0, 1020).entries())
    if (intid >= PRIVATE_INTIDS && route !== undefined) values.set(`GICD_IROUTER${intid}`, route);
  return values;
}

function redistributorOf(section: Section, where: string, remarks: Remarks): GuestRegisters {
  const values = new Map<string, bigint>();
  const flags = [
    ["EnableLPIs", 0],
    ["DPG0", 24],
    ["DPG1NS", 25],
    ["DPG1S", 26],
  ] as const;
  values.set(
    "GICR_CTLR",
    flags.reduce((sum, [name, bit]) => sum | (((number(section, name) ?? 0n) & 1n) << BigInt(bit)), 0n),
  );
  const configuration = number(section, "lpiConfigurationTablePtr");
  if (configuration !== undefined)
    values.set("GICR_PROPBASER", configuration | ((number(section, "lpiIDBits") ?? 0n) & 0x1fn));
  const pending = number(section, "lpiPendingTablePtr");
  if (pending !== undefined) values.set("GICR_PENDBASER", pending);
  if (number(section, "peInLowPowerState") === 1n) values.set("GICR_WAKER", 6n);
  addLists(values, section, "GICR", 0, where, remarks);
  return values;
}

function itsOf(section: Section): GuestRegisters {
  const values = new Map<string, bigint>();
  for (const [name, register] of [
    ["gitsControl", "GITS_CTLR"],
    ["gitsIidr", "GITS_IIDR"],
    ["gitsTyper", "GITS_TYPER"],
    ["gitsCbaser", "GITS_CBASER"],
    ["gitsCwriter", "GITS_CWRITER"],
    ["gitsCreadr", "GITS_CREADR"],
  ] as const) {
    const value = number(section, name);
    if (value !== undefined) values.set(register, value);
  }
  for (const [index, baser] of list(section, "tableBases").slice(0, 8).entries())
    if (baser !== undefined) values.set(`GITS_BASER${index}`, baser);
  return values;
}
