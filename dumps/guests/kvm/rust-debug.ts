/** A value of Rust's debug text: a number or word as text, a list, or a structure or tuple with its name. */
export type DebugValue =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly DebugValue[] }
  | { readonly kind: "struct"; readonly name: string; readonly fields: ReadonlyMap<string, DebugValue> }
  | { readonly kind: "tuple"; readonly name: string; readonly items: readonly DebugValue[] };

/** Why a text is no debug text. */
export interface DebugProblem {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

const MAX_DEPTH = 64;
/** Values of a text: the state of a guest with 32 vCPUs has some 50,000. */
const MAX_VALUES = 4_000_000;
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([A-Za-z0-9_.+-]+(?:::[A-Za-z0-9_]+)*)|([{}[\](),:]))/y;

class DebugError extends Error {
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

/**
 * Reads what `{:?}` or `{:#?}` of Rust printed: `Name { field: value, … }`, `Name(value, …)`, `[value, …]`, numbers and words.
 * @param start where the value begins
 */
export function parseDebug(text: string, start: number): DebugValue | DebugProblem {
  try {
    return new Parser(text, start).value(0);
  } catch (error) {
    if (!(error instanceof DebugError)) throw error;
    let line = 1;
    for (let at = text.indexOf("\n"); at >= 0 && at < error.at; at = text.indexOf("\n", at + 1)) line++;
    return { line, reason: error.message };
  }
}

class Parser {
  private readonly text: string;
  private at: number;
  private values = 0;
  private token = "";
  private isMark = false;

  constructor(text: string, start: number) {
    this.text = text;
    this.at = start;
    this.next();
  }

  private next(): void {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) {
      this.isMark = true;
      this.token = "";
      return;
    }
    this.at = TOKEN.lastIndex;
    this.token = found[1] ?? found[2] ?? found[3];
    this.isMark = found[3] !== undefined;
  }

  private fail(wanted: string): never {
    throw new DebugError(
      this.at,
      this.token === ""
        ? `the text ends where ${wanted} is expected`
        : `${wanted} is expected, found "${this.token.slice(0, 40)}"`,
    );
  }

  private take(mark: string): boolean {
    if (!this.isMark || this.token !== mark) return false;
    this.next();
    return true;
  }

  value(depth: number): DebugValue {
    if (depth > MAX_DEPTH) throw new DebugError(this.at, "it is too deep");
    if (++this.values > MAX_VALUES) throw new DebugError(this.at, "it has too many values");
    if (this.take("[")) return { kind: "list", items: this.items("]", depth) };
    if (this.take("(")) return { kind: "tuple", name: "", items: this.items(")", depth) };
    if (this.take("{")) return { kind: "struct", name: "", fields: this.fields(depth) };
    if (this.isMark) this.fail("a value");
    const name = this.token;
    this.next();
    if (this.take("{")) return { kind: "struct", name, fields: this.fields(depth) };
    if (this.take("(")) return { kind: "tuple", name, items: this.items(")", depth) };
    return { kind: "word", text: name };
  }

  private items(end: string, depth: number): DebugValue[] {
    const items: DebugValue[] = [];
    while (!this.take(end)) {
      items.push(this.value(depth + 1));
      if (!this.take(",") && !(this.isMark && this.token === end)) this.fail(`"," or "${end}"`);
    }
    return items;
  }

  /** Fields of a structure, keys of a map, or members of a set. */
  private fields(depth: number): Map<string, DebugValue> {
    const fields = new Map<string, DebugValue>();
    while (!this.take("}")) {
      const key = this.value(depth + 1);
      const name = key.kind === "word" ? key.text : String(fields.size);
      fields.set(name, this.take(":") ? this.value(depth + 1) : key);
      if (!this.take(",") && !(this.isMark && this.token === "}")) this.fail('"," or "}"');
    }
    return fields;
  }
}
