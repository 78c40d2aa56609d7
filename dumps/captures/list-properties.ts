import { layoutNames } from "../../architecture/layouts/index.ts";
import type { CaptureFacts, Source } from "./facts.ts";
import { learn } from "./facts.ts";

/** What a property of a list of addresses tells, and of which file. */
interface Target {
  readonly facts: CaptureFacts;
  readonly source: Source;
}

/** A property of a list of addresses. `by-number` and `by-name` are objects of addresses, `addresses` is a list of them by PE. */
export type ListProperty = { readonly name: string; readonly summary: string } & (
  | { readonly kind: "address"; readonly take: (address: number, target: Target) => void }
  | {
      readonly kind: "addresses" | "by-number";
      readonly take: (index: number, address: number, target: Target) => void;
    }
  | { readonly kind: "itts"; readonly take: (deviceId: number, address: number, target: Target) => void }
  | { readonly kind: "ranges"; readonly take: (base: number, bytes: number, target: Target) => void }
  | { readonly kind: "by-name" }
  | { readonly kind: "layout" }
);

/** A table of which a list gives the address alone: pages of 64 KiB, as long as its bytes go on. */
function setTable(kind: "device" | "collection", indirect: boolean) {
  return (address: number, { facts, source }: Target): void =>
    facts.setTable({ kind, address, indirect, pageBytes: 0x1_0000, bytes: undefined, source });
}

/** All that `NAME.giccap.json` and other lists of addresses may say. */
export const listProperties: readonly ListProperty[] = [
  {
    name: "layout",
    kind: "layout",
    summary:
      "Whose tables they are: a known layout, or a NAME.giclayout.json of the capture. Without it the layout by which most events make sense.",
  },
  {
    name: "its",
    kind: "address",
    summary: "Address of the ITS's control frame.",
    take: (address, { facts, source }) => {
      facts.its ??= { address, source };
    },
  },
  {
    name: "redistributors",
    kind: "addresses",
    summary: "Address of each PE's redistributor, in the order of the PEs.",
    take: (pe, address, { facts, source }) => learn(facts.redistributors, pe, { address, source }),
  },
  { name: "deviceTable", kind: "address", summary: "Address of a flat device table.", take: setTable("device", false) },
  {
    name: "deviceTableL1",
    kind: "address",
    summary: "Address of level 1 of a two-level device table.",
    take: setTable("device", true),
  },
  {
    name: "deviceTableL2",
    kind: "by-number",
    summary: "Addresses of level-2 pages by their level-1 index; what level 1 says itself need not be said.",
    take: (page, address, { facts, source }) => learn(facts.level2Pages, page, { address, source }),
  },
  {
    name: "collectionTable",
    kind: "address",
    summary: "Address of the collection table.",
    take: setTable("collection", false),
  },
  {
    name: "itts",
    kind: "itts",
    summary: "Addresses of ITTs by DeviceID; what the device table says itself need not be said.",
    take: (deviceId, address, { facts, source }) => learn(facts.itts, deviceId, { address, source }),
  },
  {
    name: "commandQueue",
    kind: "address",
    summary: "Address of the command queue.",
    take: (address, { facts, source }) => {
      facts.commandQueue ??= { address, source };
    },
  },
  {
    name: "lpiConfig",
    kind: "address",
    summary: "Address of the LPI configuration table.",
    take: (address, { facts, source }) => {
      facts.propertyTable ??= { address, source };
    },
  },
  {
    name: "lpiPending",
    kind: "addresses",
    summary: "Address of each PE's LPI pending table, in the order of the PEs.",
    take: (pe, address, { facts, source }) => learn(facts.pendingTables, pe, { address, source }),
  },
  {
    name: "ram",
    kind: "ranges",
    summary: "Where RAM is. What the files do not have of it is unknown; elsewhere there is no memory.",
    take: (from, bytes, { facts }) => facts.ram.push({ from, to: from + bytes }),
  },
  { name: "files", kind: "by-name", summary: "Address of the first byte of files of raw bytes, by their names." },
];

/** Names the schema in a JSON file, for editors. */
export const SCHEMA_KEY = "$schema";

const ADDRESS = { $ref: "#/definitions/address" };

/** JSON schema of `NAME.giccap.json`, which editors complete and check it by. */
export function captureSchema(): object {
  const properties = listProperties.map(({ name, kind, summary }) => [
    name,
    { ...shapeOf(kind), description: summary },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Addresses of a capture of GIC tables",
    type: "object",
    additionalProperties: false,
    definitions: {
      address: {
        oneOf: [
          { type: "string", pattern: "^(0x[0-9a-fA-F]{1,13}|[0-9]{1,16})$" },
          { type: "integer", minimum: 0 },
        ],
      },
    },
    properties: { [SCHEMA_KEY]: { type: "string" }, ...Object.fromEntries(properties) },
  };
}

function shapeOf(kind: ListProperty["kind"]): object {
  switch (kind) {
    case "address":
      return ADDRESS;
    case "addresses":
      return { type: "array", items: ADDRESS };
    case "by-number":
    case "by-name":
      return { type: "object", additionalProperties: ADDRESS };
    case "itts": {
      const item = {
        type: "object",
        required: ["device", "address"],
        properties: { device: ADDRESS, address: ADDRESS },
      };
      return { type: "array", items: item };
    }
    case "ranges": {
      const item = { type: "object", required: ["base", "bytes"], properties: { base: ADDRESS, bytes: ADDRESS } };
      return { type: "array", items: item };
    }
    case "layout":
      return { anyOf: [{ enum: layoutNames }, { type: "string", pattern: "\\.giclayout\\.json$" }] };
  }
}
