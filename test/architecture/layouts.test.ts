import assert from "node:assert/strict";
import { test } from "node:test";
import {
  architectureLevel1,
  type EntryLayout,
  entryIsValid,
  extractMeaning,
  extractRaw,
  KVM_COLLECTION_NOT_MAPPED,
  type LayoutName,
  layoutField,
  layouts,
  PENDING_TABLE_RESERVED_BYTES,
  roleField,
  type TableKind,
  valueName,
} from "../../architecture/index.ts";
import { assertSoundFields } from "./declared-fields.ts";

function layoutOf(name: LayoutName, kind: TableKind): EntryLayout {
  const layout = layouts[name].entries[kind];
  assert.ok(layout, `${name} has a ${kind} table`);
  return layout;
}

function meanings(layout: EntryLayout, entry: bigint): Record<string, bigint> {
  return Object.fromEntries(layout.fields.map((field) => [field.name, extractMeaning(entry, field)]));
}

const allLayouts = Object.values(layouts).flatMap(({ name, entries }) =>
  Object.values(entries).map((layout) => ({ label: `${name} ${layout.entryName}`, layout })),
);

/** Entries as the implementations write them, with the meaning of their fields. */
const examples: readonly (readonly [LayoutName, TableKind, bigint, Readonly<Record<string, bigint>>])[] = [
  ["kvm-rev0", "device", 0x800a000008080007n, { V: 1n, next: 5n, ITT_addr: 0x40400000n, Size: 8n }],
  ["kvm-rev0", "device", 0x8000000008082007n, { V: 1n, next: 0n, ITT_addr: 0x40410000n, Size: 8n }],
  ["kvm-rev0", "itt", 0x0000000020030003n, { next: 0n, pINTID: 8195n, ICID: 3n }],
  ["kvm-rev0", "collection", 0x8000000000030003n, { V: 1n, RDbase: 3n, ICID: 3n }],
  ["kvm-rev0", "collection", 0x8000ffffffff0007n, { V: 1n, RDbase: 0xffffffffn, ICID: 7n }],
  ["kvm-rev0", "level1", 0x8000000040210000n, { V: 1n, Address: 0x40210000n }],
  ["qemu", "device", 0x000000001010000fn, { V: 1n, ITT_addr: 0x40400000n, Size: 8n }],
  [
    "qemu",
    "itt",
    (0x3ffn << 64n) | 0x000000030000800fn,
    { V: 1n, type: 1n, INTID: 8195n, ICID: 3n, vPEID: 0n, doorbell: 1023n },
  ],
  ["qemu", "collection", 7n, { V: 1n, RDbase: 3n }],
  ["qemu", "vpe", 0x000004000012001fn, { V: 1n, VPT_size: 16n, VPT_addr: 0x48000000n, RDbase: 1n }],
  ["xen", "device", 0x0000000040400007n, { ITT_addr: 0x40400000n, Size: 8n }],
  ["xen", "itt", 0x0000000300002003n, { ICID: 3n, vLPI: 8195n }],
  ["gem5", "itt", 0x00000000c0ff800fn, { vPEID: 0n, ICID: 3n, doorbell: 255n, INTID: 8195n, type: 1n, V: 1n }],
  ["kvm-rev0", "lpi-config", 0xa3n, { Priority: 0xa0n, RES1: 1n, Enable: 1n }],
];

for (const [name, kind, entry, expected] of examples) {
  test(`${name} ${kind} entry 0x${entry.toString(16)}`, () => {
    const layout = layoutOf(name, kind);
    assert.deepEqual(meanings(layout, entry), expected);
    assert.ok(entryIsValid(layout, entry));
  });
}

test("fields of every entry are sound, and the fields that layouts name exist", () => {
  for (const { label, layout } of allLayouts) {
    assertSoundFields(label, layout.bytes * 8, layout.fields);
    for (const name of [layout.validField, roleField(layout, "next")?.name]) {
      if (name !== undefined) assert.ok(layoutField(layout, name), `${label} has ${name}`);
    }
  }
});

test("zero is no valid entry, but for Xen's collections, where it is vCPU 0", () => {
  for (const { label, layout } of allLayouts) {
    if (layout.validField !== undefined) assert.equal(entryIsValid(layout, 0n), label === "xen CTE", label);
  }
});

test("what Xen writes on unmapping is invalid", () => {
  assert.equal(entryIsValid(layoutOf("xen", "device"), 0x000fffffffffff00n), false);
  assert.equal(entryIsValid(layoutOf("xen", "collection"), 0xffffn), false);
  assert.equal(entryIsValid(layoutOf("xen", "itt"), 0x0000ffff00000000n), false);
});

test("KVM's level-1 entry drops the address bits below 64 KiB, QEMU's keeps them and loses bit 51", () => {
  const entry = 0x8008000040211000n;
  assert.equal(meanings(layoutOf("kvm-rev0", "level1"), entry).Address, 0x8000040210000n);
  assert.equal(meanings(layoutOf("qemu", "level1"), entry).Address, 0x40211000n);
});

test("gem5 keeps 14 bits of an INTID, so that LPI 16384 becomes 0", () => {
  const intid = layoutField(layoutOf("gem5", "itt"), "INTID");
  assert.ok(intid);
  assert.equal(extractRaw(16384n << 2n, intid), 0n);
});

test("only KVM's collection table is a packed list, only its entries are chained", () => {
  for (const { label, layout } of allLayouts) {
    assert.equal(layout.indexedBy === "packed", label === "kvm-rev0 CTE", label);
    assert.equal(roleField(layout, "next") !== undefined, ["kvm-rev0 DTE", "kvm-rev0 ITE"].includes(label), label);
  }
});

test("level 1 as drivers write it: bits [51:12] of the page's address, and V", () => {
  const [valid, address] = ["V", "Address"].map((name) => layoutField(architectureLevel1, name) ?? assert.fail(name));
  // Linux irq-gic-v3-its.c its_alloc_table_entry: the page's physical address with GITS_BASER_VALID.
  const entry = 0x800f_ffff_ffff_f000n;
  assert.equal(extractRaw(entry, valid), 1n);
  assert.equal(extractMeaning(entry, address), 0xf_ffff_ffff_f000n);
  assert.equal(extractMeaning(0x8010_0000_0000_0fffn, address), 0n);
});

test("what KVM and the tables of LPIs lay down beside fields", () => {
  assert.equal(KVM_COLLECTION_NOT_MAPPED, 0xffff_ffff); // vgic-its.c COLLECTION_NOT_MAPPED ((u32)~0)
  const target = layoutField(layoutOf("kvm-rev0", "collection"), "RDbase");
  assert.equal(target && valueName(target, 0xffff_ffffn), "Unmapped");
  assert.equal(layoutOf("kvm-rev0", "device").maxEventBits, 16); // VITS_TYPER_IDBITS
  assert.equal(PENDING_TABLE_RESERVED_BYTES, 1024); // Bits of INTIDs 0 to 8191.
  assert.equal(layoutOf("qemu", "lpi-config").firstIndex, 8192);
});
