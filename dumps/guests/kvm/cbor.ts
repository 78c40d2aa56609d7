/** A value of CBOR (RFC 8949): numbers above 2^53 are exact, keys of maps are texts, those that are numbers in decimal. */
export type CborValue = bigint | number | string | boolean | undefined | CborValue[] | Map<string, CborValue>;

/** Why bytes are no CBOR, and where. */
export interface CborProblem {
  readonly offset: number;
  readonly reason: string;
}

const MAX_DEPTH = 32;
/** Values of a file: the frames of 512 vCPUs have 17 million words. */
const MAX_VALUES = 20_000_000;
const INDEFINITE = 31;
const BREAK = Symbol("break");

class CborError extends Error {
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

/** Reads one value. Floating-point numbers are read as 0: no register is one. */
export function parseCbor(bytes: Uint8Array): { readonly value: CborValue } | CborProblem {
  const reader = new Reader(bytes);
  try {
    return { value: reader.item(0) };
  } catch (error) {
    if (!(error instanceof CborError)) throw error;
    return { offset: error.offset, reason: error.message };
  }
}

class Reader {
  private readonly bytes: Uint8Array;
  private at = 0;
  private values = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  item(depth: number): CborValue {
    const value = this.value(depth);
    if (value === BREAK) throw new CborError(this.at, "a break is where a value is expected");
    return value;
  }

  private value(depth: number): CborValue | typeof BREAK {
    if (depth > MAX_DEPTH) throw new CborError(this.at, "it is too deep");
    if (++this.values > MAX_VALUES) throw new CborError(this.at, "it has too many values");
    const first = this.take(1)[0];
    const [major, info] = [first >> 5, first & 31];
    if (major === 7) return this.simple(info);
    const length = info === INDEFINITE ? undefined : this.argument(info);
    switch (major) {
      case 0:
        return length;
      case 1:
        return length === undefined ? undefined : -1n - BigInt(length);
      case 2:
      case 3:
        return this.string(length, depth);
      case 4:
        return this.list(length, depth);
      case 5:
        return this.map(length, depth);
      default:
        return this.item(depth + 1);
    }
  }

  /** true, false, null, or a floating-point number. */
  private simple(info: number): CborValue | typeof BREAK {
    if (info === INDEFINITE) return BREAK;
    if (info >= 24 && info <= 27) this.take(2 ** (info - 24));
    return info === 20 ? false : info === 21 ? true : info >= 25 && info <= 27 ? 0 : undefined;
  }

  private take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new CborError(this.at, "the file ends in the midst of a value");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  private argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw new CborError(this.at, `${info} is no length of an argument`);
    let value = 0n;
    for (const byte of this.take(2 ** (info - 24))) value = (value << 8n) | BigInt(byte);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  private string(length: number | bigint | undefined, depth: number): string {
    if (length === undefined) {
      let text = "";
      for (let part = this.value(depth + 1); part !== BREAK; part = this.value(depth + 1)) text += String(part);
      return text;
    }
    let text = "";
    for (const byte of this.take(Number(length))) text += String.fromCharCode(byte);
    return text;
  }

  private list(length: number | bigint | undefined, depth: number): CborValue[] {
    const items: CborValue[] = [];
    for (let index = 0; length === undefined || index < length; index++) {
      const item = this.value(depth + 1);
      if (item === BREAK) {
        if (length === undefined) break;
        throw new CborError(this.at, "a list ends too soon");
      }
      items.push(item);
    }
    return items;
  }

  private map(length: number | bigint | undefined, depth: number): Map<string, CborValue> {
    const entries = new Map<string, CborValue>();
    for (let index = 0; length === undefined || index < length; index++) {
      const key = this.value(depth + 1);
      if (key === BREAK) {
        if (length === undefined) break;
        throw new CborError(this.at, "a map ends too soon");
      }
      entries.set(typeof key === "object" ? "" : String(key), this.item(depth + 1));
    }
    return entries;
  }
}
