import type { DumpDocument } from "../document.ts";
import type { DumpSection } from "../hex-text/hints.ts";
import type { DumpMemory, Extent } from "../memory.ts";
import { sectionMemory } from "../tables/section-memory.ts";
import { hintOptions, type SectionRequest } from "../tables/sections.ts";
import { finish } from "../work.ts";

/** Bytes of a dump that stand in one place of memory, and what its addresses are. */
export interface DumpPiece {
  /** The bytes, at the addresses that the decoder has for them. */
  readonly memory: DumpMemory;
  /**
   * `physical`: those of memory. `virtual`: those of a kernel, beyond all physical ones. `offsets`: they begin at 0, or there are none, so that they
   * count from somewhere. `raw`: a file of bytes, which has none.
   */
  readonly addresses: "physical" | "virtual" | "offsets" | "raw";
  /** What is added to the decoder's addresses to have those that the dump has. */
  readonly origin: bigint;
  /** Which table it is, where a `# gic:` line says it. */
  readonly section?: { readonly at: DumpSection; readonly options: SectionRequest };
}

/** Physical addresses of the architecture have 52 bits at most. */
const PHYSICAL_END = 2n ** 52n;

/** The pieces of a text dump: one for each window of addresses; of those that are no physical ones, one for each table that a line names. */
export function piecesOf(document: DumpDocument): DumpPiece[] {
  return document.memory.parts().flatMap(({ memory, window }): DumpPiece[] => {
    if (memory.isEmpty) return [];
    const { origin } = memory;
    const first = origin + BigInt(memory.start);
    const addresses =
      first >= 0n && origin + BigInt(memory.end) <= PHYSICAL_END ? (first === 0n ? "offsets" : "physical") : "virtual";
    if (addresses === "physical") return [{ memory, addresses, origin }];
    const found: DumpPiece[] = [];
    let rest: DumpMemory = memory;
    for (const at of document.sections) {
      const { options } = hintOptions(at.hints, document.layoutFiles);
      const isElsewhere = window !== undefined && (at.lastLine < window.line || at.line > window.lastLine);
      if (options.table === undefined || isElsewhere) continue;
      const own = memory.within(finish(sectionMemory(document, at)).spans());
      if (own.isEmpty) continue;
      found.push({ memory: own, addresses, origin, section: { at, options } });
      rest = rest.within(outside(own));
    }
    return rest.isEmpty ? found : [...found, { memory: rest, addresses, origin }];
  });
}

/** All addresses that a memory does not hold. */
function* outside(memory: DumpMemory): Generator<Extent> {
  let from = 0;
  for (const { address, length } of memory.spans()) {
    if (address > from) yield { address: from, length: address - from };
    from = address + length;
  }
  yield { address: from, length: Number.MAX_SAFE_INTEGER - from };
}

/** What a piece's addresses are, for sentences. */
export function pieceText({ memory, addresses }: DumpPiece): string {
  const first = memory.format(memory.start);
  return addresses === "virtual"
    ? `its addresses from ${first} on are a kernel's, and no physical ones`
    : "its addresses begin at 0 or are absent, so that they count from a place that it does not tell";
}
