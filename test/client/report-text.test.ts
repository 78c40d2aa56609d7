import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reportMarkdown, reportText } from "../../client/reports/report-text.ts";
import type { Report } from "../../server/tables-protocol.ts";

const report: Report = {
  inputs: [
    { label: "A", name: "a|b.gicdump", detail: "3 devices" },
    { label: "B", name: "c.gicdump", detail: "2 devices" },
  ],
  result: { text: "A and B differ: 1 device" },
  tables: [
    {
      title: "Devices",
      about: ["Why: *none*."],
      columns: ["DeviceID", "A"],
      rows: [[{ text: "0x8" }, { text: "one\ntwo" }]],
      rowCount: 2,
    },
  ],
  notes: ["Not compared: 1 event."],
};

describe("a report that is copied", () => {
  it("has its tables in columns, as text", () => {
    assert.deepEqual(reportText("a ↔ c", report).split("\n"), [
      "a ↔ c",
      "A: a|b.gicdump: 3 devices",
      "B: c.gicdump: 2 devices",
      "",
      "A and B differ: 1 device",
      "",
      "Devices: 2",
      "Why: *none*.",
      "DeviceID  A",
      "0x8       one; two",
      "and 1 more",
      "",
      "Not compared: 1 event.",
      "",
    ]);
  });

  it("is no markup but its own, as Markdown", () => {
    const lines = reportMarkdown("a ↔ c", report).split("\n");
    assert.ok(lines.includes("- A: a\\|b.gicdump: 3 devices"));
    assert.ok(lines.includes("Why: \\*none\\*."));
    assert.deepEqual(
      lines.filter((line) => line.startsWith("|")),
      ["| DeviceID | A |", "| --- | --- |", "| 0x8 | one; two |"],
    );
  });
});
