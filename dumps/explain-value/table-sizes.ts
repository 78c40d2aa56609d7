import { hex } from "../../architecture/hex.ts";
import type { TableKind } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import { type Explanation, notExplained, type Reading, sentence } from "./reading.ts";
import { bytesText, parseValue } from "./value-text.ts";

/** MAPD has ITT_addr [51:8]. */
const ITT_ALIGNMENT = 256;
/** GITS_BASER<n>.Size counts pages less one in 8 bits. */
const MOST_PAGES = 256;
/** GITS_BASER<n>.Page_Size. */
const pageSizes = [0x1000, 0x4000, 0x1_0000];
const MOST_ID_BITS = 32;
const FIRST_LPI = 8192;

const counts = ["devices", "events", "collections", "lpis"] as const;
type Counts = Partial<Record<(typeof counts)[number], number>>;

/**
 * What registers and commands have to say for so many devices, events a device, collections and LPIs: the way back from a table's
 * description. Ids are taken to begin at 0, LPIs at 8192. @param words `devices=1024 events=32 …`
 */
export function explainSizes(words: readonly string[]): Explanation {
  const wanted: Counts = {};
  for (const word of words) {
    const [name, text] = word.split("=", 2);
    const count = counts.find((known) => known === name.toLowerCase());
    if (count === undefined)
      return notExplained(`Sizes are of ${counts.join(", ")}: devices=1024 events=32.`, name, counts);
    const value = text === undefined ? undefined : parseValue(text);
    if (value === undefined || value < 1n || value > 1n << BigInt(MOST_ID_BITS)) {
      return notExplained(`${name} is a number from 1 to 2^${MOST_ID_BITS}: ${name}=1024.`, word);
    }
    wanted[count] = Number(value);
  }
  const readings = [
    ...(wanted.devices === undefined ? [] : tableSizes("device", "DeviceIDs", wanted.devices)),
    ...(wanted.collections === undefined ? [] : tableSizes("collection", "ICIDs", wanted.collections)),
    ...(wanted.events === undefined ? [] : [ittSize(wanted.events)]),
    ...(wanted.lpis === undefined ? [] : [lpiTables(wanted.lpis)]),
  ];
  return readings.length === 0
    ? notExplained("Say how many: devices=1024 events=32 collections=4 lpis=4096.")
    : { ok: true, readings };
}

/** Layouts by the bytes of their entries of a kind. */
function layoutsByBytes(kind: TableKind): ReadonlyMap<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { name, entries } of Object.values(layouts)) {
    const bytes = entries[kind]?.bytes ?? 0;
    if (bytes > 0) found.set(bytes, [...(found.get(bytes) ?? []), name]);
  }
  return found;
}

function tableSizes(kind: "device" | "collection", ids: string, count: number): Reading[] {
  return [...layoutsByBytes(kind)].map(([bytes, names]) => {
    const flat = pageSizes.map((page) => {
      const pages = Math.ceil((count * bytes) / page);
      return pages <= MOST_PAGES
        ? `Flat, pages of ${bytesText(page)}: Size ${pages - 1} (${bytesText(pages * page)}).`
        : `Flat, pages of ${bytesText(page)}: ${pages} of them are more than the ${MOST_PAGES} that Size counts.`;
    });
    const twoLevels = pageSizes.map((page) => {
      const level1 = Math.ceil(count / Math.floor(page / bytes));
      const pages = Math.ceil((level1 * LEVEL1_ENTRY_BYTES) / page);
      return pages <= MOST_PAGES
        ? `Two levels, pages of ${bytesText(page)}: Indirect 1, Size ${pages - 1}; ${level1} level-1 ${level1 === 1 ? "entry is" : "entries are"} in use, each with a page for ${Math.floor(page / bytes)} ${ids}.`
        : `Two levels, pages of ${bytesText(page)}: level 1 takes ${pages} pages, more than ${MOST_PAGES}.`;
    });
    return sentence(
      "size",
      `${count} ${ids}, entries of ${bytes} bytes (${names.join(", ")})`,
      `The ${kind} table takes ${bytesText(count * bytes)}; the ids have ${bitsOf(count)} bits.`,
      [...flat, ...(kind === "device" ? twoLevels : [])],
    );
  });
}

function ittSize(events: number): Reading {
  const bits = bitsOf(events);
  const sizes = [...layoutsByBytes("itt")].map(([bytes, names]) => {
    return `Entries of ${bytes} bytes (${names.join(", ")}): ${bytesText(2 ** bits * bytes)}.`;
  });
  return sentence(
    "size",
    `${events} EventIDs`,
    `MAPD Size=${bits - 1}: the ITT has room for 2^${bits} EventIDs, at a multiple of ${ITT_ALIGNMENT} bytes.`,
    [
      ...sizes,
      "Entries have GITS_TYPER.ITT_entry_size + 1 bytes on hardware. MAPD's Size is the number of EventID bits less one, so it counts powers of two.",
    ],
  );
}

function lpiTables(lpis: number): Reading {
  const bits = Math.max(14, bitsOf(FIRST_LPI + lpis));
  return sentence(
    "size",
    `${lpis} LPIs`,
    `GICR_PROPBASER.IDbits ${bits - 1}: INTIDs 0 to ${2 ** bits - 1}, LPIs from ${FIRST_LPI} on.`,
    [
      `The configuration table takes a byte an LPI, ${bytesText(2 ** bits - FIRST_LPI)}, at a multiple of 4 KiB; for the ${lpis} LPIs alone ${bytesText(lpis)}.`,
      `The pending table of each PE takes a bit an INTID, those below ${FIRST_LPI} included: ${bytesText(2 ** bits / 8)}, at a multiple of 64 KiB; the bit of LPI ${FIRST_LPI} is at offset ${hex(FIRST_LPI / 8)}.`,
    ],
  );
}

/** Bits of ids 0 to count - 1, at least 1. */
function bitsOf(count: number): number {
  return Math.max(1, Math.ceil(Math.log2(count)));
}
