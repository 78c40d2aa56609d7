import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bitRange, fieldTooltip, registerTooltip } from "../../client/debug/register-text.ts";
import { type GroupNode, RegistersModel, type ValueNode } from "../../client/debug/registers-model.ts";
import type { FieldBody, RegisterBody, RegisterGroupBody } from "../../debug-adapter/protocol.ts";

const type: FieldBody = {
  name: "Type",
  expression: "GITS_BASER0.Type",
  msb: 58,
  lsb: 56,
  raw: "0x1",
  meaning: "0x1",
  text: "1 (Devices)",
  summary: "Type: what the table holds.",
};
const valid: FieldBody = { ...type, name: "Valid", expression: "GITS_BASER0.Valid", msb: 63, lsb: 63, text: "1" };

function baser(value: string | undefined): RegisterBody {
  return {
    name: "GITS_BASER0",
    expression: "GITS_BASER0",
    address: "0x8080100",
    width: 64,
    access: "RW",
    value,
    text: value ?? "not read",
    summary: "Place of table 0.",
    fields: [type, valid],
  };
}

function group(id: string, secondary: boolean, registers?: readonly RegisterBody[]): RegisterGroupBody {
  return { id, title: id, kind: "its", number: 0, secondary, count: 1, registers };
}

/** A session with one ITS whose GITS_BASER0 has the values of a list, one a stop. */
function session(values: (string | undefined)[]) {
  const asked: (readonly string[] | undefined)[] = [];
  const model = new RegistersModel(async (groups) => {
    asked.push(groups);
    const all = [group("GITS0", false), group("GITS0.more", true)];
    if (groups === undefined) return { model: "test", groups: all };
    const registers = [baser(values[0])];
    return {
      model: "test",
      groups: all.filter(({ id }) => groups.includes(id)).map((body) => ({ ...body, registers })),
    };
  });
  const next = () => {
    values.shift();
    model.moved();
  };
  const read = async () => (await model.children((await model.groups())[0]))[0] as ValueNode;
  return { model, asked, next, read };
}

describe("registers of a session", () => {
  it("reads nothing but the list of groups before a group is opened", async () => {
    const { model, asked } = session(["0x0"]);
    const groups = await model.groups();
    assert.deepEqual(
      groups.map(({ id }) => id),
      ["GITS0"],
    );
    assert.deepEqual(
      groups[0].more.map(({ id }) => id),
      ["GITS0.more"],
    );
    assert.deepEqual(asked, [undefined]);
  });

  it("asks once for all groups that are opened in one go", async () => {
    const { model, asked } = session(["0x0"]);
    const [its] = await model.groups();
    await Promise.all([model.children(its), model.children(its.more[0] as GroupNode)]);
    assert.deepEqual(asked, [undefined, ["GITS0", "GITS0.more"]]);
  });

  it("marks the register and the field whose bits differ from the stop before, and only for one stop", async () => {
    const { model, next, read } = session(["0x8100000000000000", "0x8400000000000000", "0x8400000000000000"]);
    assert.equal((await read()).previous, undefined);
    next();
    const changed = await read();
    assert.equal(changed.previous, "0x8100000000000000");
    const fields = await model.children(changed);
    assert.deepEqual(
      fields.map((node) => node.kind === "field" && [node.field.name, node.changed]),
      [
        ["Valid", false],
        ["Type", true],
      ],
    );
    next();
    assert.equal((await read()).previous, undefined);
  });

  it("keeps the mark when the same stop is read again", async () => {
    const { next, read } = session(["0x0", "0x1"]);
    await read();
    next();
    assert.equal((await read()).previous, "0x0");
    assert.equal((await read()).previous, "0x0");
  });

  it("has no fields for a register that was not read", async () => {
    const { model, read } = session([undefined]);
    assert.deepEqual(await model.children(await read()), []);
  });
});

describe("tooltips", () => {
  const node: ValueNode = { kind: "register", id: "x", register: baser("0xb907000040100607"), previous: "0x0" };

  it("tell a register's address, offset, access, change and fields", () => {
    const text = registerTooltip(node);
    for (const part of ["0x8080100", "GITS+0x0100", "64 bits", "RW", "0xb907000040100607", "[58:56]", "`0x0`"]) {
      assert.ok(
        text.includes(part) || text.replaceAll("\\", "").includes(part.replaceAll("`", "")),
        `${part} in ${text}`,
      );
    }
  });

  it("tell why a register was not read", () => {
    const register = { ...baser(undefined), readEffect: "acknowledges the interrupt" };
    assert.match(registerTooltip({ ...node, register, previous: undefined }), /acknowledges the interrupt/);
  });

  it("list a field's values and stress the one it has", () => {
    const text = fieldTooltip({ kind: "field", id: "x", register: node.register, field: type, changed: false });
    assert.match(text, /\*\*Devices\*\*/);
    assert.match(text, /\| vPEs/);
    assert.equal(bitRange(valid), "[63]");
  });
});
