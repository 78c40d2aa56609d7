import {
  architectureLevel1,
  baserPageBytes,
  baserPhysicalAddress,
  baserTableBytes,
  type EntryLayout,
  extractMeaning,
  hex,
  layoutField,
} from "../../architecture/index.ts";
import type { RegisterValues } from "../../emulator/index.ts";
import type { LineShape } from "./hex-lines.ts";
import { validEntries } from "./saved-entries.ts";
import type { Range, SavedMemory } from "./saved-memory.ts";
import { fieldOf, ID_BITS, type TableRules } from "./table-rules.ts";

/** A table of a saved machine: where it is, and what a dump says about it. */
export interface SavedTable {
  readonly title: string;
  /** What is remarkable about it, a sentence each. */
  readonly notes: readonly string[];
  /** Behind `# gic:`; absent when no reader of dumps knows the entries. */
  readonly hints?: string;
  /** The table, then the level-2 pages of a two-level one; whether it is RAM is not asked yet. */
  readonly ranges: readonly Range[];
  readonly shape: LineShape;
}

/** ITTs of one ITS that are looked for; a table of wild bits names millions. */
const MAX_ITTS = 16_384;
/** Level-2 pages of one table, and level-1 entries that point to one of them again. Of 64 KiB, they make 256 MiB. */
const MAX_PAGES = 4096;
/** Level-1 entries that share a page which are told one by one. */
const SHOWN_SHARED = 8;
/** GITS_BASER0.Page_Size of 64 KiB: what KVM makes of every value. */
const PAGE_SIZE_MASK = 0x300n;
const PAGE_SIZE_64K = 0x200n;

const WORDS: LineShape = { lineBytes: 16, wordBytes: 8 };
const COMMANDS: LineShape = { lineBytes: 32, wordBytes: 8 };

/** Kinds of tables by GITS_BASER<n>.Type. */
const kinds = {
  1: { kind: "device", name: "device-table", title: "device table" },
  2: { kind: "vpe", name: "vpe-table", title: "vPE table" },
  4: { kind: "collection", name: "collection-table", title: "collection table" },
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

function kvmPages(baser: bigint): bigint {
  return (baser & ~PAGE_SIZE_MASK) | PAGE_SIZE_64K;
}

/** The registers of an ITS of KVM, with the pages that it takes GITS_BASER<n> for. */
export function withKvmPages(registers: RegisterValues): RegisterValues {
  const pages = [...registers].map(([name, value]): [string, bigint] => [
    name,
    name.startsWith("GITS_BASER") ? kvmPages(value) : value,
  ]);
  return new Map(pages);
}

/** Devices with their ITTs, collections, vPEs and the command queue of one ITS, found by its registers alone. */
export class ItsTables {
  private readonly rules: TableRules;
  private readonly memory: SavedMemory;
  private readonly registers: RegisterValues;

  constructor(rules: TableRules, memory: SavedMemory, registers: RegisterValues) {
    this.rules = rules;
    this.memory = memory;
    this.registers = registers;
  }

  *tables(): Iterable<SavedTable> {
    for (let index = 0; index < 8; index++) {
      const value = this.registers.get(`GITS_BASER${index}`);
      const kind = value === undefined ? undefined : this.kindOf(index, value);
      if (value === undefined || kind === undefined) continue;
      if (value >> 63n === 0n) {
        const notes = [`GITS_BASER${index}.Valid is 0: there is none`];
        yield { title: kind.title, notes, ranges: [], shape: WORDS };
      } else yield* this.table(kind, value);
    }
    yield* this.queue();
  }

  private kindOf(index: number, value: bigint): Kind | undefined {
    if (this.rules.kvm) return index === 0 ? kinds[1] : index === 1 ? kinds[4] : undefined;
    const type = Number((value >> 56n) & 7n);
    return type === 1 || type === 2 || type === 4 ? kinds[type] : undefined;
  }

  private *table(kind: Kind, given: bigint): Iterable<SavedTable> {
    const { rules } = this;
    const entry = rules.entryOf(kind.kind);
    if (entry === undefined) return;
    const value = rules.kvm ? kvmPages(given) : given;
    const from = Number(baserPhysicalAddress(value));
    const to = from + baserTableBytes(value);
    const pageBytes = baserPageBytes(value);
    const indirect = ((value >> 62n) & 1n) === 1n && kind.kind !== "collection";
    const notes: string[] = [];
    const pages = indirect ? this.pages({ from, to }, notes) : new Map<number, number>();
    const levels = kind.kind === "device" ? ` levels=${indirect ? `2 page-size=${pageBytes}` : "1"}` : "";
    const hints = this.hints(entry, `table=${kind.name} layout=${rules.layout} base=${hex(from)}${levels}`, notes);
    const ranges = [{ from, to }, ...Array.from(pages.keys(), (page) => ({ from: page, to: page + pageBytes }))];
    const title = `${kind.title}${indirect ? ", two-level" : ""}`;
    yield { title, notes, ...hints, ranges, shape: WORDS };
    if (kind.kind !== "device") return;
    const stride = rules.strideOf(entry);
    const perPage = Math.floor(pageBytes / stride);
    const places = indirect
      ? Array.from(pages, ([base, slot]) => ({ base, bytes: perPage * stride, firstId: slot * perPage }))
      : [{ base: from, bytes: to - from, firstId: 0 }];
    yield* this.itts(entry, stride, places);
  }

  /** The level-2 pages that a first level points to: address and slot. */
  private pages({ from, to }: Range, notes: string[]): Map<number, number> {
    const layout = this.rules.entryOf("level1") ?? architectureLevel1;
    const address = layoutField(layout, "Address");
    const pages = new Map<number, number>();
    let shared = 0;
    for (const { index, value } of validEntries(this.memory, {
      layout,
      stride: layout.bytes,
      base: from,
      bytes: to - from,
    })) {
      const page = address === undefined ? 0 : Number(extractMeaning(value, address));
      const first = pages.get(page);
      if (first === undefined) pages.set(page, index);
      else if (++shared <= SHOWN_SHARED)
        notes.push(`level-1 entry ${index} points to the page of entry ${first}, ${hex(page)}`);
      if (pages.size < MAX_PAGES && shared < MAX_PAGES) continue;
      notes.push(`level-2 pages beyond level-1 entry ${index} are left out`);
      break;
    }
    if (shared > SHOWN_SHARED)
      notes.push(`${shared - SHOWN_SHARED} more level-1 entries point to pages that others have`);
    return pages;
  }

  private *itts(
    layout: EntryLayout,
    stride: number,
    places: readonly { readonly base: number; readonly bytes: number; readonly firstId: number }[],
  ): Iterable<SavedTable> {
    const address = layoutField(layout, "ITT_addr");
    const size = layoutField(layout, "Size");
    if (address === undefined || size === undefined) return;
    let count = 0;
    for (const { base, bytes, firstId } of places) {
      for (const { index, value } of validEntries(this.memory, { layout, stride, base, bytes })) {
        if (++count > MAX_ITTS) {
          const notes = [`only those of the first ${MAX_ITTS} DTEs are here`];
          yield { title: "ITTs", notes, ranges: [], shape: WORDS };
          return;
        }
        yield* this.itt(firstId + index, Number(extractMeaning(value, address)), Number(extractMeaning(value, size)));
      }
    }
  }

  private *itt(device: number, from: number, eventBits: number): Iterable<SavedTable> {
    const { rules } = this;
    const entry = rules.entryOf("itt");
    if (entry === undefined) return;
    const notes: string[] = [];
    if (eventBits > ID_BITS) {
      notes.push(`its DTE says ${eventBits} EventID bits; the ITS has ${ID_BITS}, and so many are here`);
    }
    const stride = rules.strideOf(entry);
    const to = from + 2 ** Math.min(eventBits, ID_BITS) * stride;
    const about = `table=itt layout=${rules.layout} base=${hex(from)} device-id=${hex(device)} event-bits=${eventBits}`;
    const hints = this.hints(entry, about, notes);
    // Entries of 12 bytes have a line each.
    const shape: LineShape = stride % 8 === 0 ? WORDS : { lineBytes: stride, wordBytes: 4 };
    yield { title: `ITT of DeviceID ${hex(device)}`, notes, ...hints, ranges: [{ from, to }], shape };
  }

  private hints(entry: EntryLayout, hints: string, notes: string[]): { readonly hints?: string } {
    const stride = this.rules.strideOf(entry);
    if (stride === entry.bytes) return { hints };
    notes.push(
      `an entry has ${stride} bytes, ${entry.entryName} and what follows it; no layout of the decoder has that`,
    );
    return {};
  }

  private *queue(): Iterable<SavedTable> {
    const { registers } = this;
    const title = "command queue";
    if (fieldOf(registers, "GITS_CBASER", "Valid") === 0) {
      yield { title, notes: ["GITS_CBASER.Valid is 0: there is none"], ranges: [], shape: COMMANDS };
      return;
    }
    const address = fieldOf(registers, "GITS_CBASER", "Physical_Address");
    const from = this.rules.kvm ? address - (address % 0x10000) : address;
    const to = from + fieldOf(registers, "GITS_CBASER", "Size") * 4096;
    const reader = fieldOf(registers, "GITS_CREADR", "Offset");
    const writer = fieldOf(registers, "GITS_CWRITER", "Offset");
    const notes = [
      `the ITS reads next at ${hex(from + reader)} (slot ${reader / 32}), software writes next at ${hex(from + writer)} (slot ${writer / 32})`,
    ];
    yield { title, notes, hints: `table=command-queue base=${hex(from)}`, ranges: [{ from, to }], shape: COMMANDS };
  }
}
