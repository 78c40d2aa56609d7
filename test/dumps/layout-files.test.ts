import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { EntryLayout, TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { readLayoutFile } from "../../dumps/layout-files/index.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { decodeTable } from "../../dumps/tables/decode-table.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import type { DecodedTable, TableRow } from "../../dumps/tables/table.ts";
import { layoutsPage, page } from "./layouts-page.ts";
import { recordedTables } from "./recorded-tables.ts";

const example = path.resolve(import.meta.dirname, "../../examples/kvm.giclayout.json");

/** The layout of a file that has to be good. */
function layoutOf(text: string): TableLayouts {
  const read = readLayoutFile(text, "mine.giclayout.json");
  assert.ok("layouts" in read, "problems" in read ? read.problems.join("\n") : "");
  return read.layouts;
}

/** What is said of a file that is not good. */
function problemsOf(content: unknown): readonly string[] {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const read = readLayoutFile(text, "mine.giclayout.json");
  assert.ok("problems" in read, "the file is taken for a good one");
  return read.problems;
}

const V = { name: "V", bits: "63" };
const ADDRESS = { name: "ITT", bits: "48:5", shift: 8, role: "itt-address" };
const SIZE = { name: "Size", bits: "4:0", plus: 1, role: "event-bits" };
const DTE = { bytes: 8, valid: "V", fields: [V, ADDRESS, SIZE] };

/** A file with a device table that differs from a good one. */
function file(dte: object): object {
  return { name: "mine", "device-table": { ...DTE, ...dte } };
}

describe("the layout file of KVM's tables in examples/", () => {
  const byFile = layoutOf(readFileSync(example, "utf8"));

  it("decodes every recorded table of KVM word for word as the built-in layout does", () => {
    let compared = 0;
    for (const { what, table, layout, address, bytes } of recordedTables()) {
      if (layout !== "kvm-rev0") continue;
      const memory = new DumpMemory([{ address, bytes }]);
      const [mine, theirs] = [byFile, layouts["kvm-rev0"]].map((chosen) => {
        const result = decodeTable(memory, table, { layout: chosen, levels: 1 });
        assert.ok(result.ok, what);
        return result.table;
      });
      assert.deepEqual(rowsOf(mine), rowsOf(theirs), what);
      assert.deepEqual([mine.columns, mine.entryBytes, mine.notes], [theirs.columns, theirs.entryBytes, theirs.notes]);
      compared++;
    }
    assert.ok(compared > 40, `${compared} tables`);
  });

  it("finds the same pages of a two-level table", () => {
    const text = readFileSync(path.join(path.dirname(example), "kvm-6.1-device-table-two-level.gicdump"), "utf8");
    const [mine, theirs] = [byFile, layouts["kvm-rev0"]].map((layout) => {
      const [{ result }] = decodeSections(readDump(text), { layout });
      assert.ok(result.ok);
      return result.table;
    });
    assert.equal(mine.levels, 2);
    assert.ok(mine.rowCount > 0);
    assert.deepEqual(rowsOf(mine), rowsOf(theirs));
  });

  it("has the fields of the built-in one, with the same roles, places and meanings", () => {
    for (const kind of ["device", "itt", "collection", "level1"] as const) {
      const [mine, theirs] = [byFile, layouts["kvm-rev0"]].map(({ entries }) => essence(entries[kind]));
      assert.deepEqual(mine, theirs, kind);
    }
  });
});

function essence(entry: EntryLayout | undefined) {
  assert.ok(entry);
  const { bytes, indexedBy, index, validField, invalidRaws, maxEventBits, entryName } = entry;
  const fields = entry.fields.map(({ name, role, msb, lsb, shift, plus, unit }) => {
    return { name, role, msb, lsb, shift, plus, unit };
  });
  return { bytes, indexedBy, index, validField, invalidRaws, maxEventBits, entryName, fields };
}

function rowsOf(table: DecodedTable): unknown[] {
  return Array.from({ length: table.rowCount }, (_, i) => {
    const row = table.row(i);
    return { ...row, fields: row.fields.map(({ summary: _summary, ...field }) => field) } satisfies Omit<
      TableRow,
      "fields"
    > & {
      fields: unknown;
    };
  });
}

describe("a layout file", () => {
  it("describes entries of any size, and what makes them valid", () => {
    const text = JSON.stringify({
      name: "wide",
      "device-table": {
        bytes: 16,
        valid: { field: "state", is: [2, "0x3"] },
        fields: [
          { name: "state", bits: "1:0" },
          { name: "ITT", bits: "127:84", shift: 8, role: "itt-address" },
          { name: "Bits", bits: "71:67", plus: 1, role: "event-bits" },
        ],
      },
      "collection-table": {
        bytes: 2,
        valid: { field: "PE", not: ["0xffff"] },
        fields: [{ name: "PE", bits: "15:0", role: "target" }],
      },
    });
    const wide = layoutOf(text);
    const bytes = Buffer.alloc(64);
    bytes.writeBigUInt64LE(1n, 0);
    bytes.writeBigUInt64LE(3n, 16);
    bytes.writeBigUInt64LE((0x4_0400n << 20n) | (4n << 3n), 24);
    const result = decodeTable(new DumpMemory([{ address: 0x1000, bytes }]), "device-table", {
      layout: wide,
      levels: 1,
    });
    assert.ok(result.ok);
    assert.deepEqual(
      Array.from({ length: result.table.rowCount }, (_, i) => result.table.row(i)).map(({ index, fields }) => [
        index,
        ...fields.map(({ meaning }) => meaning),
      ]),
      [[1, 3n, 0x404_0000n, 5n]],
    );
    const ctes = decodeTable(
      new DumpMemory([{ address: 0, bytes: Buffer.from("0100ffff0000", "hex") }]),
      "collection-table",
      {
        layout: wide,
      },
    );
    assert.ok(ctes.ok);
    assert.deepEqual(
      [0, 1].map((i) => ctes.table.row(i).index),
      [0, 2],
    );
  });

  it("is never guessed", () => {
    for (const name of Object.keys(layouts)) assert.notEqual(name, "kvm-by-file");
    const [{ result }] = decodeSections(readDump("40100000: 8002000008080004\n", { table: "device-table" }), {
      table: "device-table",
    });
    assert.ok(result.ok);
    assert.equal(result.table.layout, "kvm-rev0");
  });

  it("follows `next` in entries whose size is no multiple of 4 bytes", () => {
    const odd = layoutOf(
      JSON.stringify({
        name: "odd",
        itt: {
          bytes: 6,
          valid: "LPI",
          fields: [
            { name: "LPI", bits: "23:0", role: "intid" },
            { name: "ICID", bits: "31:24", role: "icid" },
            { name: "next", bits: "47:40", role: "next" },
          ],
        },
      }),
    );
    const bytes = Buffer.from("002000000001" + "012000000000", "hex");
    const result = decodeTable(new DumpMemory([{ address: 0, bytes }]), "itt", { layout: odd });
    assert.ok(result.ok);
    assert.deepEqual(
      [0, 1].map((i) => result.table.row(i).notes),
      [[], []],
    );
  });

  const wrong: readonly (readonly [what: string, content: unknown, sentence: RegExp])[] = [
    ["no JSON", "{ name:", /^mine\.giclayout\.json: the file is no JSON: /],
    ["a list", "[]", /^mine\.giclayout\.json: a list is no object\.$/],
    ["256 KiB and more", " ".repeat(300_000), /more than 256 KiB/],
    ["nesting without end", "[".repeat(200_000), /no JSON/],
    ["a nested object", `${'{"name":'.repeat(20_000)}1${"}".repeat(20_000)}`, /, name: an object is not a name/],
    ["no table", { name: "mine" }, /describes no table; it needs at least one of device-table, itt/],
    ["no name", { "device-table": DTE }, /, name: what is missing here is not a name of letters/],
    ["the name of a known layout", { name: "QEMU", "device-table": DTE }, /, name: "QEMU" is the name of a built-in/],
    ["an unknown property", { ...file({}), tabel: {} }, /: "tabel" is not known here; known are \$schema, name/],
    ["the prototype", '{"name": "x", "__proto__": {}, "itt": {}}', /"__proto__" is not known here/],
    [
      "an entry of 65,536 bytes",
      file({ bytes: 65_536 }),
      /, device-table\.bytes: 65536 is not a number from 1 to 32: GITS_BASER/,
    ],
    [
      "an ITE of 32 bytes",
      { name: "mine", itt: { bytes: 32 } },
      /, itt\.bytes: 32 is not a number from 1 to 16: GITS_TYPER/,
    ],
    [
      "bits beyond the entry",
      file({ fields: [V, SIZE, { ...ADDRESS, bits: "70:8" }] }),
      /, device-table\.fields\[2\]\.bits: bit 70 is beyond the DTE, whose 8 bytes have bits 0 to 63/,
    ],
    [
      "bits the wrong way round",
      file({ fields: [V, SIZE, { ...ADDRESS, bits: "5:48" }] }),
      /fields\[2\]\.bits: "5:48" has its low bit before its high one; write "48:5"/,
    ],
    [
      "bits that are none",
      file({ fields: [V, SIZE, { ...ADDRESS, bits: "a" }] }),
      /fields\[2\]\.bits: "a" is not "high:low"/,
    ],
    [
      "fields that overlap",
      file({ fields: [V, ADDRESS, { ...SIZE, bits: "5:0" }] }),
      /fields\[2\]\.bits: Size, bits \[5:0\], overlaps ITT, bits \[48:5\]\.$/,
    ],
    [
      "a name twice",
      file({ fields: [V, ADDRESS, { ...SIZE, name: "V" }] }),
      /fields\[2\]\.name: "V" is the name of fields\[0\], too/,
    ],
    [
      "a role twice",
      file({ fields: [V, ADDRESS, SIZE, { name: "x", bits: "50", role: "event-bits" }] }),
      /fields\[3\]\.role: "event-bits" is the role of Size, too/,
    ],
    [
      "an unknown role",
      file({ fields: [V, ADDRESS, { ...SIZE, role: "itt" }] }),
      /fields\[2\]\.role: "itt" is no role that a field has here; roles are itt-address, event-bits, next\.$/,
    ],
    [
      "a role that is missing",
      file({ fields: [V, ADDRESS] }),
      /, device-table\.fields: no field of the DTE has the role "event-bits" \(number of EventID bits/,
    ],
    [
      "an address of 60 bits",
      file({ fields: [V, SIZE, { ...ADDRESS, bits: "48:5", shift: 16 }] }),
      /with its shift ITT has 60 bits; a physical address has 52 at most/,
    ],
    [
      "a valid field that is none",
      file({ valid: "VALID" }),
      /, device-table\.valid: "VALID" is no field of the entry; fields are V, ITT, Size/,
    ],
    ["no valid field", file({ valid: undefined }), /, device-table\.valid: it is missing/],
    [
      "values of a wide field",
      file({ valid: { field: "ITT", is: [1] } }),
      /valid\.is: ITT has 44 bits; "is" is for fields of 8 at most/,
    ],
    [
      "a value that does not fit",
      file({ valid: { field: "V", not: [0, 2] } }),
      /valid\.not\[1\]: 2 is more than 1 bits hold/,
    ],
    [
      "a level-1 entry by another bit",
      {
        name: "mine",
        "device-table-l1": {
          bytes: 8,
          valid: "V",
          fields: [
            { name: "V", bits: "0" },
            { name: "A", bits: "51:12", shift: 12, role: "page-address" },
          ],
        },
      },
      /, device-table-l1\.valid: a level-1 entry is valid by bit 63 alone/,
    ],
    [
      "a list without ICIDs",
      {
        name: "mine",
        "collection-table": {
          bytes: 8,
          list: true,
          valid: "V",
          fields: [V, { name: "PE", bits: "15:0", role: "target" }],
        },
      },
      /, collection-table\.fields: no field of the CTE has the role "icid"/,
    ],
    [
      "an ICID in no list",
      {
        name: "mine",
        "collection-table": {
          bytes: 8,
          valid: "V",
          fields: [V, { name: "PE", bits: "15:0", role: "target" }, { name: "I", bits: "31:16", role: "icid" }],
        },
      },
      /stands in a list: write "list": true/,
    ],
    [
      "names that are no object",
      file({ fields: [V, ADDRESS, { ...SIZE, values: ["a"] }] }),
      /fields\[2\]\.values: it is no object of names/,
    ],
    [
      "a text of several lines",
      file({ fields: [V, ADDRESS, { ...SIZE, summary: "a\u001b[2J" }] }),
      /fields\[2\]\.summary: .* is not a text of one line/,
    ],
  ];
  for (const [what, content, sentence] of wrong) {
    it(`with ${what} is refused in one sentence with the place`, () => {
      const problems = problemsOf(content);
      const found = problems.filter((problem) => sentence.test(problem));
      assert.equal(found.length, 1, problems.join("\n"));
    });
  }

  it("tells twenty problems at most", () => {
    const fields = Array.from({ length: 200 }, () => ({ name: "1", bits: "99" }));
    assert.equal(problemsOf(file({ fields })).length, 20);
  });
});

describe("docs/layouts.md", () => {
  const text = readFileSync(page, "utf8");

  it("has what the file may say as it is declared (node test/dumps/layouts-page.ts writes it)", () => {
    assert.equal(text, layoutsPage(text));
  });

  it("shows a layout that is one, and the sentence that is said of a wrong one", () => {
    const [, json] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    assert.equal(layoutOf(json).entries.device?.bytes, 16);
    const [problem] = problemsOf(file({ fields: [V, SIZE, { ...ADDRESS, bits: "70:8" }] }));
    assert.ok(text.includes(problem.replace("mine", "soc")), problem);
  });
});
