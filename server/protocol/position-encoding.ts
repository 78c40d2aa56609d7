import type { Position } from "vscode-languageserver";

/** What columns count: bytes of UTF-8, UTF-16 units, or code points. */
export type PositionEncoding = "utf-8" | "utf-16" | "utf-32";

/** The first of a client's encodings that is known, in the client's order; UTF-16 where it names none, as the protocol has it. */
export function chooseEncoding(offered: unknown): PositionEncoding {
  if (!Array.isArray(offered)) return "utf-16";
  return offered.find(isEncoding) ?? "utf-16";
}

function isEncoding(value: unknown): value is PositionEncoding {
  return value === "utf-8" || value === "utf-16" || value === "utf-32";
}

/** Text of a line by its number; undefined beyond the text. */
export type LineText = (line: number) => string | undefined;

/** Whether columns of a text are the same in every encoding. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** A column that a client counts as UTF-16 units. One inside a character is its beginning, one behind the line its end. */
export function unitsOf(text: string, column: number, encoding: PositionEncoding): number {
  if (encoding === "utf-16" || isPlain(text)) return column;
  let counted = 0;
  let units = 0;
  for (const character of text) {
    counted += sizeOf(character, encoding);
    if (counted > column) return units;
    units += character.length;
  }
  return units;
}

/** A column in UTF-16 units as a client counts it. */
export function columnOf(text: string, units: number, encoding: PositionEncoding): number {
  if (encoding === "utf-16" || isPlain(text)) return units;
  let counted = 0;
  let passed = 0;
  for (const character of text) {
    if (passed + character.length > units) break;
    passed += character.length;
    counted += sizeOf(character, encoding);
  }
  // What lies behind the line stays as far behind it.
  return counted + Math.max(units - text.length, 0);
}

function sizeOf(character: string, encoding: PositionEncoding): number {
  if (encoding === "utf-32") return 1;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
}

type Convert = (position: Position, uri: string) => Position;

/**
 * A message with every position in it converted. Positions belong to the text `uri`, but below a `uri`, a `targetUri` or a key of
 * `changes` to that one.
 */
function walk(value: unknown, uri: string, convert: Convert): unknown {
  if (Array.isArray(value)) return value.map((entry) => walk(entry, uri, convert));
  if (typeof value !== "object" || value === null) return value;
  if (isPosition(value)) return convert(value, uri);
  const own = "uri" in value && typeof value.uri === "string" ? value.uri : uri;
  const target = "targetUri" in value && typeof value.targetUri === "string" ? value.targetUri : own;
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === "changes" && typeof entry === "object" && entry !== null && !Array.isArray(entry))
      result[key] = Object.fromEntries(Object.entries(entry).map(([of, edits]) => [of, walk(edits, of, convert)]));
    else result[key] = walk(entry, key.startsWith("target") ? target : own, convert);
  }
  return result;
}

function isPosition(value: object): value is Position {
  return (
    "line" in value && "character" in value && typeof value.line === "number" && typeof value.character === "number"
  );
}

/** Gives a message with its positions counted otherwise. @param lines text of the lines of an open script */
type Recount = <Value>(
  value: Value,
  uri: string,
  encoding: PositionEncoding,
  lines: (uri: string) => LineText,
) => Value;

function recountBy(count: (text: string, character: number, encoding: PositionEncoding) => number): Recount {
  return (value, uri, encoding, lines) => {
    if (encoding === "utf-16") return value;
    return walk(value, uri, ({ line, character }, of) => ({
      line,
      character: count(lines(of)(line) ?? "", character, encoding),
    })) as typeof value;
  };
}

/** A client's message with positions in UTF-16 units. */
export const fromClient = recountBy(unitsOf);

/** A message for a client with positions as it counts them. */
export const toClient = recountBy(columnOf);

/** Numbers of semantic tokens (five a word) with columns and lengths as a client counts them. */
export function tokensToClient(data: number[], encoding: PositionEncoding, lines: LineText): number[] {
  // A long script has millions of them.
  if (encoding === "utf-16") return data;
  const result = [...data];
  let line = 0;
  let units = 0;
  let before = 0;
  for (let at = 0; at < data.length; at += 5) {
    if (data[at] > 0) units = before = 0;
    line += data[at];
    units += data[at + 1];
    const text = lines(line) ?? "";
    const start = columnOf(text, units, encoding);
    result[at + 1] = start - before;
    result[at + 2] = columnOf(text, units + data[at + 2], encoding) - start;
    before = start;
  }
  return result;
}
