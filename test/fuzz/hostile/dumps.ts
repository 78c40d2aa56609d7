import { layouts } from "../../../architecture/index.ts";
import {
  type DecodedTable,
  decodeSections,
  explainDumpLine,
  explainRow,
  explanationLines,
  MAX_PROBLEMS,
  readDump,
  tableNames,
} from "../../../dumps/index.ts";
import type { Random } from "../random.ts";
import { textFault } from "./dump-text.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { hex, Numbers } from "./numbers.ts";
import { dumpSamples } from "./samples.ts";

const MOST_LINES = 40;
/** Kinds of lines that are made. */
const FORMATS = 16;
/** Rows of a table that are decoded at each of its ends, and lines of a dump that are explained. */
const ROWS = 40;
const LINES = 60;
/** Lines that are shown as an editor shows them. */
const TEXT_LINES = 12;
/** Characters of a row in words, at most: an entry is 32 bytes. */
const MOST_TEXT = 20_000;

/** Makes lines of dumps as one tool or another writes them. */
class DumpLines {
  private readonly random: Random;
  private readonly numbers: Numbers;
  private address = 0x4010_0000;
  private readonly format: number;

  constructor(random: Random) {
    this.random = random;
    this.numbers = new Numbers(random);
    this.format = random.below(FORMATS);
  }

  any(): string {
    const { random } = this;
    return random.weighted<() => string>([
      [12, () => this.data(random.chance(90) ? this.format : random.below(FORMATS))],
      [2, () => "*"],
      [2, () => this.section()],
      [1, () => `# ${random.bits(40)}`],
      [1, () => ""],
      [1, () => "(gdb) x/64gx 0x40100000"],
    ])();
  }

  /** Where the next line stands: behind the last, there again, a little or far further on, anywhere. */
  private next(bytes: number): number {
    const { random } = this;
    const at = this.address;
    const moved = random.weighted<() => number>([
      [14, () => at],
      [2, () => at - bytes * random.between(1, 4)],
      [2, () => at + 0x10 * random.below(0x1000)],
      [1, () => 0x4010_0000],
      [1, () => random.below(2 ** 32)],
      [1, () => Number(random.bits(52))],
    ])();
    this.address = Math.max(moved, 0) + bytes;
    return Math.max(moved, 0);
  }

  private word(): bigint {
    const { random } = this;
    return random.weighted<() => bigint>([
      [4, () => 0n],
      [4, () => (1n << 63n) | (BigInt(random.below(0x4000)) << 49n) | (BigInt(random.below(0x10000)) << 8n) | 4n],
      [2, () => (1n << 63n) | (BigInt(0x4010 + random.below(0x40)) << 16n)],
      [2, () => (8192n + BigInt(random.below(64))) << 16n],
      [1, () => random.bits(64)],
    ])();
  }

  private data(format: number): string {
    const [one, two] = [this.word(), this.word()];
    const digits = (value: bigint, count: number): string => value.toString(16).padStart(count, "0");
    const at = this.next(16).toString(16);
    const bytes = [one, two].flatMap((value) => (digits(value, 16).match(/../g) ?? []).reverse());
    switch (format) {
      case 0:
        return `${at.padStart(8, "0")}: ${bytes.join("").replaceAll(/(.{4})/g, "$1 ")} ................`;
      case 1:
        return `${at.padStart(8, "0")}  ${bytes.slice(0, 8).join(" ")}  ${bytes.slice(8).join(" ")}  |................|`;
      case 2:
        return `0x${at}:\t0x${digits(one, 16)}\t0x${digits(two, 16)}`;
      case 3:
        return `${at.padStart(7, "0")} ${digits(one, 16)} ${digits(two, 16)}`;
      case 4:
        return `${at.padStart(16, "0")}: 0x${digits(one, 16)} 0x${digits(two, 16)}`;
      case 5:
        return `        ${at}:  ${digits(one, 16)} ${digits(two, 16)}   ................`;
      case 6:
        return `[   12.345678] dte: ${at.padStart(8, "0")}: ${bytes.join(" ")}  ................`;
      case 7:
        return this.record(bytes);
      case 8:
        return `${Number.parseInt(at, 16).toString(8).padStart(7, "0")} ${bytes.map((byte) => Number.parseInt(byte, 16).toString(8).padStart(3, "0")).join(" ")}`;
      case 9:
        return `${at.padStart(7, "0")}${bytes.map((byte) => String(Number.parseInt(byte, 16)).padStart(4)).join("")}`;
      case 10:
        return ` NSD:0000::${at}|>${digits(one, 16)} ${digits(two, 16)} ................`;
      case 11:
        return `${at.padStart(8, "0")} = ${digits(one, 16)} ${digits(two, 16)}`;
      case 12:
        return `0x${at} = 0x${one.toString(16)}`;
      case 13:
        return `  ${at}: ${bytes.slice(0, 8).join(" ")}-${bytes.slice(8).join(" ")}  *................*`;
      case 14:
        return `[   12.345678] its: ${at.padStart(7, "0")} ${digits(one, 16)} ${digits(two, 16)}`;
      default:
        return `${at}: ${digits(one, 16)} ${digits(two, 16)}`;
    }
  }

  /** An Intel HEX record or an S-record, mostly with the right checksum. */
  private record(data: readonly string[]): string {
    const { random } = this;
    const isIntel = random.chance(60);
    const type = isIntel ? random.below(6) : random.below(10);
    const head = isIntel ? [data.length, 0, random.below(256), type] : [data.length + 5, 0x40, 0, 0, random.below(256)];
    const bytes = [...head, ...data.map((byte) => Number.parseInt(byte, 16))];
    const sum = bytes.reduce((all, byte) => all + byte, random.chance(10) ? 1 : 0);
    const text = [...bytes, (isIntel ? -sum : ~sum) & 0xff].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${isIntel ? ":" : `S${type}`}${text.toUpperCase()}`;
  }

  private section(): string {
    const { random, numbers } = this;
    const parts = [`table=${random.pick(tableNames)}`];
    if (random.chance(40)) parts.push(`layout=${random.pick(Object.keys(layouts))}`);
    if (random.chance(60)) parts.push(`base=${random.chance(70) ? hex(this.address) : numbers.any()}`);
    if (random.chance(20)) parts.push(`first-id=${numbers.any()}`);
    if (random.chance(30)) parts.push(`levels=${random.below(4)}`);
    if (random.chance(20)) parts.push(`page-size=${random.pick(["4096", "16384", "65536", "1", "0"])}`);
    if (random.chance(20)) parts.push(`event-bits=${numbers.any()}`);
    if (random.chance(10)) parts.push(`vtr=${numbers.any()}`);
    if (random.chance(10)) parts.push(`lr-order=${random.pick(["normal", "reversed", "x"])}`);
    return `# gic: ${parts.join(" ")}`;
  }
}

/** What is wrong with the rows of a table. */
function tableFault(table: DecodedTable, format: (address: number) => string): string | undefined {
  const { rowCount } = table;
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) return `A table has ${rowCount} rows.`;
  const rows = new Set<number>();
  for (let row = 0; row < Math.min(ROWS, rowCount); row++) rows.add(row).add(rowCount - 1 - row);
  for (const number of rows) {
    const row = table.row(number);
    if (!(row.lastIndex >= row.index && row.index >= 0)) return `A row has the ids ${row.index} to ${row.lastIndex}.`;
    const text = explanationLines(explainRow(table, row, format)).join("\n");
    if (text.length > MOST_TEXT) return `A row is told in ${text.length} characters.`;
    const bad = unspoken(text);
    if (bad !== undefined) return bad;
  }
  return undefined;
}

/** Dumps are read and decoded as every table, and their lines are explained. */
export const dumps: Kind = {
  name: "dumps",
  ending: ".gicdump",
  generate(random) {
    const lines = new DumpLines(random);
    const numbers = new Numbers(random);
    if (random.chance(50)) {
      const mutator = new Mutator(
        random,
        () => numbers.any(),
        () => lines.any(),
      );
      return mutator.lines(random.pick(dumpSamples), MOST_LINES);
    }
    return Array.from({ length: random.between(1, MOST_LINES) }, () => lines.any());
  },
  async check(parts) {
    const document = readDump(parts.join("\n"));
    const { problems, memory } = document;
    if (problems.length > MAX_PROBLEMS) return `${problems.length} problems are listed.`;
    const bad = unspoken(problems.map(({ message }) => message).join("\n"));
    if (bad !== undefined) return bad;
    for (const table of [undefined, ...tableNames]) {
      const found = decodeSections(document, { table });
      for (const { result } of found) {
        const fault = result.ok
          ? tableFault(result.table, (address) => memory.format(address))
          : unspoken(result.message);
        if (fault !== undefined) return fault;
      }
      for (let line = 1; line <= Math.min(LINES, parts.length); line++) explainDumpLine(document, found, line, 20);
    }
    // As its sections say, and as one table or another: each decodes anew.
    for (const table of [undefined, tableNames[parts.length % tableNames.length]]) {
      const fault = textFault(document, table, Math.min(TEXT_LINES, parts.length));
      if (fault !== undefined) return fault;
    }
    return undefined;
  },
};
