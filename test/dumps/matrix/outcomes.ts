import { readFileSync } from "node:fs";
import path from "node:path";
import { isDoubtful, readDump } from "../../../dumps/index.ts";
import { type Fixture, fixtureName, type MatrixFormat, matrixFormats } from "./formats.ts";
import { MATRIX_BASE, type MatrixTable, matrixTables } from "./tables.ts";

/**
 * What comes of a dump. `yes`: all its bytes at their addresses. `doubt`: the same or others, and the exit code says that another reading is
 * as good. `part`: bytes that are right, and what is left out is said. `refused`: no bytes, and why. `wrong`: other bytes, or some left out,
 * without a word. `order`: wrong, as nothing in the dump tells the order, but right when it is said; known, and in docs/dumps.md.
 */
export type Outcome = "yes" | "doubt" | "part" | "refused" | "order" | "wrong";

/** What happens to a dump on its way to us. */
export const ways = ["whole", "short", "CRLF", "UTF-16", "log"] as const;
export type Way = (typeof ways)[number];

/** Outcomes of a format, by table and way; a way that a tool cannot go is absent. */
export type Outcomes = Readonly<Record<string, Readonly<Partial<Record<Way, Outcome>>>>>;

export function* allOutcomes(): Generator<[format: MatrixFormat, outcomes: Outcomes]> {
  for (const format of matrixFormats) {
    const file = path.join(import.meta.dirname, "fixtures", fixtureName(format));
    const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;
    const outcomes: Record<string, Partial<Record<Way, Outcome>>> = {};
    for (const [table, bytes] of Object.entries(matrixTables)) {
      const { whole, short } = fixture[table];
      const of = (input: string | Uint8Array, expected = bytes) =>
        outcome(format, input, table as MatrixTable, expected);
      outcomes[table] = {
        whole: of(whole),
        // gdb writes whole words only.
        ...(short === undefined || format.command[0] === "gdb" ? {} : { short: of(short, bytes.subarray(0, -5)) }),
        CRLF: of(whole.replaceAll(/\r?\n/g, "\r\n")),
        "UTF-16": of(Buffer.from(`\ufeff${whole}`, "utf16le")),
        log: of(whole.replace(/^(?=.)/gm, "[   12.345678] its: ")),
      };
    }
    yield [format, outcomes];
  }
}

function outcome(
  format: MatrixFormat,
  input: string | Uint8Array,
  table: MatrixTable,
  expected: Uint8Array,
  order?: "bytes",
): Outcome {
  const dump = readDump(input, { table, order });
  const { memory, problemCount } = dump;
  if (memory.isEmpty) return problemCount > 0 ? "refused" : "wrong";
  const base = format.by === "input" ? 0 : MATRIX_BASE;
  const doubtful = dump.text !== undefined && isDoubtful(dump.text.style);
  for (const { address, length } of memory.spans()) {
    const bytes = memory.read(address, length) ?? new Uint8Array();
    const place = Number(memory.format(address)) - base;
    // od fills the last word with zeros, and says so only where it writes a length.
    const same = bytes.every((byte, at) => (expected[place + at] ?? 0) === byte);
    if (same) continue;
    if (doubtful) return "doubt";
    return order === undefined && format.name.includes("--endian=big")
      ? outcome(format, input, table, expected, "bytes") === "yes"
        ? "order"
        : "wrong"
      : "wrong";
  }
  if (memory.size < expected.length) return problemCount > 0 ? "part" : "wrong";
  return doubtful ? "doubt" : "yes";
}

/** The matrix as a table of Markdown. */
export function matrixText(): string {
  const tables = Object.keys(matrixTables);
  const lines = [`| written by | ${tables.join(" | ")} |`, `|---|${tables.map(() => "---|").join("")}`];
  for (const [{ name }, outcomes] of allOutcomes()) {
    lines.push(`| \`${name}\` | ${tables.map((table) => cellText(outcomes[table])).join(" | ")} |`);
  }
  return `${lines.join("\n")}\n`;
}

/** What most ways come to, and those that come to something else. */
function cellText(outcomes: Outcomes[string]): string {
  const usual = outcomes.whole;
  const others = ways.filter((way) => outcomes[way] !== undefined && outcomes[way] !== usual);
  const texts = new Map<Outcome | undefined, string[]>();
  for (const way of others) texts.set(outcomes[way], [...(texts.get(outcomes[way]) ?? []), way]);
  return [usual, ...[...texts].map(([other, names]) => `${names.join(", ")}: ${other}`)].join("; ");
}
