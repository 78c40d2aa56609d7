import type { TableLayouts } from "../../architecture/layout.ts";
import type { DumpDocument } from "../document.ts";
import type { DumpSection } from "../hex-text/hints.ts";
import { parseNumber } from "../hex-text/hints.ts";
import { guessTable, type TableGuess } from "../tables/guess-table.ts";
import { sectionMemory } from "../tables/section-memory.ts";
import { hintOptions, type SectionRequest } from "../tables/sections.ts";
import type { TableName } from "../tables/table-names.ts";
import { finish } from "../work.ts";
import type { DumpPiece } from "./dump-pieces.ts";
import { type CaptureFacts, learn, type TablePlace } from "./facts.ts";
import type { FileRole } from "./file-roles.ts";

/** The layout that a dump says its tables have, or why it cannot be had. */
export interface SaidLayout {
  readonly layout?: TableLayouts | undefined;
  readonly refused?: string | undefined;
}

/** What the `# gic:` lines of a dump say beside addresses. */
export interface SaidTables extends SaidLayout {
  /** Tables in pieces whose addresses are no physical ones. */
  readonly floating: readonly FloatingTable[];
}

/** A table that a line names, and of which the dump does not tell where it is in memory. */
export interface FloatingTable {
  readonly piece: DumpPiece;
  /** What is there; undefined of tables that are found by nothing. */
  readonly role: FileRole | undefined;
  /** Where the line says that it is. */
  readonly base: bigint | undefined;
  /** Tells where it is, once that is known. */
  tell(address: number, facts: CaptureFacts): void;
}

/** Bytes of a page where a section does not say it. */
const USUAL_PAGE_BYTES = 0x1_0000;

/**
 * Takes what the `# gic:` lines of a dump say: where its tables are. Pending tables count as those of PEs 0, 1, 2 in the order of their
 * sections, as `gicwb state dump` writes them.
 * @param pieces of the dump
 * @returns the layout of the first section that names one, and the tables whose place is unknown
 */
export function takeSections(
  document: DumpDocument,
  file: string,
  pieces: readonly DumpPiece[],
  facts: CaptureFacts,
): SaidTables {
  let said: SaidLayout = {};
  let pes = 0;
  const floating: FloatingTable[] = [];
  for (const section of document.sections) {
    const { options } = hintOptions(section.hints, document.layoutFiles);
    if (options.table === undefined) continue;
    const memory = finish(sectionMemory(document, section));
    if (memory.isEmpty) continue;
    if (said.layout === undefined && said.refused === undefined)
      said = { layout: options.layout, refused: options.refused };
    const pe = options.table === "lpi-pending" ? pes++ : 0;
    const own = pieces.filter((piece) => piece.section?.at === section);
    for (const piece of own) {
      const { start, end } = piece.memory;
      floating.push({
        piece,
        role: roleOfSection(section, options, pe),
        base: options.base,
        tell: (address, to) => tellTable(section, options, pe, address, address + (end - start), file, to),
      });
    }
    const piece = own.length > 0 ? undefined : pieces.find((other) => other.memory.holds(memory.start));
    if (piece === undefined) continue;
    // As for the decoder, a table begins where its dump does.
    const address = Number(options.base ?? piece.origin + BigInt(memory.start));
    if (address > Number.MAX_SAFE_INTEGER) continue;
    tellTable(section, options, pe, address, Number(piece.origin + BigInt(memory.end)), file, facts);
  }
  return { ...said, floating };
}

/** What a section holds, as the name of a file would say it. */
function roleOfSection(section: DumpSection, { table }: SectionRequest, pe: number): FileRole | undefined {
  switch (table) {
    case "device-table":
    case "device-table-l1":
      return { kind: "device" };
    case "collection-table":
      return { kind: "collection" };
    case "command-queue":
      return { kind: "queue" };
    case "lpi-config":
      return { kind: "lpi-config" };
    case "lpi-pending":
      return { kind: "lpi-pending", pe };
    case "itt": {
      const device = parseNumber(section.hints["device-id"] ?? "");
      return device === undefined ? undefined : { kind: "itt", deviceId: Number(device) };
    }
    default:
      return undefined;
  }
}

/** @param end address behind the last byte of it that the dump has */
function tellTable(
  { line, hints }: DumpSection,
  { table, levels, pageSize, size }: SectionRequest,
  pe: number,
  address: number,
  end: number,
  file: string,
  facts: CaptureFacts,
): void {
  const source = { file, line };
  switch (table) {
    case "device-table":
    case "device-table-l1":
    case "collection-table":
    case "vpe-table": {
      const indirect = levels === 2 || table === "device-table-l1";
      facts.setTable({
        kind: table === "collection-table" ? "collection" : table === "vpe-table" ? "vpe" : "device",
        address,
        indirect,
        pageBytes: pageSize ?? USUAL_PAGE_BYTES,
        bytes: size,
        // A level 1 has no end that is seen: its pages may follow it.
        ...(indirect || end <= address ? {} : { seen: end - address }),
        source,
      });
      break;
    }
    case "itt": {
      const device = parseNumber(hints["device-id"] ?? "");
      if (device !== undefined) learn(facts.itts, Number(device), { address, source });
      break;
    }
    case "command-queue":
      facts.commandQueue ??= { address, source };
      break;
    case "lpi-config":
      facts.propertyTable ??= { address, source };
      break;
    case "lpi-pending":
      learn(facts.pendingTables, pe, { address, source });
      break;
    default:
  }
}

/**
 * Takes what the words of a dump tell that says nothing of its tables itself: a device, collection or vPE table from its first address on.
 * @param address of the dump's first byte
 * @returns what was guessed, also where it is a table of which a capture has no place
 */
export function takeGuess(
  document: DumpDocument,
  file: string,
  address: number,
  facts: CaptureFacts,
): TableGuess | undefined {
  const guess = finish(guessTable(document));
  if (guess === undefined) return undefined;
  const { memory } = document;
  const kind = guessedKinds[guess.table];
  if (kind === undefined) return guess;
  const indirect = guess.levels === 2;
  facts.setTable({
    kind,
    address,
    indirect,
    pageBytes: USUAL_PAGE_BYTES,
    bytes: undefined,
    ...(indirect ? {} : { seen: memory.end - memory.start }),
    source: { file, line: 1 },
  });
  return guess;
}

const guessedKinds: Readonly<Partial<Record<TableName, TablePlace["kind"]>>> = {
  "device-table": "device",
  "device-table-l1": "device",
  "collection-table": "collection",
  "vpe-table": "vpe",
};
