import { hex } from "../../architecture/index.ts";
import { loadState, type SavedState } from "../../emulator/index.ts";
import { hexLines } from "./hex-lines.ts";
import { lpiTables } from "./saved-lpi-tables.ts";
import { type Range, SavedMemory } from "./saved-memory.ts";
import { ItsTables, type SavedTable } from "./saved-tables.ts";
import { registerLine } from "./state-text.ts";
import { tableRules } from "./table-rules.ts";

/** Characters of a dump at most: what editors of VS Code still give to extensions (50 MB) with room. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** Bytes of tables, those that a `*` stands for among them: readers of dumps fill 256 MiB of them. */
const MAX_TABLE_BYTES = 192 * 1024 * 1024;
/** Comments are no place for text of any length that a file brings along. */
const MAX_COMMENT = 400;

const itsRegisters = [
  "GITS_CTLR",
  "GITS_IIDR",
  "GITS_CBASER",
  "GITS_CREADR",
  "GITS_CWRITER",
  ...Array.from({ length: 8 }, (_, index) => `GITS_BASER${index}`),
];
const peRegisters = ["GICR_CTLR", "GICR_PROPBASER", "GICR_PENDBASER"];

/**
 * The tables of a saved machine as a dump (docs/dumps.md), found by registers and bytes alone, so that those of a machine that cannot be
 * restored can be looked at too. Time and length are bounded, whatever the state says.
 */
export function* stateDump(state: SavedState): Iterable<string> {
  let characters = 0;
  for (const line of new StateDump(state).lines()) {
    characters += line.length + 1;
    if (characters > MAX_CHARACTERS && line !== "*") {
      yield dumpComment(`What follows is left out: a dump has ${MAX_CHARACTERS >> 20} MiB of text at most.`);
      return;
    }
    yield line;
  }
}

/** {@link stateDump} as one text. */
export function stateDumpText(state: SavedState): string {
  return `${[...stateDump(state)].join("\n")}\n`;
}

class StateDump {
  private readonly state: SavedState;
  private readonly memory: SavedMemory;
  private readonly places = new TablePlaces();
  private bytesLeft = MAX_TABLE_BYTES;

  constructor(state: SavedState) {
    this.state = state;
    this.memory = new SavedMemory(state);
  }

  *lines(): Iterable<string> {
    const { state, memory } = this;
    yield* this.heading();
    for (const [its, registers] of state.itss.entries()) {
      const owner = state.itss.length === 1 ? "" : ` of ITS ${its}`;
      const tables = new ItsTables(tableRules(state, registers), memory, registers);
      for (const table of tables.tables()) yield* this.table(table, `${table.title}${owner}`);
    }
    for (const table of lpiTables(state)) yield* this.table(table, table.title);
  }

  private *heading(): Iterable<string> {
    const { model, shape, itss, redistributors } = this.state;
    const { cpus, gicVersion, secure, ram } = shape;
    const states = secure ? ", two Security states" : "";
    yield dumpComment(`Saved machine of ${model}, ${cpus} ${cpus === 1 ? "PE" : "PEs"}, GICv${gicVersion}${states}`);
    for (const { base, bytes } of ram) yield dumpComment(`RAM ${hex(base)} to ${hex(base + bytes - 1)}`);
    const loaded = loadState(this.state);
    if ("failure" in loaded) yield dumpComment(`It cannot be restored: ${loaded.failure.message}.`);
    for (const [its, registers] of itss.entries()) {
      yield "#";
      yield dumpComment(`ITS ${its} at ${hex(shape.its[its])}`);
      for (const name of itsRegisters) {
        const value = registers.get(name) ?? 0n;
        if (value !== 0n) yield dumpComment(registerLine(name, value));
      }
    }
    for (const [pe, registers] of redistributors.entries()) {
      yield "#";
      yield dumpComment(`PE ${pe}`);
      for (const name of peRegisters) {
        const value = registers.get(name);
        if (value !== undefined) yield dumpComment(registerLine(name, value));
      }
    }
  }

  private *table({ notes, hints, ranges, shape }: SavedTable, name: string): Iterable<string> {
    yield "";
    yield dumpComment(`${name[0].toUpperCase()}${name.slice(1)}${notes.length === 0 ? "" : `: ${notes[0]}`}`);
    for (const note of notes.slice(1)) yield dumpComment(note);
    // Without hints the lines would belong to the table above.
    if (ranges.length > 0) yield `# gic: ${hints ?? ""}`.trimEnd();
    for (const [index, range] of ranges.entries()) {
      // A comment between stretches also keeps lines apart whose addresses would else be taken for decimal ones.
      if (index > 0) yield dumpComment(`level-2 page at ${hex(range.from)}`);
      yield* this.range(range, name, shape);
    }
  }

  private *range(whole: Range, name: string, shape: SavedTable["shape"]): Iterable<string> {
    const range = { from: whole.from, to: Math.min(whole.to, whole.from + this.bytesLeft) };
    this.bytesLeft -= range.to - range.from;
    const other = this.places.add(range, name);
    if (other !== undefined) yield dumpComment(`${placeOf(range)} overlaps ${other.name} at ${placeOf(other)}`);
    let at = range.from;
    for (const part of this.memory.ram(range)) {
      if (part.from > at) yield dumpComment(`${placeOf({ from: at, to: part.from })} is not RAM`);
      yield* hexLines(this.memory, part, shape);
      at = part.to;
    }
    if (at < range.to) yield dumpComment(`${placeOf({ from: at, to: range.to })} is not RAM`);
    if (range.to < whole.to) {
      const limit = `${MAX_TABLE_BYTES >> 20} MiB of tables`;
      yield dumpComment(`${placeOf({ from: range.to, to: whole.to })} is left out: a dump has ${limit} at most`);
    }
  }
}

function placeOf({ from, to }: Range): string {
  return `${hex(from)} to ${hex(to - 1)}`;
}

/** A comment line. A text that a file brings along cannot begin another line, or be a `# gic:` line. */
export function dumpComment(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
  return `# ${plain.length > MAX_COMMENT ? `${plain.slice(0, MAX_COMMENT)}…` : plain}`;
}

interface Place extends Range {
  readonly name: string;
}

/** Where tables are, to tell of those that overlap. */
class TablePlaces {
  /** In ascending order, none overlaps another. */
  private readonly places: Place[] = [];

  /** @returns a table that has one of these addresses already */
  add(range: Range, name: string): Place | undefined {
    const { places } = this;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle].to <= range.from) low = middle + 1;
      else high = middle;
    }
    const found = places[low];
    if (found !== undefined && found.from < range.to) return found;
    if (range.from < range.to) places.splice(low, 0, { ...range, name });
    return undefined;
  }
}
