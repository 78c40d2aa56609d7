/** Something a recording says that cannot be read. The message is for the person who ran the harness. */
export class RecordingError extends Error {}

/** One JSON object of a recording, read field by field; every misfit is a RecordingError that names the field. */
export class Fields {
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(value: unknown, what: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new RecordingError(`${what} is not a JSON object`);
    }
    this.members = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.members[name] !== undefined;
  }

  names(): string[] {
    return Object.keys(this.members);
  }

  raw(name: string): unknown {
    return this.members[name];
  }

  text(name: string): string {
    const value = this.members[name];
    if (typeof value !== "string") {
      throw new RecordingError(`"${name}" is not a string`);
    }
    return value;
  }

  textOr(name: string, fallback: string): string {
    return this.has(name) ? this.text(name) : fallback;
  }

  /** A number that fits in 32 bits and a sign: counts, errno values, levels. */
  small(name: string): number {
    const value = Number(this.big(name));
    if (Math.abs(value) > 0xffff_ffff) {
      throw new RecordingError(`"${name}" is larger than 32 bits`);
    }
    return value;
  }

  /** A number of up to 64 bits, written as a JSON number or as text such as "0x1f". */
  big(name: string): bigint {
    return toBig(this.members[name], `"${name}"`);
  }

  bigOr(name: string, fallback: bigint): bigint {
    return this.has(name) ? this.big(name) : fallback;
  }

  /** A number of bytes that is kept in one piece; bounded so that a damaged recording cannot ask for all memory. */
  length(name: string): number {
    const value = this.big(name);
    if (value < 0n || value > 0x1000_0000n) {
      throw new RecordingError(`"${name}" is ${hex(value)} bytes; more than 256 MiB is not replayed`);
    }
    return Number(value);
  }

  list(name: string): readonly unknown[] {
    const value = this.members[name];
    if (!Array.isArray(value)) {
      throw new RecordingError(`"${name}" is not a list`);
    }
    return value;
  }

  listOrEmpty(name: string): readonly unknown[] {
    return this.has(name) ? this.list(name) : [];
  }

  object(name: string): Fields {
    return new Fields(this.members[name], `"${name}"`);
  }

  bytes(name: string): Uint8Array {
    const text = this.text(name);
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) {
      throw new RecordingError(`"${name}" is not an even number of hex digits`);
    }
    return Buffer.from(text, "hex");
  }
}

/** Reads a JSON number or a text such as "0x1f" or "12"; `what` names it in the error. */
export function toBig(value: unknown, what: string): bigint {
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return BigInt(value);
  }
  if (typeof value === "string" && /^(?:0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$/.test(value)) {
    return BigInt(value);
  }
  throw new RecordingError(`${what} is not a number`);
}

/** `0x` and hex digits, as the recordings write numbers. */
export function hex(value: bigint | number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
