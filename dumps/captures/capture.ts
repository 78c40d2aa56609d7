import type { TableLayouts } from "../../architecture/layout.ts";
import { layoutNamed, layoutNames, layouts } from "../../architecture/layouts/index.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import type { DumpDocument } from "../document.ts";
import type { SavedGuest } from "../guests/guest.ts";
import { guestFrames, tellFacts } from "../guests/guest-facts.ts";
import type { KnownMemory } from "../known-memory.ts";
import {
  LAYOUT_FILE_ENDING,
  type LayoutFile,
  type LayoutFiles,
  readLayoutFile,
  withLayoutFiles,
} from "../layout-files/index.ts";
import { DumpMemory } from "../memory.ts";
import type { TableGuess } from "../tables/guess-table.ts";
import type { Work } from "../work.ts";
import { readAddressList } from "./address-list.ts";
import { readLog } from "./boot-log.ts";
import { CaptureMemory } from "./capture-memory.ts";
import { EntryReader } from "./entry-reader.ts";
import { type AddressFact, CaptureFacts } from "./facts.ts";
import { addressOfRole, type FileRole, roleOf } from "./file-roles.ts";
import { readFrames } from "./frames.ts";
import { compareInterrupts } from "./interrupts.ts";
import { readIrqDebug } from "./irq-debug.ts";
import type { CaptureReport, Disagreement, LayoutScore } from "./report.ts";
import { takeGuess, takeSections } from "./section-facts.ts";
import { TableWalk, type Walk } from "./walk.ts";

/** A file of a capture. */
export interface CaptureFile {
  readonly name: string;
  /** A text, with what was read of it as a dump; raw bytes; a core; or a guest that another program saved. */
  readonly content:
    | { readonly text: string; readonly dump: DumpDocument }
    | { readonly bytes: Uint8Array }
    | { readonly core: DumpDocument }
    | { readonly guest: SavedGuest };
}

/** What a capture's files hold, before any layout is tried. */
export interface Capture {
  readonly facts: CaptureFacts;
  readonly disagreements: readonly Disagreement[];
  /** Files of text, cores and saved guests that hold memory, in the order in which they are believed. */
  readonly dumps: readonly { readonly name: string; readonly memory: KnownMemory }[];
  readonly binaries: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly address: number | undefined;
  }[];
  /** Saved guests among the files. */
  readonly guests: readonly { readonly name: string; readonly guest: SavedGuest }[];
  /** Layout that a list of addresses or a `# gic:` line names, that GITS_IIDR tells, or that a saved guest has. */
  readonly layout: TableLayouts | undefined;
  /** Which table a dump was taken for, that is alone and does not say it. */
  readonly guess?: TableGuess;
  /** What is wrong in a file, a sentence each. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

/** The share of the best layout's score from which on another one is about as good. */
const CLOSE = 0.9;
/** Problems of a core that are told one by one. */
const MAX_CORE_PROBLEMS = 20;

/** Reads the files of a capture together: where tables are, and which memory is known. Registers are believed before logs. */
export function openCapture(files: readonly CaptureFile[]): Capture {
  const said = new CaptureFacts();
  const addresses = new Map<string, number>();
  const problems: { file: string; message: string }[] = [];
  const dumps: { name: string; memory: KnownMemory }[] = [];
  const guests: { name: string; guest: SavedGuest }[] = [];
  let layout: TableLayouts | undefined;
  const layoutFiles = layoutFilesOf(files);
  for (const { name, content } of files) {
    if ("guest" in content) {
      const { guest } = content;
      guests.push({ name, guest });
      tellFacts(guest, name, said);
      for (const memory of [guestFrames(guest), guest.memory]) if (!memory.isEmpty) dumps.push({ name, memory });
    }
    if ("core" in content) {
      for (const message of coreProblems(content.core)) problems.push({ file: name, message });
      if (content.core.core?.addresses === "physical") dumps.push({ name, memory: content.core.memory });
    }
    if (!("text" in content) || layoutFiles.has(name)) continue;
    if (name.endsWith(".json")) {
      const list = readAddressList(content.text, name, said);
      for (const [file, address] of list?.files ?? []) addresses.set(file, address);
      for (const message of list?.problems ?? []) problems.push({ file: name, message });
      if (list?.layout !== undefined) {
        const said = layoutOfList(list.layout, layoutFiles);
        if ("layouts" in said) layout ??= said.layouts;
        else for (const message of said.problems) problems.push({ file: name, message });
      }
    } else {
      readLog(content.text, name, said);
      const dump = withLayoutFiles(content.dump, new Map([...layoutFiles, ...(content.dump.layoutFiles ?? [])]));
      const hinted = takeSections(dump, name, said);
      layout ??= hinted.layout;
      if (hinted.refused !== undefined) problems.push({ file: name, message: hinted.refused.replace(/\.$/, "") });
      readIrqDebug(content.text, name, said);
      if (!content.dump.memory.isEmpty) dumps.push({ name, memory: content.dump.memory });
    }
  }
  const facts = new CaptureFacts();
  const memory = new CaptureMemory();
  for (const dump of dumps) memory.add(dump.memory, dump.name);
  readFrames(memory, said, facts);
  const disagreements = merge(facts, said);
  layout ??= layoutByIdentity(facts);
  const binaries = files.flatMap(({ name, content }) =>
    "bytes" in content ? [{ name, bytes: content.bytes, address: addresses.get(name) }] : [],
  );
  if (guests.length === 1) layout ??= layouts[guests[0].guest.layout];
  const [only] = files;
  const guess =
    files.length === 1 && "dump" in only.content && facts.tables.size === 0
      ? takeGuess(only.content.dump, only.name, facts)
      : undefined;
  layout ??= guess?.layout;
  return { facts, disagreements, dumps, guests, binaries, layout, ...(guess && { guess }), problems };
}

/** The layout files among the files of a capture, by their names. */
function layoutFilesOf(files: readonly CaptureFile[]): LayoutFiles {
  const found = new Map<string, LayoutFile>();
  for (const { name, content } of files) {
    if ("text" in content && name.endsWith(LAYOUT_FILE_ENDING)) found.set(name, readLayoutFile(content.text, name));
  }
  return found;
}

/** The layout that a list of addresses names: a known one, or a file of the capture. */
function layoutOfList(name: string, files: LayoutFiles): LayoutFile {
  const layouts = layoutNamed(name);
  if (layouts !== undefined) return { layouts };
  const file = files.get(name);
  if (file !== undefined && "problems" in file)
    return { problems: file.problems.map((problem) => problem.replace(/\.$/, "")) };
  const known = [...layoutNames, ...files.keys()].join(", ");
  return file ?? { problems: [`layout "${name}" is none of ${known}`] };
}

/** GITS_IIDR without its variant and revision: ProductID of KVM, Arm as implementer (Linux vgic.h PRODUCT_ID_KVM, IMPLEMENTER_ARM). */
const KVM_IIDR = 0x4b00_043bn;

/** The layout of the ITS whose registers are known, where they tell it. */
function layoutByIdentity({ registers }: CaptureFacts): TableLayouts | undefined {
  const iidr = registers.get("GITS_IIDR");
  return iidr !== undefined && (iidr & 0xff00_0fffn) === KVM_IIDR ? layouts["kvm-rev0"] : undefined;
}

/** What is wrong with a core as memory of a guest, in parts of a sentence each. */
function coreProblems({ core, problems, problemCount }: DumpDocument): string[] {
  const found = problems
    .slice(0, MAX_CORE_PROBLEMS)
    .map(({ offset = 0, message }) => `offset 0x${offset.toString(16)}: ${message.replace(/\.$/, "")}`);
  if (problemCount > found.length) found.push(`and ${problemCount - found.length} more places like these`);
  if (core?.addresses === "virtual")
    found.push("it is the core of a program: its addresses are virtual ones, so it is not used as memory of a guest");
  return found;
}

/** Adds what other files say to what registers say. @returns where they differ */
function merge(facts: CaptureFacts, said: CaptureFacts): Disagreement[] {
  const found: Disagreement[] = [];
  const check = (what: string, believed: AddressFact | undefined, other: AddressFact | undefined): void => {
    if (believed !== undefined && other !== undefined && believed.address !== other.address)
      found.push({ what, believed, other });
  };
  for (const place of said.tables.values()) {
    check(`the ${place.kind} table`, facts.tables.get(place.kind), place);
    facts.setTable(place);
  }
  for (const name of ["its", "commandQueue", "propertyTable"] as const) {
    check(
      { its: "the ITS", commandQueue: "the command queue", propertyTable: "the LPI configuration table" }[name],
      facts[name],
      said[name],
    );
    facts[name] ??= said[name];
  }
  for (const name of ["pendingTables", "redistributors", "level2Pages", "itts"] as const) {
    for (const [key, fact] of said[name]) {
      check(
        `${name === "pendingTables" ? "the LPI pending table" : "the redistributor"} of PE ${key}`,
        facts[name].get(key),
        fact,
      );
      if (!facts[name].has(key)) facts[name].set(key, fact);
    }
  }
  facts.interrupts.push(...said.interrupts);
  facts.ram.push(...said.ram);
  return found;
}

/**
 * Walks a capture's tables by each layout, and takes the one by which most events make sense.
 * @param wanted the layout, when it is known
 */
export function* walkCapture(capture: Capture, wanted = capture.layout): Work<CaptureReport> {
  const walks: { layout: TableLayouts; walk: Walk; placed: Placed }[] = [];
  for (const layout of wanted === undefined ? Object.values(layouts) : [wanted]) {
    const placed = placeFiles(capture, layout);
    const walk = yield* new TableWalk(layout, placed.memory, capture.facts).run();
    walks.push({ layout, walk, placed });
  }
  walks.sort((a, b) => points(b.walk) - points(a.walk));
  const [best, second] = walks;
  const { devices, missing, leftOut } = best.walk;
  return {
    layout: best.layout,
    scores: walks.map(
      ({ layout: { name }, walk: { sound, unsound } }): LayoutScore => ({ layout: name, sound, unsound }),
    ),
    close: second !== undefined && points(second.walk) >= points(best.walk) * CLOSE,
    devices,
    missing,
    interrupts: compareInterrupts(capture.facts.interrupts, devices),
    conflicts: best.placed.memory.conflicts,
    disagreements: capture.disagreements,
    unplaced: best.placed.unplaced,
    leftOut,
  };
}

/** A capture's memory as a layout places its files. */
export function memoryOf(capture: Capture, layout: TableLayouts): CaptureMemory {
  return placeFiles(capture, layout).memory;
}

/** An entry that makes no sense counts for more than one that does: chance makes few sound ones. */
function points({ sound, unsound }: Walk): number {
  return sound - 2 * unsound;
}

interface Placed {
  readonly memory: CaptureMemory;
  readonly unplaced: readonly string[];
}

/** Memory of a capture with the files of raw bytes at their places. Those of level-2 pages and ITTs may be known by the tables above them alone. */
function placeFiles(capture: Capture, { entries }: TableLayouts): Placed {
  const { facts } = capture;
  const memory = new CaptureMemory();
  for (const { name, memory: known } of capture.dumps) memory.add(known, name);
  let waiting = capture.binaries.map((file) => ({ ...file, role: roleOf(file.name) }));
  const place = (address: (role: FileRole) => number | undefined): void => {
    waiting = waiting.filter(({ name, bytes, role, address: given }) => {
      const at = given ?? (role && addressOfRole(role, facts)) ?? (role && address(role));
      if (at !== undefined) memory.add(new DumpMemory([{ address: at, bytes }]), name);
      return at === undefined;
    });
  };
  place(() => undefined);
  const table = facts.tables.get("device");
  const { device } = entries;
  if (table === undefined || device === undefined) return { memory, unplaced: waiting.map(({ name }) => name) };
  const level1 = new EntryReader(entries.level1 ?? architectureLevel1, memory);
  const pageAddress = (page: number): number | undefined => {
    const entry = level1.read(table.address + page * LEVEL1_ENTRY_BYTES);
    return entry === undefined || !level1.isValid(entry) ? undefined : level1.field(entry, "page-address");
  };
  if (table.indirect) place((role) => (role.kind === "level2" ? pageAddress(role.page) : undefined));
  const dtes = new EntryReader(device, memory);
  const perPage = Math.floor(table.pageBytes / device.bytes);
  place((role) => {
    if (role.kind !== "itt") return undefined;
    const page = table.indirect ? pageAddress(Math.floor(role.deviceId / perPage)) : table.address;
    if (page === undefined) return undefined;
    const entry = dtes.read(page + (table.indirect ? role.deviceId % perPage : role.deviceId) * device.bytes);
    return entry === undefined || !dtes.isValid(entry) ? undefined : dtes.field(entry, "itt-address");
  });
  return { memory, unplaced: waiting.map(({ name }) => name) };
}
