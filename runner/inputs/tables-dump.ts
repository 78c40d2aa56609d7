import { hex } from "../../architecture/index.ts";
import type { TableLayouts } from "../../architecture/layout.ts";
import type { CaptureMemory, TablePlace } from "../../dumps/captures/index.ts";
import { type CheckedTables, spanOf } from "../../dumps/checks/index.ts";
import type { Work } from "../../dumps/work.ts";
import { hexLines, type LineShape, type WrittenMemory } from "../saved-machines/hex-lines.ts";
import type { Range } from "../saved-machines/saved-memory.ts";
import { dumpComment } from "../saved-machines/state-dump.ts";
import type { InputTables } from "./tables-input.ts";

/** Characters of a dump at most: what editors of VS Code still give to extensions (50 MB) with room. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** Bytes of all tables that are looked at, those that a `*` stands for among them. */
const MAX_TABLE_BYTES = 192 * 1024 * 1024;
/** ITTs that are written. */
const MAX_ITTS = 16_384;
/** Lines between two slices. */
const SLICE = 1024;
/** Bytes that are looked at together for being zero. */
const BLOCK = 4096;

const WORDS: LineShape = { lineBytes: 16, wordBytes: 8 };
const BYTES: LineShape = { lineBytes: 16, wordBytes: 1 };
const COMMANDS: LineShape = { lineBytes: 32, wordBytes: 8 };

/** A table that is written: what its `# gic:` line says, and where its bytes are. */
interface Section {
  readonly title: string;
  readonly hints: string;
  readonly ranges: readonly Range[];
  readonly shape: LineShape;
}

/**
 * The tables of a capture or a saved guest as a dump, as they are found from its registers, logs and lists on: only bytes that the input has
 * are in it. Time and length are bounded, and what is left out is said.
 */
export function* tablesDump({ name, itss }: InputTables): Work<string> {
  const lines = [dumpComment(`Tables of ${name}`)];
  let characters = 0;
  let bytesLeft = MAX_TABLE_BYTES;
  for (const [its, tables] of itss.entries()) {
    const memory = new KnownBytes(tables.memory);
    if (itss.length > 1) lines.push("#", dumpComment(`ITS ${its}`));
    for (const { title, hints, ranges, shape } of sectionsOf(tables)) {
      const parts = ranges.flatMap((range) => tables.memory.known(range.from, range.to));
      lines.push("", dumpComment(`${title}${parts.length === 0 ? ": none of it is here" : ""}`));
      if (parts.length === 0) continue;
      lines.push(`# gic: ${hints}`);
      for (const [place, part] of parts.entries()) {
        // A comment between stretches keeps lines apart whose addresses would else be taken for neighbours.
        if (place > 0) lines.push(dumpComment(`from ${hex(part.from)} on`));
        const to = Math.min(part.to, part.from + bytesLeft);
        bytesLeft -= to - part.from;
        for (const line of hexLines(memory, { from: part.from, to }, shape)) {
          lines.push(line);
          characters += line.length + 1;
          if (lines.length % SLICE === 0) yield;
          if (characters <= MAX_CHARACTERS || line === "*") continue;
          lines.push(dumpComment(`What follows is left out: a dump has ${MAX_CHARACTERS >> 20} MiB of text at most.`));
          return `${lines.join("\n")}\n`;
        }
        if (to < part.to) {
          lines.push(
            dumpComment(`What follows is left out: a dump has ${MAX_TABLE_BYTES >> 20} MiB of tables at most.`),
          );
          return `${lines.join("\n")}\n`;
        }
      }
      yield;
    }
    if (tables.report.devices.length > MAX_ITTS)
      lines.push("", dumpComment(`${tables.report.devices.length - MAX_ITTS} more ITTs are left out.`));
  }
  return `${lines.join("\n")}\n`;
}

function* sectionsOf({ layout, facts, memory, report, pages }: CheckedTables): Iterable<Section> {
  const { device: dte, itt: ite } = layout.entries;
  for (const place of facts.tables.values()) {
    const own = place.kind === "device" ? pages : [];
    yield tableSection(
      place,
      layout,
      memory,
      own.map(({ base }) => ({ from: base, to: base + place.pageBytes })),
    );
  }
  if (dte !== undefined && ite !== undefined) {
    for (const { deviceId, ittAddress: from, eventBits } of report.devices.slice(0, MAX_ITTS)) {
      yield {
        title: `ITT of DeviceID ${hex(deviceId)}`,
        hints: `table=itt layout=${layout.name} base=${hex(from)} event-bits=${eventBits} device-id=${hex(deviceId)}`,
        ranges: [{ from, to: from + ite.bytes * 2 ** Math.min(eventBits, 16) }],
        shape: ite.bytes % 8 === 0 ? WORDS : { lineBytes: ite.bytes, wordBytes: 4 },
      };
    }
  }
  const { commandQueue, commandQueueBytes, propertyTable, pendingTables, intids } = facts;
  if (commandQueue !== undefined && commandQueueBytes !== undefined) {
    const from = commandQueue.address;
    const ranges = [{ from, to: from + commandQueueBytes }];
    yield { title: "Command queue", hints: `table=command-queue base=${hex(from)}`, ranges, shape: COMMANDS };
  }
  if (propertyTable !== undefined) {
    const from = propertyTable.address;
    const ranges = [{ from, to: from + Math.max(0, intids - 8192) }];
    yield { title: "LPI configuration table", hints: `table=lpi-config base=${hex(from)}`, ranges, shape: BYTES };
  }
  for (const [pe, { address: from }] of pendingTables) {
    const ranges = [{ from, to: from + intids / 8 }];
    yield {
      title: `LPI pending table of PE ${pe}`,
      hints: `table=lpi-pending base=${hex(from)}`,
      ranges,
      shape: BYTES,
    };
  }
}

const titles = { device: "Device table", collection: "Collection table", vpe: "vPE table" } as const;

function tableSection(
  place: TablePlace,
  layout: TableLayouts,
  memory: CaptureMemory,
  pages: readonly Range[],
): Section {
  const { kind, address, indirect, pageBytes } = place;
  const levels = kind !== "device" ? "" : indirect ? ` levels=2 page-size=${pageBytes}` : " levels=1";
  const span = spanOf(place, memory);
  const title = indirect ? `${titles[kind]}, two-level` : titles[kind];
  const hints = `table=${kind}-table layout=${layout.name} base=${hex(address)}${levels}`;
  return { title, hints, ranges: [span, ...pages], shape: WORDS };
}

/** Memory of a capture, of which known ranges alone are asked for. */
class KnownBytes implements WrittenMemory {
  private readonly memory: CaptureMemory;

  constructor(memory: CaptureMemory) {
    this.memory = memory;
  }

  *held({ from, to }: Range): Iterable<{ readonly address: number; readonly bytes: Uint8Array }> {
    for (let address = from; address < to; address += BLOCK) {
      const bytes = this.read(address, Math.min(BLOCK, to - address));
      if (bytes.some((byte) => byte !== 0)) yield { address, bytes };
    }
  }

  read(from: number, length: number): Uint8Array {
    const bytes = this.memory.read(from, length);
    if (bytes === undefined) throw new RangeError(`No ${length} bytes at ${hex(from)}.`);
    return bytes;
  }
}
