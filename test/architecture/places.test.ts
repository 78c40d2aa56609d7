import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  commandByName,
  commands,
  type Field,
  layouts,
  registerByName,
  registerEncoding,
  registerOffset,
  type TableKind,
} from "../../architecture/index.ts";
import {
  knownCommands,
  knownEntries,
  knownForms,
  knownPerIntid,
  knownRegisters,
  knownSystemRegisters,
} from "./known-places.ts";

/** Fields as test/architecture/known-places.ts writes them, from the highest bit down. */
function placesOf(fields: readonly Field[]): string {
  const texts = fields
    .toSorted((one, other) => other.msb - one.msb)
    .map(({ name, msb, lsb, shift, plus }) => {
      const bits = msb === lsb ? `${msb}` : `${msb}:${lsb}`;
      return `${bits} ${name}${shift === undefined ? "" : ` <<${shift}`}${plus === undefined ? "" : ` +${plus}`}`;
    });
  return texts.join(", ");
}

function memberOf(name: string) {
  const found = registerByName(name);
  assert.ok(found, `${name} is declared`);
  return found;
}

describe("registers are where the sources have them", () => {
  for (const [name, offset, width, fields] of knownRegisters) {
    it(name, () => {
      const { register, index } = memberOf(name);
      assert.equal(registerOffset(register, index), offset);
      assert.equal(register.width, width);
      assert.equal(placesOf(register.fields), fields);
    });
  }
  for (const [name, encoding, fields] of knownSystemRegisters) {
    it(name, () => {
      const { register, index } = memberOf(name);
      const { op0, op1, CRn, CRm, op2 } = registerEncoding(register, index) ?? assert.fail("it has an encoding");
      assert.equal([op0, op1, CRn, CRm, op2].join("."), encoding);
      assert.equal(register.width, 64);
      assert.equal(placesOf(register.fields), fields);
    });
  }
  for (const [name, when, fields] of knownForms) {
    it(`${name}, ${when}`, () => {
      const form = memberOf(name).register.forms?.find((each) => each.when === when);
      assert.equal(placesOf(form?.fields ?? []), fields);
    });
  }
});

describe("registers with some bits an INTID are where the sources have them", () => {
  for (const [name, offset, bits, firstIntid] of knownPerIntid) {
    it(name, () => {
      const { register, index } = memberOf(name);
      assert.equal(registerOffset(register, index), offset);
      assert.deepEqual(register.perIntid, { bits, firstIntid });
      // Fields lie side by side from bit 0 up, one an INTID.
      const widths = register.fields.map(({ msb, lsb }) => msb - lsb + 1);
      assert.deepEqual(
        register.fields.map(({ lsb }) => lsb),
        widths.map((_, lane) => lane * bits),
      );
      assert.ok(widths.every((width) => width === bits));
      assert.equal(widths.length, 32 / bits);
    });
  }
});

describe("commands are packed as the sources have them", () => {
  for (const [name, opcode, since, fields] of knownCommands) {
    it(name, () => {
      const command = commandByName(name) ?? assert.fail("it is declared");
      assert.deepEqual([command.opcode, command.since], [opcode, since]);
      const words = ([0, 1, 2, 3] as const).flatMap((word) => {
        const places = placesOf(command.fields.filter((field) => field.word === word));
        return places === "" ? [] : places.split(", ").map((place) => `DW${word} ${place}`);
      });
      assert.equal(words.join(", "), fields);
    });
  }

  it("there are no others", () => {
    assert.deepEqual(commands.map(({ name }) => name).sort(), knownCommands.map(([name]) => name).sort());
  });
});

describe("entries are laid out as the sources have them", () => {
  for (const [name, kind, bytes, fields] of knownEntries) {
    it(`${name} ${kind}`, () => {
      const entry = layouts[name as keyof typeof layouts].entries[kind as TableKind];
      assert.equal(entry?.bytes, bytes);
      assert.equal(placesOf(entry?.fields ?? []), fields);
    });
  }
});
