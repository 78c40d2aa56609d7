import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ALL_VALID, AS_GUESSED, type ReadingChoice, type RowView } from "../../../client/protocol.ts";
import { MAX_ROWS_A_MESSAGE, OpenTable } from "../../../client/tables/open-table.ts";
import { oneRow, rowFormats } from "../../../client/tables/row-formats.ts";
import { TableList } from "../../../client/tables/table-list.ts";
import { readDump } from "../../../dumps/read-dump.ts";
import type { TableName } from "../../../dumps/tables/table-names.ts";
import { finish } from "../../../dumps/work.ts";

const examples = path.resolve(import.meta.dirname, "../../../examples");

function example(...names: string[]): ReturnType<typeof readDump> {
  return readDump(names.map((name) => readFileSync(path.join(examples, name), "utf8")).join("\n"));
}

function open(
  dump: ReturnType<typeof readDump>,
  node = "0",
  view: Partial<RowView> = {},
  table?: TableName,
  reading: ReadingChoice = AS_GUESSED,
): OpenTable {
  const section = finish(finish(TableList.of(dump, table)).decode(node, reading));
  assert.ok(section);
  const shown = finish(OpenTable.of(dump, section, { ...ALL_VALID, ...view }, 1));
  assert.ok(shown, section.result.ok ? "" : section.result.message);
  return shown;
}

describe("a table as the editor shows it", () => {
  it("has the columns and rows of the table that the dump names", () => {
    const shown = open(example("kvm-6.1-device-table.gicdump"));
    const { rowCount, indexName, columns, warnings } = shown.gridTable();
    assert.deepEqual([rowCount, indexName, warnings], [3, "DeviceID", []]);
    const headings = ["DeviceID", "ITT address", "EventID bits", "next", "entry at", "words", "notes"];
    assert.deepEqual(
      columns.map(({ heading }) => heading),
      headings,
    );
    const cells = ["0x9", "0x40480000", "1", "91", "0x40100048", "0x80b6000008090000", ""];
    assert.deepEqual(shown.rows(1, 1)[0].cells, cells);
  });

  it("explains the bits of a row without repeating names", () => {
    const explained = open(example("kvm-6.1-device-table.gicdump")).explain(1);
    assert.equal(explained?.title, "DTE of DeviceID 0x9");
    const next = explained.fields.find(({ name }) => name === "next");
    assert.deepEqual([next?.bits, next?.lsb, next?.msb, next?.text], ["[62:49]", 49, 62, "91 DeviceIDs"]);
    assert.ok(!next?.summary.startsWith("next:"), next?.summary);
  });

  it("decodes with another layout or base, for the view alone", () => {
    const dump = example("kvm-6.1-device-table.gicdump");
    const other = open(dump, "0", {}, undefined, { ...AS_GUESSED, layout: "qemu" });
    assert.match(other.gridTable().subtitle, /QEMU.*\(given\)/);
    const moved = open(dump, "0", {}, undefined, { ...AS_GUESSED, base: "0x40100040" });
    assert.equal(moved.rows(0, 1)[0].cells[0], "0x0");
  });

  it("shows entries that are not valid when it is asked to", () => {
    const text = "# gic: table=itt layout=kvm-rev0\n0: 0001000020010001 0000000000000000 0000000000000005\n";
    const shown = open(readDump(text), "0", { show: "all" });
    assert.deepEqual(
      shown.rows(0, 9).map(({ valid, remarkable }) => [valid, remarkable]),
      [
        [true, true],
        [false, false],
        [false, true],
      ],
    );
    assert.equal(open(readDump(text), "0", { show: "all", remarks: true }).rowCount, 2);
  });

  it("shows rows that have a text, sorted by a column, and finds a row by its address", () => {
    const dump = example("kvm-6.1-itt.gicdump");
    const shown = open(dump, "0", { sort: 1, descending: true });
    const pintids = shown.rows(0, 500).map(({ cells }) => Number(cells[1]));
    assert.deepEqual(
      pintids,
      [...pintids].sort((a, b) => b - a),
    );
    const address = shown.rowAt(3)?.address ?? 0;
    assert.equal(shown.placeOf(address), 3);
    const byId = open(dump, "0", { descending: true });
    assert.equal(byId.rows(0, 1)[0].cells[0], "0x1f");
    assert.equal(byId.placeOf(byId.rowAt(5)?.address ?? 0), 5);
    const filtered = open(dump, "0", { text: "0X1F " });
    assert.equal(filtered.rowCount, 1);
    assert.equal(filtered.placeOf(dump.memory.start), -1);
  });

  it("tells rows apart that stand at one address", () => {
    const text = "# gic: table=lpi-pending first-id=8192\n0: 05 00\n";
    const shown = open(readDump(text), "0", { sort: 1, descending: true });
    for (const place of [0, 1]) assert.equal(shown.placeOfRow(shown.rowAt(place) ?? assert.fail()), place);
  });

  it("gives rows in bounded messages, also when asked for nonsense, the last one of many too", () => {
    const lines = Array.from({ length: 4096 }, (_, i) => `${(i * 8).toString(16).padStart(8, "0")}: 8002000008080004`);
    const text = `# gic: table=device-table layout=kvm-rev0\n${lines.join("\n")}\n`;
    const shown = open(readDump(text), "0");
    assert.equal(shown.gridTable().rowCount, 4096);
    assert.equal(shown.rows(0, 1e9).length, MAX_ROWS_A_MESSAGE);
    assert.equal(shown.rows(4090, 100).length, 6);
    assert.deepEqual(shown.rows(-5, 2), []);
    assert.deepEqual(shown.rows(5000, 10), []);
    assert.equal(shown.explain(4096), undefined);
  });
});

describe("the tree of tables", () => {
  it("has the ITTs of a device table under it, where the dump holds them", () => {
    const dump = example("kvm-6.1-device-table.gicdump", "kvm-6.1-itt.gicdump");
    const { nodes } = finish(TableList.of(dump, undefined));
    assert.deepEqual(
      nodes.map(({ label, detail, level }) => `${level} ${label} ${detail}`),
      [
        "1 device-table 0x40100000",
        "2 ITT of DeviceID 0x8 0x40400000",
        "2 ITT of DeviceID 0x9 0x40480000",
        "2 ITT of DeviceID 0x64 0x40500000",
      ],
    );
    assert.match(open(dump, nodes[3].id).gridTable().title, /itt @ 0x40500000/);
  });

  it("finds ITTs that no line of the dump names", () => {
    const text =
      "# gic: table=device-table layout=kvm-rev0\n40100040: 8000000008020020\n40100100: 0001000020010001\n40100108: 0000000020020001\n";
    const list = finish(TableList.of(readDump(text), undefined));
    const itt = list.nodes.find(({ level }) => level === 2);
    assert.equal(itt?.detail, "0x40100100");
    assert.equal(open(list.dump, itt.id).rowCount, 2);
  });

  it("offers every kind of table for a dump that does not say what it is", () => {
    const list = finish(TableList.of(readDump("40100040: 8000000008020000\n"), undefined));
    assert.equal(list.first, "");
    assert.equal(list.nodes.length, 9);
    assert.equal(TableList.kindOf(list.nodes[0].id), "device-table");
  });

  it("has no table for an id that is none", () => {
    const list = finish(TableList.of(example("kvm-6.1-itt.gicdump"), undefined));
    for (const id of ["", "9", "-1", "0/1", "0/1/2/x", "__proto__", "1e99"]) {
      assert.equal(list.has(id), false, id);
      assert.equal(finish(list.decode(id, AS_GUESSED)), undefined);
    }
  });
});

describe("rows in other forms", () => {
  const shown = open(example("kvm-6.1-device-table.gicdump"));
  const row = shown.rowAt(1);
  assert.ok(row);
  const as = (name: string) => {
    const format = rowFormats.find((one) => one.name === name);
    assert.ok(format);
    return { row: oneRow(format, shown, row), table: format.head(shown) + format.row(shown, row, true) + format.tail };
  };

  it("are a line of text, or columns under their headings", () => {
    assert.equal(as("text").row, "0x9  0x40480000  1  91  0x40100048  0x80b6000008090000\n");
    const [, heading, line] = as("text").table.split("\n");
    assert.equal(
      heading.indexOf("ITT address") + "ITT address".length,
      line.indexOf("0x40480000") + "0x40480000".length,
    );
  });

  it("are Markdown and CSV", () => {
    assert.match(as("Markdown").table, /^\| DeviceID \| .*\n\| --- \| --- .*\n\| 0x9 \| 0x40480000 \| 1 \| 91 \|/);
    assert.match(as("CSV").table, /^DeviceID,ITT address,.*\n0x9,0x40480000,1,91,0x40100048,0x80b6000008090000,\n$/);
  });

  it("are JSON that can be parsed, addresses and words as text", () => {
    const [parsed] = JSON.parse(as("JSON").table);
    assert.deepEqual([parsed.DeviceID, parsed.address, parsed.words], [9, "0x40100048", ["0x80b6000008090000"]]);
    assert.deepEqual([parsed.fields.ITT_addr, parsed.fields.Size], ["0x40480000", 1]);
  });

  it("are an array in C", () => {
    assert.match(
      as("C").table,
      /static const uint64_t device_table_40100000\[\] = \{\n\t\[9\] = 0x80b6000008090000ULL, \/\*/,
    );
  });
});
