/** Problems of one file that are told. */
const MAX_PROBLEMS = 20;
/** Characters of what a file has that are quoted. */
const MAX_QUOTED = 40;

/** What is wrong with a layout file, a sentence each: file, place, what. */
export class LayoutProblems {
  readonly list: string[] = [];
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** @param path `device-table.fields[2].bits`; empty: the file */
  add(path: string, sentence: string): void {
    if (this.list.length < MAX_PROBLEMS) this.list.push(`${this.file}${path === "" ? "" : `, ${path}`}: ${sentence}`);
  }
}

/** A place in a JSON file, and what its value has to be. What it is not, is told, and undefined comes back. */
export class JsonPlace {
  readonly path: string;
  private readonly problems: LayoutProblems;

  constructor(path: string, problems: LayoutProblems) {
    this.path = path;
    this.problems = problems;
  }

  /** A property, or an item of a list. */
  at(key: string | number): JsonPlace {
    const step = typeof key === "number" ? `[${key}]` : this.path === "" ? key : `.${key}`;
    return new JsonPlace(this.path + step, this.problems);
  }

  tell(sentence: string): undefined {
    this.problems.add(this.path, sentence);
    return undefined;
  }

  /** An object of known properties; those that are not known are told. */
  object(value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return this.tell(`${shown(value)} is no object.`);
    for (const key of Object.keys(value)) {
      if (!known.includes(key))
        this.tell(`"${key.slice(0, MAX_QUOTED)}" is not known here; known are ${known.join(", ")}.`);
    }
    return value as Readonly<Record<string, unknown>>;
  }

  list(value: unknown, most: number): readonly unknown[] | undefined {
    if (!Array.isArray(value)) return this.tell(`${shown(value)} is no list.`);
    if (value.length === 0) return this.tell("the list is empty.");
    if (value.length > most) return this.tell(`the list has ${value.length} items; ${most} are possible.`);
    return value;
  }

  /** A text of a form. @param what is wanted, in words */
  text(value: unknown, form: RegExp, what: string): string | undefined {
    return typeof value === "string" && form.test(value) ? value : this.tell(`${shown(value)} is not ${what}.`);
  }

  /** Any text of one line. */
  anyText(value: unknown, longest: number): string | undefined {
    const isText = typeof value === "string" && value.length > 0 && value.length <= longest && !hasControls(value);
    return isText ? value : this.tell(`${shown(value)} is not a text of one line and ${longest} characters at most.`);
  }

  flag(value: unknown): boolean | undefined {
    return typeof value === "boolean" ? value : this.tell(`${shown(value)} is neither true nor false.`);
  }

  /** @param reason why it is so, half a sentence */
  integer(value: unknown, least: number, most: number, reason: string): number | undefined {
    const isOne = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
    const range = least === most ? `${least}` : `a number from ${least} to ${most}`;
    return isOne ? value : this.tell(`${shown(value)} is not ${range}: ${reason}.`);
  }

  /** A value of some bits: a number, or a text of one, hexadecimal with 0x. */
  bitsValue(value: unknown, bits: number): bigint | undefined {
    const number =
      typeof value === "number" && Number.isSafeInteger(value) && value >= 0
        ? BigInt(value)
        : typeof value === "string" && /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(value)
          ? BigInt(value)
          : undefined;
    if (number === undefined) return this.tell(`${shown(value)} is no number, decimal or 0x….`);
    return number >> BigInt(bits) === 0n ? number : this.tell(`${shown(value)} is more than ${bits} bits hold.`);
  }
}

/** What stands in a file, for a sentence. */
function shown(value: unknown): string {
  if (value === undefined) return "what is missing here";
  const text =
    typeof value === "object" && value !== null
      ? Array.isArray(value)
        ? "a list"
        : "an object"
      : JSON.stringify(value);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}

function hasControls(text: string): boolean {
  return [...text].some((character) => (character.codePointAt(0) ?? 0) < 0x20 || character === "\u007f");
}
