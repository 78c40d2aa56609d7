import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { labelsOf, registerLabels } from "../../client/views/view-texts.ts";
import { fitting } from "../../client/webview/live/number-text.ts";
import { PINNED, registerRows } from "../../client/webview/live/register-rows.ts";
import type { RegisterTableBody, TableRegister } from "../../debug-adapter/views-protocol.ts";

const labels = labelsOf(registerLabels);

function register(name: string, more: Partial<TableRegister> = {}): TableRegister {
  return {
    name,
    expression: name,
    width: 64,
    access: "RW",
    value: "0x00000000000000e0",
    summary: "",
    hasFields: false,
    settable: false,
    ...more,
  };
}

function body(registers: readonly TableRegister[], summary: RegisterTableBody["groups"][0]["summary"] = {}) {
  const group = { id: "GITS0", title: "GITS, ITS 0", kind: "its", number: 0, isRest: false } as const;
  const groups = [{ ...group, count: registers.length, summary, registers }];
  return { model: "", changesKnown: true, leftOut: 0, groups, fields: {} };
}

/** What a column of the rows shows where a text of so many characters fits. */
function shown(given: RegisterTableBody, column: "name" | "value", room: number, pinned: readonly string[] = []) {
  const pins = pinned.map((expression) => ({ group: "GITS0", expression }));
  const layout = { open: ["GITS0", PINNED], pinned: pins, radix: {} };
  return registerRows(given, layout, false, labels, new Set()).map(({ cells }) => {
    const { text, forms, needs } = cells[column];
    return forms === undefined ? text : fitting(forms, room, needs);
  });
}

describe("rows of registers", () => {
  const its = body([register("GITS_CTLR"), register("GITS_TRANSLATER")]);

  it("drop the prefix that their group says, all together, where the longest of them has no room", () => {
    assert.deepEqual(shown(its, "name", 15), ["GITS, ITS 0", "GITS_CTLR", "GITS_TRANSLATER"]);
    assert.deepEqual(shown(its, "name", 12), ["GITS, ITS 0", "CTLR", "TRANSLATER"]);
  });

  it("keep it where they are pinned, and where not all of them have it", () => {
    assert.deepEqual(shown(its, "name", 12, ["GITS_CTLR"]).slice(1, 2), ["GITS_CTLR"]);
    const mixed = body([register("GITS_CTLR"), register("UNPREFIXED")]);
    assert.deepEqual(shown(mixed, "name", 8).slice(1), ["GITS_CTLR", "UNPREFIXED"]);
  });

  it("keep the whole name for what is copied and read aloud", () => {
    const [, first] = registerRows(its, { open: ["GITS0"], pinned: [], radix: {} }, false, labels, new Set());
    assert.equal(first.cells.name.text, "GITS_CTLR");
  });

  it("say less where there is little room", () => {
    const enabled = { what: "its", on: true } as const;
    assert.deepEqual(shown(body([], { enabled, pending: 3 }), "value", 40), ["ITS enabled, 3 pending"]);
    assert.deepEqual(shown(body([], { enabled, pending: 3 }), "value", 20), ["enabled, 3 pending"]);
    assert.deepEqual(shown(body([], { listRegisters: 1 }), "value", 30), ["list registers in use: 1"]);
    assert.deepEqual(shown(body([], { listRegisters: 1 }), "value", 12), ["in use: 1"]);
    const unread = register("GICC_IAR", {
      value: undefined,
      text: "not read: reading acts",
      readEffect: "acknowledges",
    });
    assert.deepEqual(shown(body([unread]), "value", 10).slice(1), ["not read"]);
  });
});
