/** A field that does not hold what it has to. The message begins with the field's name. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, reason: string) {
    super(`${field === "" ? "The file" : field}${reason.startsWith(":") ? "" : " "}${reason}.`);
    this.field = field;
  }
}

/** Longest piece of a wrong value that a message repeats. */
const SHOWN = 40;

/** A value of parsed JSON with its path, asked for one type after another; whatever is not of the type is a {@link FieldError}. */
export class FieldReader {
  private readonly path: string;
  private readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  error(reason: string): FieldError {
    return new FieldError(this.path, reason);
  }

  private wrong(wanted: string): FieldError {
    const { value } = this;
    if (value === undefined) return this.error("is missing");
    const kind =
      value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : "";
    const text = kind || JSON.stringify(value);
    return this.error(`is ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}; it has to be ${wanted}`);
  }

  private object(): Record<string, unknown> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.wrong("an object");
    return value as Record<string, unknown>;
  }

  private below(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  field(name: string): FieldReader {
    const object = this.object();
    return new FieldReader(this.below(name), Object.hasOwn(object, name) ? object[name] : undefined);
  }

  optional(name: string): FieldReader | undefined {
    return Object.hasOwn(this.object(), name) ? this.field(name) : undefined;
  }

  /** Refuses every field but these. */
  only(names: readonly string[]): void {
    const strange = Object.keys(this.object()).find((name) => !names.includes(name));
    if (strange !== undefined) throw new FieldError(this.below(strange.slice(0, SHOWN)), "is unknown here");
  }

  entries(most: number): readonly (readonly [string, FieldReader])[] {
    const entries = Object.entries(this.object());
    if (entries.length > most) throw this.error(`has ${entries.length} entries; ${most} are the most`);
    return entries.map(([name, value]) => [name, new FieldReader(this.below(name.slice(0, SHOWN)), value)]);
  }

  list(most: number): readonly FieldReader[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.wrong("a list");
    if (value.length > most) throw this.error(`has ${value.length} entries; ${most} are the most`);
    return value.map((entry: unknown, index) => new FieldReader(`${this.path}[${index}]`, entry));
  }

  /** Whether the field has a value, as a first look at what kind of file it is. */
  is(value: unknown): boolean {
    return this.value === value;
  }

  text(): string {
    if (typeof this.value !== "string") throw this.wrong("a text");
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }

  /** One of a few values. */
  choice<Choice extends string | number>(choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.wrong(`one of ${choices.join(", ")}`);
    return found;
  }

  integer(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
      throw this.wrong(`a whole number from ${least} to ${most}`);
    }
    return value;
  }

  /** A register's value: hexadecimal text of at most 64 bits. */
  register(): bigint {
    const { value } = this;
    if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,16}$/.test(value)) {
      throw this.wrong('hexadecimal text of at most 64 bits as in "0x1f"');
    }
    return BigInt(value);
  }

  /** An address or a number of bytes. @param unit it is a multiple of this @param limit largest value */
  address(unit: number, limit: number): number {
    const value = Number(this.register());
    if (value > limit) throw this.error(`is above 0x${limit.toString(16)}`);
    if (value % unit !== 0) throw this.error(`is no multiple of 0x${unit.toString(16)}`);
    return value;
  }
}

export function readFields(value: unknown): FieldReader {
  return new FieldReader("", value);
}
