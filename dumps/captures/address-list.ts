import type { CaptureFacts, Source } from "./facts.ts";
import { learn } from "./facts.ts";

/** Numbers and objects of a list of addresses that are looked at. */
const MAX_ENTRIES = 100_000;

/** What a list of addresses says beside facts: where files of bytes are. */
export interface AddressList {
  /** Address of the first byte of a file, by its name. */
  readonly files: ReadonlyMap<string, number>;
  /** Name of the layout, when the list gives one. */
  readonly layout: string | undefined;
  /** What of the list is not understood, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads `NAME.giccap.json`, which says what no other file of a capture says, and lists of addresses as capture scripts leave them:
 * `commandQueue`, `deviceTableL1`, `deviceTableL2: {PAGE: address}`, `collectionTable`, `itts: [{device, address}]`, `lpiConfig`,
 * `lpiPending: [address]`, `its`, `redistributors: [address]`, `files: {NAME: address}`, `layout`. Addresses are numbers or texts like 0x42590000.
 */
export function readAddressList(text: string, file: string, facts: CaptureFacts): AddressList | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      return { files: new Map(), layout: undefined, problems: [`is no JSON: ${error.message}`] };
    throw error;
  }
  if (!isObject(content)) return undefined;
  const reader = new ListReader(content, { file, line: 0 }, facts);
  return reader.read();
}

class ListReader {
  private readonly problems: string[] = [];
  private readonly content: Readonly<Record<string, unknown>>;
  private readonly source: Source;
  private readonly facts: CaptureFacts;

  constructor(content: Readonly<Record<string, unknown>>, source: Source, facts: CaptureFacts) {
    this.content = content;
    this.source = source;
    this.facts = facts;
  }

  read(): AddressList {
    const { facts, source, content } = this;
    this.one("its", (address) => (facts.its ??= { address, source }));
    this.one("commandQueue", (address) => (facts.commandQueue ??= { address, source }));
    this.one("lpiConfig", (address) => (facts.propertyTable ??= { address, source }));
    this.list("lpiPending", (pe, address) => learn(facts.pendingTables, pe, { address, source }));
    this.list("redistributors", (pe, address) => learn(facts.redistributors, pe, { address, source }));
    for (const [page, address] of this.named("deviceTableL2")) {
      const index = addressOf(page);
      if (index === undefined) this.problems.push(`deviceTableL2 has the page "${page}", which is no number`);
      else learn(facts.level2Pages, index, { address, source });
    }
    for (const itt of Array.isArray(content.itts) ? content.itts.slice(0, MAX_ENTRIES) : []) {
      const [device, address] = isObject(itt) ? [addressOf(itt.device), addressOf(itt.address)] : [];
      if (device === undefined || address === undefined)
        this.problems.push("itts has an entry without device and address");
      else learn(facts.itts, device, { address, source });
    }
    const table = { entryBytes: 8, pageBytes: 0x1_0000, bytes: undefined, source } as const;
    this.one("deviceTableL1", (address) => facts.setTable({ ...table, kind: "device", address, indirect: true }));
    this.one("deviceTable", (address) => facts.setTable({ ...table, kind: "device", address, indirect: false }));
    this.one("collectionTable", (address) =>
      facts.setTable({ ...table, kind: "collection", address, indirect: false }),
    );
    const layout = typeof content.layout === "string" ? content.layout : undefined;
    return { files: new Map(this.named("files")), layout, problems: this.problems };
  }

  private one(name: string, take: (address: number) => void): void {
    const value = this.content[name];
    if (value === undefined) return;
    const address = addressOf(value);
    if (address === undefined) this.problems.push(`${name} is no address`);
    else take(address);
  }

  private list(name: string, take: (index: number, address: number) => void): void {
    const value = this.content[name];
    if (value === undefined) return;
    if (!Array.isArray(value)) this.problems.push(`${name} is no list of addresses`);
    else {
      for (const [index, entry] of value.slice(0, MAX_ENTRIES).entries()) {
        const address = addressOf(entry);
        if (address === undefined) this.problems.push(`${name}[${index}] is no address`);
        else take(index, address);
      }
    }
  }

  private named(name: string): [string, number][] {
    const value = this.content[name];
    if (value === undefined) return [];
    if (!isObject(value)) {
      this.problems.push(`${name} is no object of addresses`);
      return [];
    }
    return Object.entries(value).flatMap(([key, entry]): [string, number][] => {
      const address = addressOf(entry);
      if (address !== undefined) return [[key, address]];
      this.problems.push(`${name}.${key} is no address`);
      return [];
    });
  }
}

/** A number from 0 to 2^52, or a text of one, hexadecimal with 0x. */
function addressOf(value: unknown): number | undefined {
  if (typeof value === "string" && !/^(0x[0-9a-f]{1,13}|\d{1,16})$/i.test(value)) return undefined;
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 && number < 2 ** 52 ? number : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
