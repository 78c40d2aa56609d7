import { extractMeaning } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import type { TableKind } from "../../architecture/layout.ts";
import { lpiEnable, lpiPriority } from "../../architecture/layouts/lpi.ts";
import type {
  CollectionSide,
  DeviceSide,
  Differences,
  EventSide,
  LpiDifference,
  NotCompared,
  PlaceSide,
  WordDifference,
} from "./differences.ts";

/** Differences of one kind, as people read them: a row each, the last two cells are A and B. */
export interface DifferenceTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where what a row is about stands, a row each; undefined: nowhere in memory. */
  readonly places: readonly (DifferencePlace | undefined)[];
}

/** Where what A and B say of one thing stands; undefined on a side that does not have it. */
export interface DifferencePlace {
  readonly its: number;
  readonly kind: TableKind;
  readonly a: number | undefined;
  readonly b: number | undefined;
}

/** Differences as tables, the empty ones left out. Ids of an ITS are there where there are several. */
export function differenceTables(differences: Differences): DifferenceTable[] {
  const { places, devices, events, collections, lpis, registers, itss } = differences;
  const several = itss !== undefined || [...devices, ...events, ...collections].some(({ its }) => its > 0);
  const ofIts = (its: number): string[] => (several ? [`${its}`] : []);
  const head = (...columns: string[]) => [...(several ? ["ITS"] : []), ...columns, "A", "B"];
  const tables: DifferenceTable[] = [
    {
      title: "ITSs",
      columns: ["count", "A", "B"],
      rows: itss === undefined ? [] : [["ITSs", `${itss[0]}`, `${itss[1]}`]],
      places: [undefined],
    },
    {
      title: "Tables",
      columns: head("table"),
      rows: places.map(({ its, table, a, b }) => [...ofIts(its), table, side(a, placeText), side(b, placeText)]),
      places: places.map((difference) => placeOf("device", difference)),
    },
    {
      title: "Devices",
      columns: head("DeviceID", "change"),
      rows: devices.map(({ its, change, deviceId, a, b }) => {
        const isMoved = a !== undefined && b !== undefined && a.eventBits === b.eventBits;
        return [...ofIts(its), hex(deviceId), isMoved ? "moved" : change, side(a, deviceText), side(b, deviceText)];
      }),
      places: devices.map((difference) => placeOf("device", difference)),
    },
    {
      title: "Events",
      columns: head("DeviceID", "EventID", "change"),
      rows: events.map(({ its, change, deviceId, eventId, a, b }) => [
        ...ofIts(its),
        hex(deviceId),
        hex(eventId),
        change,
        side(a, eventText),
        side(b, eventText),
      ]),
      places: events.map((difference) => placeOf("itt", difference)),
    },
    {
      title: "Collections",
      columns: head("ICID", "change", "events that go elsewhere"),
      rows: collections.map(({ its, change, icid, a, b, events: moved }) => [
        ...ofIts(its),
        hex(icid),
        change,
        `${moved}`,
        side(a, collectionText),
        side(b, collectionText),
      ]),
      places: collections.map((difference) => placeOf("collection", difference)),
    },
    {
      title: "LPIs",
      columns: ["LPI", "what", "mapped", "A", "B"],
      rows: lpis.map((difference) => {
        const { first, last, kind, pe, mapped } = difference;
        const what = pe === undefined ? kind : `${kind}, PE ${pe}`;
        const range = first === last ? `${first}` : `${first} to ${last}`;
        return [range, what, mapped ? "yes" : "no", lpiText(difference, "a"), lpiText(difference, "b")];
      }),
      places: lpis.map(({ kind, addressA, addressB }) => ({
        its: 0,
        kind: kind === "pending" ? "lpi-pending" : "lpi-config",
        a: addressA,
        b: addressB,
      })),
    },
    {
      title: "Registers",
      columns: ["register", "A", "B"],
      rows: registers.map(({ name, a, b }) => [name, hex(a), hex(b)]),
      places: registers.map(() => undefined),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** Entries that mean the same and are different words. */
export function wordTables({ words }: Differences): DifferenceTable[] {
  const rowOf = ({ table, deviceId, eventId, a, b }: WordDifference): string[] => {
    const id = eventId === undefined ? "" : hex(eventId);
    return [table, hex(deviceId), id, hex(a.entry, 16), hex(b.entry, 16)];
  };
  const titles = { next: "The same but for next", "other bits": "The same but for bits without a meaning" } as const;
  return (["next", "other bits"] as const).flatMap((kind) => {
    const found = words.filter((word) => word.kind === kind);
    if (found.length === 0) return [];
    const columns = ["table", "DeviceID", "EventID", "A", "B"];
    const places = found.map((word) => placeOf(word.table === "ITT" ? "itt" : "device", word));
    return [{ title: titles[kind], columns, rows: found.map(rowOf), places }];
  });
}

function placeOf(
  kind: TableKind,
  difference: {
    readonly its: number;
    readonly a: { readonly address: number } | undefined;
    readonly b: { readonly address: number } | undefined;
  },
): DifferencePlace {
  const { its, a, b } = difference;
  return { its, kind, a: a?.address, b: b?.address };
}

function side<Side>(value: Side | undefined, text: (side: Side) => string): string {
  return value === undefined ? "-" : text(value);
}

function placeText({ address, levels, bytes }: PlaceSide): string {
  return `${hex(address)}, ${levels === 2 ? "two-level" : "flat"}${bytes === undefined ? "" : `, ${bytes} bytes`}`;
}

function deviceText({ ittAddress, eventBits, events }: DeviceSide): string {
  return `ITT ${hex(ittAddress)}, ${eventBits} EventID ${eventBits === 1 ? "bit" : "bits"}, ${events} mapped`;
}

function eventText({ intid, icid, vpe, target }: EventSide): string {
  if (vpe !== undefined) return `vLPI ${intid}, vPE ${vpe}`;
  const where = typeof target === "number" ? `PE ${target}` : target === "unknown" ? "PE ?" : "no PE";
  return `LPI ${intid}, ICID ${icid === undefined ? "?" : hex(icid)}, ${where}`;
}

function collectionText({ target }: CollectionSide): string {
  return target === undefined ? "no PE" : `PE ${target}`;
}

function lpiText({ kind, ...sides }: LpiDifference, which: "a" | "b"): string {
  const value = sides[which];
  if (kind === "pending") return value === 1 ? "pending" : "not pending";
  const byte = BigInt(value);
  const enabled = extractMeaning(byte, lpiEnable) === 1n ? "enabled" : "not enabled";
  return `${hex(byte, 2)}: ${enabled}, priority ${hex(extractMeaning(byte, lpiPriority))}`;
}

/** What could not be compared, as sentences without their ends. */
export function notComparedText({ what, count }: NotCompared): string {
  const one = count === 1;
  switch (what) {
    case "device":
    case "event":
    case "collection":
      return `${count} ${what}${one ? "" : "s"} of one side: the other has no bytes there`;
    case "LPI configuration":
      return "the LPI configuration tables, as a whole: not both are in the input";
    case "pending table":
      return `${count} LPI pending ${one ? "table" : "tables"}, as a whole: not both are in the input`;
    case "rest":
      return "devices or events beyond those that are looked through";
    case "register":
      return `${count} ${one ? "register" : "registers"} of one side alone`;
  }
}
