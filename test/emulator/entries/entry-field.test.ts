import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type EntryLayout,
  extractMeaning,
  extractRaw,
  type Field,
  fieldMax,
  insertRaw,
  layouts,
} from "../../../architecture/index.ts";
import { EntryField, entryField, entryLayout, WordField } from "../../../emulator/entries/entry-field.ts";

/** Words of the longest entry. */
const WORDS = 4;

const entries: readonly (readonly [string, EntryLayout])[] = Object.values(layouts).flatMap(({ name, entries }) =>
  Object.values(entries)
    .filter(({ kind }) => kind !== "lpi-config")
    .map((entry) => [`${name} ${entry.entryName}`, entry] as const),
);
const fields = entries.flatMap(([name, entry]) =>
  entry.fields.map((field) => [`${name}.${field.name}`, field] as const),
);

const entry = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });

function wordsOf(value: bigint): Uint32Array {
  return Uint32Array.from({ length: WORDS }, (_, word) => Number((value >> BigInt(word * 32)) & 0xffff_ffffn));
}

function numberOf(words: Uint32Array): bigint {
  return words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

describe("a field of an entry in 32-bit words", () => {
  it("is there for every table of every layout", () => assert.ok(fields.length > 40, `${fields.length} fields`));

  for (const [name, declared] of fields) {
    it(`is what the declaration of ${name} says`, () => {
      const field = new EntryField(declared);
      fc.assert(
        fc.property(entry, entry, (value, other) => {
          const words = wordsOf(value);
          const [low, high] = [words[field.word], words[field.word + 1] ?? 0];
          const raw = extractRaw(value, declared);
          assert.equal(field.raw(words), Number(raw));
          assert.equal(field.rawOf(low, high), Number(raw));
          assert.equal(field.isSet(low, high), raw !== 0n);
          assert.equal(field.meaning(words), Number(extractMeaning(value, declared)));
          assert.equal(field.meaningOf(low, high), Number(extractMeaning(value, declared)));
          assert.equal(field.rawFor(field.meaning(words)), Number(raw));
          const cleared = wordsOf(insertRaw(value, declared, 0n));
          const wanted = extractRaw(other, declared);
          field.setRaw(cleared, Number(wanted));
          assert.equal(numberOf(cleared), insertRaw(value, declared, wanted));
          const made = insertRaw(0n, declared, wanted);
          assert.equal(field.lowBits(Number(wanted)) >>> 0, wordsOf(made)[field.word]);
          assert.equal(field.highBits(Number(wanted)) >>> 0, wordsOf(made)[field.word + 1] ?? 0);
        }),
        { numRuns: 50 },
      );
    });

    const width = declared.msb - declared.lsb + 1;
    if (declared.lsb >>> 5 !== declared.msb >>> 5 || width > 31) continue;
    it(`is what the declaration of ${name} says, in one word`, () => {
      const word = declared.lsb >>> 5;
      const owner = entries.find(([, { fields }]) => fields.includes(declared))?.[1];
      assert.ok(owner !== undefined);
      const field = new WordField(owner, declared.name, word);
      fc.assert(
        fc.property(entry, (value) => {
          const raw = extractRaw(value, declared);
          assert.equal(field.rawOf(wordsOf(value)[word]), Number(raw));
          assert.equal(field.bits(Number(raw)) >>> 0, wordsOf(insertRaw(0n, declared, raw))[word]);
        }),
        { numRuns: 20 },
      );
    });
  }

  it("drops the bits of a raw value that it has no room for", () => {
    const icid = new WordField(entryLayout("qemu", "itt"), "ICID", 1);
    assert.equal(icid.bits(0x1_2345), 0x2345);
    const address = entryField(entryLayout("kvm-rev0", "device"), "ITT_addr");
    const words = new Uint32Array(2);
    address.setMeaning(words, 2 ** 52 + 0x1234_5600);
    assert.equal(address.meaning(words), 0x1234_5600);
  });

  it("takes the first of several names that the layout has, and refuses a field that there is not", () => {
    assert.equal(entryField(entryLayout("kvm-rev0", "itt"), "INTID", "pINTID").max, 0xffff_ffff);
    assert.throws(() => entryField(entryLayout("xen", "itt"), "doorbell"), /ITTE has no field doorbell/);
    assert.throws(() => entryLayout("gem5", "vpe"), /gem5 has no vpe entry/);
    assert.throws(() => new WordField(entryLayout("qemu", "itt"), "ICID", 0), /no field ICID in word 0/);
  });

  it("refuses a field of more than 52 bits, which a number does not hold", () => {
    const field: Field = { name: "all", msb: 63, lsb: 0, summary: "" };
    assert.equal(fieldMax(field), 2n ** 64n - 1n);
    assert.throws(() => new EntryField(field), /all is too long a field/);
  });
});
