import type { TableLayouts } from "../../architecture/layout.ts";
import { layoutNamed, layoutNames, layouts } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../document.ts";
import type { SavedGuest } from "../guests/guest.ts";
import { guestFrames, tellFacts } from "../guests/guest-facts.ts";
import {
  LAYOUT_FILE_ENDING,
  type LayoutFile,
  type LayoutFiles,
  readLayoutFile,
  withLayoutFiles,
} from "../layout-files/index.ts";
import { DumpMemory } from "../memory.ts";
import type { TableGuess } from "../tables/guess-table.ts";
import { finish, type Work } from "../work.ts";
import { readAddressList } from "./address-list.ts";
import { readLog } from "./boot-log.ts";
import type { Capture, CaptureFile, PlacedMemory } from "./capture.ts";
import { CaptureMemory } from "./capture-memory.ts";
import { type DumpPiece, piecesOf } from "./dump-pieces.ts";
import { CaptureFacts } from "./facts.ts";
import { readFrames } from "./frames.ts";
import { readIrqDebug } from "./irq-debug.ts";
import { mergeFacts, mergeRegisters } from "./merge-facts.ts";
import { ownAddress, placeByFacts, placeByName, type Unplaced } from "./place-pieces.ts";
import type { ValueDisagreement } from "./report.ts";
import { findTables } from "./said/find-tables.ts";
import { readQemuTrace, type Traced } from "./said/qemu-trace.ts";
import { factsOfTrace } from "./said/trace-facts.ts";
import { readVgicText } from "./said/vgic-text.ts";
import { takeGuess, takeSections } from "./section-facts.ts";

/** Problems of a core that are told one by one. */
const MAX_CORE_PROBLEMS = 20;

/** {@link openCaptureWork}, all at once. */
export function openCapture(files: readonly CaptureFile[]): Capture {
  return finish(openCaptureWork(files));
}

/**
 * Reads the files of a capture together: where tables are, and which memory is known. Registers in memory are believed before those of
 * traces, and both before logs.
 */
export function* openCaptureWork(files: readonly CaptureFile[]): Work<Capture> {
  const said = new CaptureFacts();
  const addresses = new Map<string, number>();
  const problems: { file: string; message: string }[] = [];
  const dumps: PlacedMemory[] = [];
  const unplaced: Unplaced[] = [];
  const guests: { name: string; guest: SavedGuest }[] = [];
  const traces: Traced[] = [];
  let hasKvm = false;
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
    if ("bytes" in content) {
      const piece: DumpPiece = {
        memory: new DumpMemory([{ address: 0, bytes: content.bytes }]),
        addresses: "raw",
        origin: 0n,
      };
      unplaced.push({ name, piece, table: undefined, isWhole: true });
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
      yield* readLog(content.text, name, said);
      const traced = yield* readQemuTrace(content.text, name);
      if (traced !== undefined) traces.push(traced);
      for (const message of traced?.problems ?? []) problems.push({ file: name, message });
      const vgic = yield* readVgicText(content.text, name, said);
      hasKvm ||= vgic !== undefined;
      for (const message of vgic?.problems ?? []) problems.push({ file: name, message });
      const dump = withLayoutFiles(content.dump, new Map([...layoutFiles, ...(content.dump.layoutFiles ?? [])]));
      const pieces = piecesOf(dump);
      const hinted = takeSections(dump, name, pieces, said);
      layout ??= hinted.layout;
      if (hinted.refused !== undefined) problems.push({ file: name, message: hinted.refused.replace(/\.$/, "") });
      readIrqDebug(content.text, name, said);
      for (const piece of pieces) {
        const { memory, addresses: kind, origin } = piece;
        const table = hinted.floating.find((floating) => floating.piece === piece);
        if (kind === "physical") dumps.push({ name, memory, shift: Number(origin) });
        else unplaced.push({ name, piece, table, isWhole: pieces.length === 1 });
      }
    }
  }
  const facts = new CaptureFacts();
  const memory = new CaptureMemory();
  const without = placeByName(unplaced, addresses, said, dumps);
  for (const { memory: known, name, shift } of dumps) memory.add(known, name, shift);
  readFrames(memory, said, facts);
  const values: ValueDisagreement[] = [];
  for (const traced of traces) values.push(...mergeRegisters(facts, yield* factsOfTrace(traced, said)));
  const disagreements = mergeFacts(facts, said);
  layout ??= layoutByIdentity(facts);
  if (guests.length === 1) layout ??= layouts[guests[0].guest.layout];
  // Only QEMU's own ITS has these events; with KVM's the kernel has the ITS.
  if (traces.some(({ its, tables }) => !its.isEmpty || !tables.isEmpty)) layout ??= layouts.qemu;
  if (hasKvm) layout ??= layouts["kvm-rev0"];
  for (const found of yield* findTables(memory, layout, facts)) problems.push(found);
  const guess = guessOf(files, facts);
  layout ??= guess?.layout;
  const { floating, told } = placeByFacts(without, guess !== undefined, facts, dumps);
  problems.push(...told);
  return { facts, disagreements, values, dumps, guests, floating, layout, ...(guess && { guess }), problems };
}

/** Which table the dump of a capture is that is alone and does not say it. */
function guessOf(files: readonly CaptureFile[], facts: CaptureFacts): TableGuess | undefined {
  const [{ name, content }] = files;
  if (files.length > 1 || !("dump" in content) || facts.tables.size > 0) return undefined;
  const [piece] = piecesOf(content.dump);
  return piece && takeGuess(content.dump, name, ownAddress(piece), facts);
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
