import { hexGrouped } from "../architecture/hex.ts";
import { type Field, fieldWidth } from "../architecture/index.ts";

/** A cell or sentence that is shown as it is: nothing in it is taken for Markdown. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~]/g, "\\$&").replace(/\s*\n\s*/g, " ");
}

/** A sentence of ours, in which what stands between backticks is code. */
export function withCode(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? code(part) : plain(part)))
    .join("");
}

export function code(text: string): string {
  const fence = fenceAround(text, 1);
  // A space beside a backtick keeps it from its fence; readers of Markdown take it away again.
  const gap = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${gap}${text}${gap}${fence}`;
}

/** A block of script text, coloured as a script. */
export function scriptBlock(text: string): string {
  return block("itscmd", text);
}

/** A block of text in a fixed pitch. */
export function textBlock(text: string): string {
  return block("text", text);
}

function block(language: string, text: string): string {
  const fence = fenceAround(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** More backticks than the text has in a row: a comment of a script must not end the code that it stands in. */
function fenceAround(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  return "`".repeat(Math.max(least, longest + 1));
}

/** A table; cells are Markdown. Columns without any text are left out. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = header.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, column) => used[column]).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Paragraphs; empty and absent ones are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}

/** `[63:32]`, `[5]`. */
export function bits({ msb, lsb }: Field): string {
  return msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
}

/** `32 bits`. */
export function width(field: Field): string {
  const count = fieldWidth(field);
  return count === 1 ? "1 bit" : `${count} bits`;
}

/** A 64-bit word with all its digits: `0x0000_0010_0000_000a`. */
export function doubleword(value: bigint): string {
  return hexGrouped(BigInt.asUintN(64, value), 16);
}
