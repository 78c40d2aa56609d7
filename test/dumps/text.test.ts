import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { DumpDocument } from "../../dumps/document.ts";
import { placeOfLine } from "../../dumps/hex-text/scan-line-of.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { guessSentence, guessTable } from "../../dumps/tables/guess-table.ts";
import { planTables } from "../../dumps/tables/section-tables.ts";
import { linesOf } from "../../dumps/tables/sections.ts";
import { digitRoles } from "../../dumps/text/digit-roles.ts";
import { entryIndex } from "../../dumps/text/entry-index.ts";
import { definitionsOf, entryUnder, type LinkTarget, referencesOf } from "../../dumps/text/entry-links.ts";
import { dumpFolds } from "../../dumps/text/folds.ts";
import { lineHint, longAddress } from "../../dumps/text/line-entries.ts";
import { lineFacts } from "../../dumps/text/line-facts.ts";
import { dumpOutline } from "../../dumps/text/outline.ts";
import { placeOfBytes } from "../../dumps/text/text-place.ts";
import { type TextTable, textTable } from "../../dumps/text/text-tables.ts";
import { finish, type Work } from "../../dumps/work.ts";
import { recordedTables } from "./recorded-tables.ts";

const root = path.resolve(import.meta.dirname, "../..");
const example = (name: string) => readFileSync(path.join(root, "examples", `kvm-6.1-${name}.gicdump`), "utf8");

/** A dump with what its lines show. */
class Shown {
  readonly lines: readonly string[];
  readonly dump: DumpDocument;
  private readonly plans: ReturnType<typeof planTables> extends Work<infer T> ? T : never;

  constructor(text: string) {
    this.lines = text.split("\n");
    this.dump = readDump(text);
    this.plans = finish(planTables(this.dump));
  }

  /** The first line with a text, from 1. */
  line(text: string): number {
    const at = this.lines.findIndex((line) => (text === "*" ? line === text : line.includes(text)));
    assert.ok(at >= 0, text);
    return at + 1;
  }

  table(line: number): TextTable {
    const plan = this.plans.find((candidate) => {
      const lines = linesOf(candidate);
      return lines === undefined || (line >= lines.line && line <= lines.lastLine);
    });
    assert.ok(plan, `line ${line} is in a table`);
    return finish(textTable(this.dump, plan));
  }

  hint(text: string): string | undefined {
    const line = this.line(text);
    return lineHint(this.dump, this.table(line).tables, line);
  }

  roles(text: string): string {
    const line = this.line(text);
    return digitRoles(this.dump, this.table(line).tables, line)
      .map(({ start, end, role }) => `${this.lines[line - 1].slice(start, end)}:${role}`)
      .join(" ");
  }

  facts(text: string, offset = 0): ReturnType<typeof lineFacts> {
    const line = this.line(text);
    return lineFacts(this.dump, this.table(line), line, this.lines[line - 1].indexOf(text) + offset);
  }

  links(find: typeof definitionsOf, text: string, offset = 0): string[] {
    const line = this.line(text);
    const column = this.lines[line - 1].indexOf(text) + offset;
    const at = entryUnder(this.dump, this.table(line).tables, line, column);
    assert.ok(at, `an entry at ${text}`);
    return find(this.dump, finish(entryIndex(this.dump, this.plans)), at).map((target) => this.textOf(target));
  }

  outline(): string[] {
    return finish(dumpOutline(this.dump, this.plans)).flatMap(({ plan, address, rowCount, entries }) => [
      `${plan.name} ${address} ${rowCount}`,
      ...entries.map(({ name, detail, place }) => `  ${name ?? "+"} ${detail} (${place.line})`),
    ]);
  }

  private textOf({ address, bytes }: LinkTarget): string {
    const place = placeOfBytes(this.dump, address, bytes);
    return place === undefined ? "elsewhere" : this.lines[place.line - 1].slice(place.start, place.end);
  }
}

describe("the end of a line of a dump", () => {
  for (const [name, text, hint] of [
    ["device-table", "40100040:", "DeviceID 0x8 → ITT 0x4040_0000, 5 bits · 0x9 → ITT 0x4048_0000, 1 bit"],
    ["itt", "404000f0:", "EventID 0x1e → LPI 8222, ICID 0x0 · 0x1f → LPI 8223, ICID 0x1"],
    ["collection-table", "40010000:", "ICID 0x0 → PE 0 · 0x1 → PE 1"],
    ["device-table-two-level", "40100020:", "level-2 page 0x5 → page 0x4022_0000"],
    ["device-table-two-level", "4020fff0:", "DeviceID 0x1fff → ITT 0x4050_0000, 2 bits"],
  ] as const) {
    it(`says what ${name} has at ${text}`, () => {
      assert.equal(new Shown(example(name)).hint(text), hint);
    });
  }

  it("tells an entry of several lines where it ends", () => {
    const shown = new Shown("# gic: table=device-table layout=kvm-rev0\n0: 08080004\n4: 80000000\n");
    assert.equal(shown.hint("0: "), undefined);
    assert.equal(shown.hint("4: "), "DeviceID 0x0 → ITT 0x4040_0000, 5 bits");
  });

  it("tells a range of LPIs where it begins, and nothing of memory that was never written", () => {
    const bytes = (byte: string) => Array(16).fill(byte).join(" ");
    const shown = new Shown(
      `# gic: table=lpi-config\n0: ${bytes("a1")}\n10: ${bytes("a1")}\n20: ${bytes("00")}\n30: ${bytes("a0")}\n`,
    );
    assert.equal(shown.hint("0: "), "LPI 8192–8223: enabled, priority 0xa0");
    assert.equal(shown.hint("10: "), undefined);
    assert.equal(shown.hint("20: "), undefined);
    assert.equal(shown.hint("30: "), "LPI 8240–8255: not enabled, priority 0xa0");
  });

  it("is a command as a script writes it", () => {
    const shown = new Shown(
      "# gic: table=command-queue\n0: 000000020000000a 0000200000000001\n10: 0000000000000003 0000000000000000\n",
    );
    assert.equal(shown.hint("10: "), "MAPTI DeviceID=0x2, EventID=0x1, pINTID=8192, ICID=3");
  });

  it("writes addresses in groups of four digits", () => {
    assert.equal(longAddress(0x80080000n), "0x8008_0000");
    assert.equal(longAddress(0x123n), "0x123");
    assert.equal(longAddress(0x12345n), "0x1_2345");
  });
});

describe("the digits of a dump", () => {
  it("belong to fields, whatever the order of bytes", () => {
    const fields = "8:valid 00:next 0000080800:address 4:size";
    assert.ok(new Shown(example("device-table")).roles("40100040:").startsWith(fields));
    const bytes = new Shown("# gic: table=device-table layout=kvm-rev0\n0: 04 00 08 08 00 00 02 80\n");
    // A digit of two fields has no role: those between ITT_addr and Size, and between ITT_addr and next, are left out.
    assert.equal(
      bytes.roles("0: "),
      "4:size 00:address 08:address 08:address 00:address 00:address 0:next 8:valid 0:next",
    );
  });

  it("of an entry that is not valid are unused", () => {
    assert.equal(
      new Shown(example("device-table")).roles("40100050:"),
      "0000000000000000:unused 0000000000000000:unused",
    );
  });
});

describe("a line's facts", () => {
  const shown = new Shown(example("device-table"));
  it("are ids and addresses beside the digits", () => {
    const facts = shown.facts("40100040:");
    assert.deepEqual(facts?.ids, { indexName: "DeviceID", first: "0x8", last: "0x9" });
    assert.deepEqual([facts?.address, facts?.lastAddress, facts?.offset], ["0x40100040", "0x4010004f", "0x40"]);
    assert.deepEqual(facts?.columns, { start: 0, end: 10 });
  });

  it("are what a * stands for", () => {
    const facts = shown.facts("*");
    assert.equal(facts?.part, "repeat");
    assert.deepEqual(facts?.ids, { indexName: "DeviceID", first: "0x2", last: "0x7" });
  });

  it("are the fields of a word that is a half of its entry", () => {
    const halves = new Shown("# gic: table=device-table layout=kvm-rev0\n0: 08080004 80020000\n");
    assert.deepEqual(halves.facts("08080004")?.bits, { msb: 31, lsb: 0, fields: ["ITT_addr", "Size"] });
    assert.deepEqual(halves.facts("80020000")?.bits, { msb: 63, lsb: 32, fields: ["V", "next", "ITT_addr"] });
    assert.equal(halves.facts("80020000", 2)?.field, "next");
  });

  it("are the INTIDs of a byte of the LPI tables", () => {
    const pending = new Shown(`# gic: table=lpi-pending base=0\n400: 05 00\n`);
    assert.deepEqual(pending.facts("05")?.pending, [8192, 8194]);
    assert.deepEqual(pending.facts("05")?.ids, { indexName: "INTID", first: "8192", last: "8199" });
    assert.deepEqual(pending.facts("00", 0)?.part, "beside");
    const config = new Shown("# gic: table=lpi-config\n0: a1 a1 a1 a1\n");
    assert.deepEqual(config.facts("a1", 6)?.ids, { indexName: "INTID", first: "8194", last: "8194" });
  });
});

describe("links between the entries of a dump", () => {
  const shown = new Shown(readFileSync(path.join(root, "test/vscode/workspace/broken-tables.gicdump"), "utf8"));

  it("lead from a level-1 entry to its page, and to the devices on it", () => {
    const levels = new Shown(example("device-table-two-level"));
    assert.deepEqual(levels.links(definitionsOf, "8000000040230000", 9), ["c0000000080b0001"]);
    assert.deepEqual(levels.links(referencesOf, "8000000040210000"), ["800c0000080c0001", "fffe0000080d0001"]);
  });

  it("lead from an event to its device, and to the bytes of its LPI", () => {
    assert.deepEqual(shown.links(referencesOf, "0001000020030000"), ["8000000008090000", "a0", "09"]);
  });

  it("lead from a byte of pending bits to the events of all of them", () => {
    assert.deepEqual(shown.links(referencesOf, "09 00"), ["0001000020000000", "0001000020030000"]);
  });

  it("lead nowhere from what has no target", () => {
    assert.deepEqual(shown.links(definitionsOf, "0001000020010007", 15), []);
    assert.deepEqual(shown.links(definitionsOf, "80000000080a0000", 9), []);
  });
});

describe("the structure of a dump", () => {
  it("is its tables and their entries", () => {
    assert.deepEqual(new Shown(example("device-table")).outline(), [
      "device-table 0x40100000 3",
      "  DeviceID 0x8 ITT 0x4040_0000, 5 bits (6)",
      "  DeviceID 0x9 ITT 0x4048_0000, 1 bit (6)",
      "  DeviceID 0x64 ITT 0x4050_0000, 8 bits (9)",
    ]);
  });

  it("has what is too much counted", () => {
    const lines = Array.from(
      { length: 300 },
      (_, i) => `${(i * 8).toString(16)}: 000000002${i.toString(16).padStart(3, "0")}0000`,
    );
    const outline = new Shown(`# gic: table=itt layout=kvm-rev0\n${lines.join("\n")}\n`).outline();
    assert.equal(outline[0], "itt 0x0 300");
    assert.equal(outline.length, 258);
    assert.match(outline.at(-1) ?? "", /^ {2}\+ 44 /);
  });

  it("folds three lines of zeros and more", () => {
    const { dump } = new Shown(example("device-table"));
    assert.deepEqual(finish(dumpFolds(dump)), [
      { first: 3, last: 12, kind: "section" },
      { first: 10, last: 12, kind: "empty" },
    ]);
  });
});

describe("a table that is not named", () => {
  it("is guessed from its words, with the runner-up", () => {
    const guess = finish(guessTable(readDump(example("itt").replace(/^#.*$/gm, ""))));
    assert.ok(guess);
    assert.match(guessSentence(guess), /Taken for itt: 32 of 32 .* as collection-table \(xen\) 47 are/);
  });

  it("is not guessed where some line names it, or nothing tells", () => {
    assert.equal(finish(guessTable(readDump(example("itt")))), undefined);
    assert.equal(finish(guessTable(readDump("0: 1234567812345678\n"))), undefined);
  });

  it("is never guessed wrong of the recorded tables", () => {
    let right = 0;
    for (const { what, table, layout, address, bytes } of recordedTables()) {
      const document = { ...readDump(""), memory: new DumpMemory([{ address, bytes }]) };
      const guess = finish(guessTable(document));
      if (guess === undefined) continue;
      const wanted = table === "device-table-l1" && guess.levels === 2 ? guess.table : table;
      assert.deepEqual([guess.table, guess.layout.name], [wanted, layout], what);
      right++;
    }
    assert.ok(right > 20, `${right} are guessed`);
  });
});

describe("the start of a line", () => {
  it("is found behind many others, in any order of asking", () => {
    const lines = Array.from(
      { length: 5000 },
      (_, i) => `${(i * 16).toString(16).padStart(8, "0")}: 0000000000000001 0000000000000002`,
    );
    const { text } = readDump(`${lines.join("\n")}\n`);
    assert.ok(text);
    for (const line of [5000, 1, 513, 512, 4999, 1024, 2, 3000]) {
      const place = placeOfLine(text, line);
      assert.equal(place?.start, (line - 1) * (lines[0].length + 1), `line ${line}`);
    }
  });
});
