import assert from "node:assert/strict";
import { type Field, fieldMask } from "../../architecture/index.ts";

/** Asserts what every list of fields of one word must satisfy: names once, bits within `width`, no bit in two fields, a summary each. */
export function assertSoundFields(owner: string, width: number, fields: readonly Field[]): void {
  const names = new Set<string>();
  let used = 0n;
  for (const field of fields) {
    const label = `${owner}.${field.name}`;
    assert.ok(!names.has(field.name), `${label} is declared twice`);
    names.add(field.name);
    assert.ok(field.lsb >= 0 && field.lsb <= field.msb && field.msb < width, `${label} is outside ${width} bits`);
    assert.equal(used & fieldMask(field), 0n, `${label} overlaps another field`);
    used |= fieldMask(field);
    assert.match(field.summary, /^\S.*\.$/, `${label} has a sentence as its summary`);
    assertSoundValues(label, field);
  }
}

function assertSoundValues(label: string, field: Field): void {
  const values = new Set<number>();
  for (const { value, name } of field.values ?? []) {
    assert.ok(!values.has(value), `${label}: value ${value} is named twice`);
    values.add(value);
    assert.ok(name !== "" && value >= 0 && value < 2 ** (field.msb - field.lsb + 1), `${label}: value ${value} fits`);
  }
}
