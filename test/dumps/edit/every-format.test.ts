import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { layouts } from "../../../architecture/layouts/index.ts";
import { applyEdits, checkEdit, fieldPatch, textEdits } from "../../../dumps/edit/index.ts";
import { readDump } from "../../../dumps/read-dump.ts";
import { decodeSections } from "../../../dumps/tables/section-tables.ts";
import { finish } from "../../../dumps/work.ts";
import { type Fixture, fixtureName, matrixFormats } from "../matrix/formats.ts";

const fixtures = path.resolve(import.meta.dirname, "../matrix/fixtures");

/** A field of the first entry of each table, and its new value. */
const edits = {
  "device-table": ["ITT_addr", "0x5a5b5c00"],
  itt: ["ICID", "0x1a5c"],
  "collection-table": ["RDbase", "0x1a"],
  "command-queue": ["DW0 DeviceID", "0x41424344"],
} as const;

/** Formats in which bytes are characters, or stand in two forms of which one is read. */
const refused = ["hexdump -c", "od -c", "od -Ax -c", "od -Ax -tx1 -tx8"];

/** `changed`: the text that was edited has the value when it is read anew, and no other byte of it has changed. */
function outcome(text: string, table: keyof typeof edits, order: "bytes" | undefined): string {
  const options = { table, order };
  const dump = readDump(text, options);
  const [found] = decodeSections(dump, { table, layout: table === "command-queue" ? undefined : layouts["kvm-rev0"] });
  assert.ok(found?.result.ok);
  const row = found.result.table.row(0);
  const [field, value] = edits[table];
  const place = row.fields.findIndex(({ name }) => name === field);
  const patch = fieldPatch(dump.memory, found.result.table, row, place, value);
  assert.ok(patch.ok, patch.ok ? "" : patch.message);
  const made = textEdits(dump, patch.value);
  if (!made.ok) return made.code;
  const checked = finish(checkEdit(dump, applyEdits(text, made.value), patch.value, options));
  return checked.ok ? "changed" : checked.message;
}

describe("a field is changed in the text that a tool wrote", () => {
  for (const format of matrixFormats) {
    it(format.name, () => {
      const fixture = JSON.parse(readFileSync(path.join(fixtures, fixtureName(format)), "utf8")) as Fixture;
      const expected = refused.includes(format.name) ? "GIC-EDIT-FORMAT" : "changed";
      const order = format.name.includes("--endian=big") ? "bytes" : undefined;
      for (const table of Object.keys(edits) as (keyof typeof edits)[]) {
        for (const text of [fixture[table].whole, fixture[table].whole.replaceAll(/\r?\n/g, "\r\n")]) {
          assert.equal(outcome(text, table, order), expected, table);
        }
      }
    });
  }
});
