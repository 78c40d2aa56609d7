import type { TableLayouts } from "../../architecture/layout.ts";
import type { DumpDocument } from "../document.ts";
import { parseNumber } from "../hex-text/hints.ts";
import { guessTable, type TableGuess } from "../tables/guess-table.ts";
import { sectionMemory } from "../tables/section-memory.ts";
import { hintOptions } from "../tables/sections.ts";
import type { TableName } from "../tables/table-names.ts";
import { finish } from "../work.ts";
import { type CaptureFacts, learn, type TablePlace } from "./facts.ts";

/** The layout that a dump says its tables have, or why it cannot be had. */
export interface SaidLayout {
  readonly layout?: TableLayouts | undefined;
  readonly refused?: string | undefined;
}

/** Bytes of a page where a section does not say it. */
const USUAL_PAGE_BYTES = 0x1_0000;

/**
 * Takes what the `# gic:` lines of a dump say: where its tables are. Pending tables count as those of PEs 0, 1, 2 in the order of their
 * sections, as `gicwb state dump` writes them.
 * @returns the layout that the first section names which names one
 */
export function takeSections(document: DumpDocument, file: string, facts: CaptureFacts): SaidLayout {
  let said: SaidLayout = {};
  let pes = 0;
  for (const section of document.sections) {
    const { options } = hintOptions(section.hints, document.layoutFiles);
    if (options.table === undefined) continue;
    const memory = finish(sectionMemory(document, section));
    // As for the decoder, a table begins where its dump does.
    const address = Number(options.base ?? memory.start);
    if (memory.isEmpty || address > Number.MAX_SAFE_INTEGER) continue;
    if (said.layout === undefined && said.refused === undefined)
      said = { layout: options.layout, refused: options.refused };
    const source = { file, line: section.line };
    switch (options.table) {
      case "device-table":
      case "device-table-l1":
      case "collection-table":
      case "vpe-table": {
        const indirect = options.levels === 2 || options.table === "device-table-l1";
        facts.setTable({
          kind: options.table === "collection-table" ? "collection" : options.table === "vpe-table" ? "vpe" : "device",
          address,
          indirect,
          entryBytes: 8,
          pageBytes: options.pageSize ?? USUAL_PAGE_BYTES,
          bytes: options.size,
          // A level 1 has no end that is seen: its pages may follow it.
          ...(indirect || memory.end <= address ? {} : { seen: memory.end - address }),
          source,
        });
        break;
      }
      case "itt": {
        const device = parseNumber(section.hints["device-id"] ?? "");
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
        learn(facts.pendingTables, pes++, { address, source });
        break;
      default:
    }
  }
  return said;
}

/**
 * Takes what the words of a dump tell that says nothing of its tables itself: a device, collection or vPE table from its first address on.
 * @returns what was guessed, also where it is a table of which a capture has no place
 */
export function takeGuess(document: DumpDocument, file: string, facts: CaptureFacts): TableGuess | undefined {
  const guess = finish(guessTable(document));
  if (guess === undefined) return undefined;
  const { memory } = document;
  const kind = guessedKinds[guess.table];
  if (kind === undefined || memory.start > Number.MAX_SAFE_INTEGER) return guess;
  const indirect = guess.levels === 2;
  facts.setTable({
    kind,
    address: memory.start,
    indirect,
    entryBytes: 8,
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
