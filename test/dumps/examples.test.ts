import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { explainDumpLine } from "../../dumps/explain.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";

const root = path.join(import.meta.dirname, "..", "..");

function example(name: string) {
  const text = readFileSync(path.join(root, "examples", name), "utf8");
  const document = readDump(text);
  const tables = decodeSections(document);
  return { text, document, tables };
}

function rowsOf(name: string): (readonly [number, ...string[]])[][] {
  const { document, tables } = example(name);
  assert.deepEqual(document.problems, []);
  return tables.map(({ result }) => {
    if (!result.ok) assert.fail(result.message);
    const { table } = result;
    return Array.from({ length: table.rowCount }, (_, i) => {
      const { index, fields } = table.row(i);
      return [
        index,
        ...table.columns.map((column) => fields.find((field) => field.name === column)?.meaning.toString(16) ?? ""),
      ] as const;
    });
  });
}

test("the device table of Linux 6.1", () => {
  assert.deepEqual(rowsOf("kvm-6.1-device-table.gicdump"), [
    [
      [8, "40400000", "5", "1"],
      [9, "40480000", "1", "5b"],
      [100, "40500000", "8", "0"],
    ],
  ]);
});

test("its collection table and its ITTs", () => {
  assert.deepEqual(rowsOf("kvm-6.1-collection-table.gicdump"), [
    [
      [0, "0", "0"],
      [1, "1", "1"],
    ],
  ]);
  const itts = rowsOf("kvm-6.1-itt.gicdump");
  assert.deepEqual(
    itts.map((rows) => rows.length),
    [32, 2, 3],
  );
  assert.deepEqual(itts[1], [
    [0, "206c", "0", "1"],
    [1, "206d", "1", "0"],
  ]);
});

test("two levels and a capped next", () => {
  assert.deepEqual(
    rowsOf("kvm-6.1-device-table-two-level.gicdump")[0].map(([id]) => id),
    [0, 1, 8191, 8192, 16384, 16390, 40960, 65535],
  );
  assert.deepEqual(
    rowsOf("kvm-6.1-device-table-gaps.gicdump")[0].map(([id]) => id),
    [0, 16383, 20000, 36383, 52767, 65535],
  );
});

test("every line with a DTE explains it on hover", () => {
  const { text, document, tables } = example("kvm-6.1-device-table.gicdump");
  const lines = text.split("\n");
  const line = lines.findIndex((candidate) => candidate.startsWith("40100040")) + 1;
  const second = explainDumpLine(document, tables, line, lines[line - 1].indexOf("80b6"));
  assert.equal(second?.entries[0].title, "DTE of DeviceID 0x9");
  assert.equal(second?.word?.value, 0x80b6000008090000n);
  assert.equal(second?.byte?.address, "0x4010004f");
  assert.match(second?.entries[0].summary ?? "", /^ITT_addr 0x40480000, Size 1 EventID bit, next 91 DeviceIDs\.$/);
  const address = explainDumpLine(document, tables, line, 2);
  assert.deepEqual(
    address?.entries.map((entry) => entry.title),
    ["DTE of DeviceID 0x8", "DTE of DeviceID 0x9"],
  );
  const repeat = explainDumpLine(document, tables, lines.indexOf("*") + 1, 0);
  assert.match(repeat?.note ?? "", /Repeats the line above from 0x40100010 to 0x4010003f/);
  assert.equal(explainDumpLine(document, tables, 1, 0), undefined);
  const empty = explainDumpLine(document, tables, line + 1, 12);
  assert.equal(empty?.entries[0].valid, false);
});

const captures = path.join(root, "..", "shared", "captures", "linux-6.1-qemu-gicv3");
// The captures are not part of the project; where they are, they are checked.
if (existsSync(captures)) {
  test("what a Linux guest left in QEMU's tables", () => {
    const collections = readDump(readFileSync(path.join(captures, "collection-table.xp.txt")));
    const [{ result }] = decodeSections(collections, { table: "collection-table" });
    assert.ok(result.ok);
    assert.equal(result.table.layout, "qemu");
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => result.table.row(i).fields[0].meaning),
      [0n, 1n, 2n, 3n],
    );
    const queue = decodeSections(readDump(readFileSync(path.join(captures, "command-queue.xp.txt"))), {
      table: "command-queue",
    })[0].result;
    assert.ok(queue.ok);
    assert.equal(queue.table.rowCount, 96);
    assert.match(queue.table.row(0).text ?? "", /^MAPC /);
    const itt = decodeSections(readDump(readFileSync(path.join(captures, "itt.xp.txt"))), {
      table: "itt",
      base: 0x42f6dc00n,
    })[0].result;
    assert.ok(itt.ok);
    assert.equal(itt.table.layout, "qemu");
    assert.match(itt.table.layoutReason, /12-byte ITEs/);
  });
}
