import { COMMAND_BYTES, type CommandWords, decodeCommand, formatCommand } from "../../architecture/command-codec.ts";
import { extractMeaning } from "../../architecture/field.ts";
import type { DumpMemory } from "../memory.ts";
import { fieldText } from "./row-fields.ts";
import { entriesAt, flatSegments, segmentOfId, viewOf } from "./segments.ts";
import type { DecodedTable, RowField, TableRow } from "./table.ts";

/** GITS_CBASER.Size allows 256 pages of 4 KiB. */
const MAX_QUEUE_BYTES = 256 * 4096;

/** A command queue: one row for every packet that is not all zero (a slot that was never written). */
export function commandTable(memory: DumpMemory, base: number, firstId: number): DecodedTable {
  const segments = flatSegments(memory, base, firstId, COMMAND_BYTES, base + MAX_QUEUE_BYTES);
  const wordsAt = (address: number) => wordsOf(viewOf(entriesAt(memory, address, 1, COMMAND_BYTES)));
  const used: number[] = [];
  for (const { firstId: first, count, address } of segments) {
    for (let i = 0; i < count; i++) {
      if (wordsAt(address + i * COMMAND_BYTES).some((word) => word !== 0n)) used.push(first + i);
    }
  }
  const slotAt = (address: number): number => {
    const segment = segments.find((candidate) => {
      return address >= candidate.address && address < candidate.address + candidate.count * COMMAND_BYTES;
    });
    return segment === undefined ? -1 : segment.firstId + Math.floor((address - segment.address) / COMMAND_BYTES);
  };
  const decode = (slot: number): TableRow => {
    const segment = segments[segmentOfId(segments, slot)];
    const address = segment.address + (slot - segment.firstId) * COMMAND_BYTES;
    return commandRow(slot, address, wordsAt(address));
  };
  return {
    name: "command-queue",
    kind: "command-queue",
    layouts: undefined,
    layout: "architecture",
    layoutTitle: "Arm architecture",
    layoutReason: "laid down by it",
    entryName: "command",
    indexName: "slot",
    entryBytes: COMMAND_BYTES,
    base,
    levels: 1,
    columns: [],
    rowCount: used.length,
    row: (i) => decode(used[i]),
    rowAt: (address) => {
      const slot = slotAt(address);
      return slot < 0 ? -1 : used.indexOf(slot);
    },
    entryAt: (address) => {
      const slot = slotAt(address);
      return slot < 0 ? undefined : decode(slot);
    },
    notes: [],
  };
}

function wordsOf(view: DataView): CommandWords {
  const word = (place: number) => view.getBigUint64(place * 8, true);
  return [word(0), word(1), word(2), word(3)];
}

function commandRow(slot: number, address: number, words: CommandWords): TableRow {
  const { command, opcode, values, reservedBits } = decodeCommand(words);
  const fields: RowField[] = values.map(({ field, raw }) => {
    const meaning = extractMeaning(words[field.word], field);
    const { name, summary, msb, lsb } = field;
    return { name: `DW${field.word} ${name}`, raw, meaning, text: fieldText(field, raw, meaning), summary, msb, lsb };
  });
  const notes: string[] = [];
  if (command === undefined && words.some((word) => word !== 0n))
    notes.push(`no command has opcode 0x${opcode.toString(16).padStart(2, "0")}`);
  if (command !== undefined && reservedBits.some((bits) => bits !== 0n)) notes.push("RES0 bits are set");
  const text = words.every((word) => word === 0n) ? "(empty)" : formatCommand(words);
  return { index: slot, lastIndex: slot, address, byteCount: COMMAND_BYTES, words, fields, text, notes };
}
