import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { layouts } from "../../architecture/layouts/index.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { decodeTable } from "../../dumps/tables/decode-table.ts";
import { proposeReading } from "../../dumps/tables/other-readings.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import type { SectionRequest } from "../../dumps/tables/sections.ts";
import { finish } from "../../dumps/work.ts";
import { recordedTables } from "./recorded-tables.ts";

const DTES = [0x8002000008080004n, 0x80b6000008090000n, 0x80000000080a0007n];
const CTES = [0x8000000000030003n, 0x8000000000010001n, 0x8000000000020002n];

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, "0");
const monitor = (address: number, words: readonly bigint[]) =>
  words.map((word, at) => `${hex(address + at * 8, 16)}: 0x${hex(word, 16)}`).join("\n");

function one(text: string, request: SectionRequest, order?: "bytes" | "little") {
  const [{ result, doubts, notes }] = decodeSections(readDump(text, { table: request.table, order }), request);
  if (!result.ok) assert.fail(result.message);
  return { table: result.table, doubts, notes };
}

describe("a table whose words are not its entries", () => {
  it("proposes the layout under which they are", () => {
    const { table, doubts } = one(monitor(0x4010_0000, DTES), { table: "device-table", layout: layouts.qemu });
    assert.ok(table.rowCount < 2);
    assert.match(doubts.join(), /3 of 3 entries with layout kvm-rev0/);
  });

  it("proposes the order in which they are", () => {
    const { table, doubts } = one(
      monitor(0x4010_0000, DTES),
      { table: "device-table", layout: layouts["kvm-rev0"] },
      "bytes",
    );
    assert.equal(table.rowCount, 0);
    assert.match(doubts.join(), /3 of 3 entries with order little/);
  });

  it("proposes the table that they are, and the place of the one that was asked for", () => {
    const as = one(monitor(0x4011_0000, CTES), { table: "itt", layout: layouts["kvm-rev0"] });
    assert.match(as.doubts.join(), /with table collection-table/);
    const log = `${monitor(0x4010_0000, DTES)}\n(qemu) xp\n${monitor(0x4011_0000, CTES)}`;
    const { doubts } = one(log, { table: "collection-table", layout: layouts["kvm-rev0"] });
    assert.match(doubts.join(), /from 0x40110000 on it is 3 of 3 entries: base 0x40110000/);
  });

  it("says that nothing makes sense of words that nothing does", () => {
    const words = [0x7fff_ffff_ffff_fff0n, 0x7eee_eeee_eeee_eee0n];
    const { doubts, notes } = one(monitor(0x4010_0000, words), { table: "device-table", layout: layouts["kvm-rev0"] });
    assert.deepEqual(doubts, []);
    assert.match(notes.join(), /None of its 2 entries that are not zero is valid/);
  });

  it("has no doubt where words are zero, or are what they are said to be: in no recorded table", () => {
    const none = one(monitor(0x4010_0000, [0n, 0n]), { table: "device-table", layout: layouts["kvm-rev0"] });
    assert.deepEqual(none.doubts, []);
    const doubted: string[] = [];
    for (const { what, table, layout, address, bytes } of recordedTables()) {
      const memory = new DumpMemory([{ address, bytes }]);
      const result = decodeTable(memory, table, { levels: 1, layout: layouts[layout] });
      if (!result.ok) continue;
      const { doubt } = finish(proposeReading(memory, result.table, { order: "little", groupBytes: 8 }));
      if (doubt !== undefined) doubted.push(`${what}: ${doubt}`);
    }
    assert.deepEqual(doubted, []);
  });
});

describe("a log with several tables", () => {
  it("does not have entries of another one in a table, and says where that is", () => {
    const log = `${monitor(0x4010_0000, DTES)}\n(qemu) xp\n${monitor(0x4011_0000, CTES)}`;
    const { table, doubts } = one(log, { table: "device-table" });
    assert.equal(table.rowCount, 3);
    assert.match(table.notes.join(), /from 0x40110000 on there are CTEs, another table's: left out/);
    assert.deepEqual(doubts, []);
  });

  it("keeps entries that are far away in the same table", () => {
    const log = `${monitor(0x4010_0000, DTES)}\n${monitor(0x4012_0000, DTES)}`;
    const { table } = one(log, { table: "device-table", levels: 1 });
    assert.equal(table.rowCount, 6);
  });
});
