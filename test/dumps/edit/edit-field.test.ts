import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { layouts } from "../../../architecture/layouts/index.ts";
import { applyEdits, checkEdit, type EditResult, fieldPatch, textEdits } from "../../../dumps/edit/index.ts";
import { readDump } from "../../../dumps/read-dump.ts";
import { decodeSections } from "../../../dumps/tables/section-tables.ts";
import type { TableName } from "../../../dumps/tables/table-names.ts";
import { finish } from "../../../dumps/work.ts";

/** The text after a field of a row was given a value, with what the row has after it was read anew. */
function edit(text: string, table: TableName, rowNumber: number, field: string, value: string): EditResult<string> {
  const dump = readDump(text);
  const [{ result }] = decodeSections(dump, {
    table,
    layout: table.startsWith("lpi") ? undefined : layouts["kvm-rev0"],
  });
  assert.ok(result.ok);
  const row = result.table.row(rowNumber);
  const place = row.fields.findIndex(({ name }) => name === field || name.endsWith(` ${field}`));
  const patch = fieldPatch(dump.memory, result.table, row, place, value);
  if (!patch.ok) return patch;
  const edits = textEdits(dump, patch.value);
  if (!edits.ok) return edits;
  const edited = applyEdits(text, edits.value);
  const checked = finish(checkEdit(dump, edited, patch.value));
  if (!checked.ok) return checked;
  const [again] = decodeSections(checked.value, {
    table,
    layout: table.startsWith("lpi") ? undefined : layouts["kvm-rev0"],
  });
  assert.ok(again.result.ok);
  const now = again.result.table.entryAt(row.address)?.fields[place];
  assert.equal(now?.meaning, patch.value.meaning, "the value after the edit is the one that was typed");
  return { ok: true, value: edited };
}

function edited(...args: Parameters<typeof edit>): string {
  const result = edit(...args);
  assert.ok(result.ok, result.ok ? "" : result.message);
  return result.value;
}

function refused(...args: Parameters<typeof edit>): string {
  const result = edit(...args);
  assert.ok(!result.ok);
  return `${result.code}: ${result.message}`;
}

const HINT = "# gic: table=itt layout=kvm-rev0\n";

describe("an edit of a field in the text of a dump", () => {
  it("changes the digits of its bytes and nothing else", () => {
    const text = `${HINT}40400000: 0001000020000000 0001000020010001  # two\r\n40400010: 0001000020020000\r\n`;
    const expected = text.replace("0001000020010001", "0001000020010003");
    assert.equal(edited(text.replace("  # two", ""), "itt", 1, "ICID", "3"), expected.replace("  # two", ""));
  });

  it("takes numbers as people write them, addresses whole and sizes with their one added", () => {
    const text = "# gic: table=device-table layout=kvm-rev0\n40100040: 8002000008080004\n";
    assert.match(edited(text, "device-table", 0, "Size", "8"), /8002000008080007/);
    assert.match(edited(text, "device-table", 0, "ITT_addr", "0x4050_0000"), /80020000080a0004/);
  });

  it("keeps bytes in the order of memory, and the text column beside them", () => {
    const text = "00000000: 0000 0020 0000 0100 0100 0120 0000 0000  ... ....... ....\n";
    const dump = "00000000: 00 00 00 20 00 00 01 00 01 00 01 20 00 00 00 00  |... ....... ....|\n";
    assert.match(edited(HINT + text, "itt", 0, "ICID", "65"), /: 4100 0020 0000 0100 .* {2}A\.\. \.{7} \.{4}\n$/);
    const framed = edited(HINT + dump.replace("00000000: ", "00000000  "), "itt", 0, "ICID", "0x7e");
    assert.match(framed, /^00000000 {2}7e 00 00 20 .*\|~\.\. \.{7} \.{4}\|$/m);
  });

  it("keeps capitals, octal numbers and the checksums of records", () => {
    assert.match(edited(`${HINT}40400000: 000100002000000A\n`, "itt", 0, "ICID", "0xbc"), /00010000200000BC/);
    const octal = "0000000 0000020000004000000000 0000020000004000200001\n0000020\n";
    assert.match(
      edited(HINT + octal, "itt", 0, "ICID", "8"),
      /^0000000 0000020000004000000010 0000020000004000200001$/m,
    );
    assert.match(
      edited(`${HINT}:080000000000002000000100D7\n:00000001FF\n`, "itt", 0, "ICID", "1"),
      /:080000000100002000000100D6/,
    );
    assert.match(
      edited(`${HINT}S10B00000000002000000100D3\nS9030000FC\n`, "itt", 0, "ICID", "1"),
      /S10B00000100002000000100D2/,
    );
  });

  it("changes all bytes of a range of equal ones", () => {
    const text = "# gic: table=lpi-config\n00000000: a3 a3 a3 a3 a1 a1 a1 a1\n";
    assert.match(edited(text, "lpi-config", 0, "Enable", "0"), /00000000: a2 a2 a2 a2 a1 a1 a1 a1/);
  });

  it("changes a command of a queue", () => {
    const text = "# gic: table=command-queue\n0: 0000000200000008 0000000000000004 8000000040400000 0000000000000000\n";
    assert.match(edited(text, "command-queue", 0, "DeviceID", "0x64"), /0000006400000008 0000000000000004/);
  });

  it("is refused where a star covers the row, or would repeat it", () => {
    const text = `${HINT}0: 0001000020000000 0001000020000000\n*\n20: 0001000020000001 0001000020000001\n`;
    assert.match(refused(text, "itt", 2, "ICID", "1"), /^GIC-EDIT-FORMAT: Line 3 stands for these bytes with a "\*"/);
    assert.match(
      refused(text, "itt", 0, "ICID", "1"),
      /^GIC-EDIT-READING: This edit would change the byte at 0x10 too/,
    );
    assert.match(edited(text, "itt", 4, "ICID", "2"), /20: 0001000020000002 0001000020000001/);
  });

  it("is refused for what a field cannot hold", () => {
    const text = "# gic: table=device-table layout=kvm-rev0\n40100040: 8002000008080004\n";
    assert.match(refused(text, "device-table", 0, "Size", "33"), /^GIC-EDIT-VALUE: Size holds 1 to 32\.$/);
    assert.match(refused(text, "device-table", 0, "Size", "0"), /GIC-EDIT-VALUE/);
    assert.match(refused(text, "device-table", 0, "ITT_addr", "0x40400010"), /multiples of 0x100 only/);
    assert.match(refused(text, "device-table", 0, "next", "many"), /next takes a number/);
    assert.match(refused(text, "device-table", 0, "none", "1"), /GIC-EDIT-FIELD/);
  });
});
