import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { DecodedTables, MAX_ROWS_A_MESSAGE } from "../../client/dumps/decoded-tables.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { finish } from "../../dumps/work.ts";

const examples = path.resolve(import.meta.dirname, "../../examples");

function example(name: string): ReturnType<typeof readDump> {
  return readDump(readFileSync(path.join(examples, name), "utf8"));
}

function tablesOf(...args: Parameters<typeof DecodedTables.of>): DecodedTables {
  return finish(DecodedTables.of(...args));
}

describe("a dump as a window shows it", () => {
  it("has the table that the dump names, with its columns and rows", () => {
    const tables = tablesOf(example("kvm-6.1-device-table.gicdump"), {}, 0, 1);
    const { table, failure, layouts, chosenLayout } = tables.shown();
    assert.equal(failure, undefined);
    assert.equal(table?.rowCount, 3);
    assert.equal(table.indexName, "DeviceID");
    const headings = ["DeviceID", "ITT address", "EventID bits", "next", "entry at", "words", "notes"];
    assert.deepEqual(
      table.columns.map(({ heading }) => heading),
      headings,
    );
    assert.equal(chosenLayout, "kvm-rev0");
    assert.ok(layouts.some(({ value }) => value === "qemu"));
    assert.deepEqual(tables.rows(1, 1)[0].cells, [
      "0x9",
      "0x40480000",
      "1",
      "91",
      "0x40100048",
      "0x80b6000008090000",
      "",
    ]);
  });

  it("offers each table of a dump with several", () => {
    const dump = example("kvm-6.1-itt.gicdump");
    const shown = tablesOf(dump, {}, 2, 1).shown();
    assert.equal(shown.tables.length, 3);
    assert.match(shown.tables[2].label, /0x64/);
    assert.match(shown.table?.title ?? "", /0x40500000/);
    assert.equal(tablesOf(dump, {}, 9, 1).shown().chosenTable, "0", "one beyond the list is the first");
  });

  it("explains the bits of a row without repeating names", () => {
    const explained = tablesOf(example("kvm-6.1-device-table.gicdump"), {}, 0, 1).explain(1);
    assert.equal(explained?.title, "DTE of DeviceID 0x9");
    const next = explained.fields.find(({ name }) => name === "next");
    assert.equal(next?.bits, "[62:49]");
    assert.equal(next.text, "91 DeviceIDs");
    assert.ok(!next.summary.startsWith("next:"), next.summary);
  });

  it("finds ids as users write them, else the next entry, with a remark", () => {
    const tables = tablesOf(example("kvm-6.1-device-table.gicdump"), {}, 0, 1);
    assert.deepEqual(tables.find(" 0x9 "), { row: 1 });
    assert.deepEqual(tables.find("100"), { row: 2 });
    assert.equal(tables.find("0xa").row, 2);
    assert.match(tables.find("0xa").remark ?? "", /DeviceID 0xa/);
    assert.equal(tables.find("nine").row, -1);
  });

  it("decodes with another layout on demand, and says why a table cannot be", () => {
    const dump = example("kvm-6.1-device-table.gicdump");
    assert.equal(tablesOf(dump, { layout: "qemu" }, 0, 1).shown().chosenLayout, "qemu");
    const none = tablesOf(dump, { table: "vpe-table", layout: "kvm-rev0" }, 0, 1).shown();
    assert.equal(none.table, undefined);
    assert.match(none.failure ?? "", /vpe-table/);
  });

  it("gives rows in bounded messages, also when asked for nonsense", () => {
    const lines = Array.from({ length: 4096 }, (_, i) => `${(i * 8).toString(16).padStart(8, "0")}: 8002000008080004`);
    const tables = tablesOf(readDump(lines.join("\n")), { table: "device-table", layout: "kvm-rev0" }, 0, 1);
    assert.equal(tables.shown().table?.rowCount, 4096);
    assert.equal(tables.rows(0, 1e9).length, MAX_ROWS_A_MESSAGE);
    assert.equal(tables.rows(4090, 100).length, 6);
    assert.deepEqual(tables.rows(-5, 2), []);
    assert.deepEqual(tables.rows(5000, 10), []);
    assert.equal(tables.explain(4096), undefined);
  });
});
