import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attributeFields,
  attributeGroupByName,
  attributeGroupByNumber,
  attributeGroups,
  defaultBases,
  errnoByName,
  errnoName,
  extractMeaning,
  extractRaw,
  intidName,
  intidRange,
  intidRanges,
  irqLineFields,
  LAST_INTID,
  namedAttribute,
  redistRegionFields,
  registerByEncoding,
} from "../../architecture/index.ts";
import { assertSoundFields } from "./declared-fields.ts";

test("groups are found by name and number, and their encodings are sound", () => {
  attributeGroups.forEach((group, number) => {
    assert.equal(group.group, number);
    assert.equal(attributeGroupByName(group.name), group);
    assert.equal(attributeGroupByNumber(number), group);
    for (const { fields } of group.encodings ?? []) assertSoundFields(group.name, 64, fields);
    const attributes = (group.attributes ?? []).map(({ attr }) => attr);
    assert.equal(new Set(attributes).size, attributes.length, group.name);
  });
  assert.equal(attributeGroupByNumber(10), undefined);
  assertSoundFields("REDIST_REGION", 64, redistRegionFields);
  assertSoundFields("KVM_IRQ_LINE", 32, irqLineFields);
});

test("a CPU_SYSREGS attribute names its vCPU and its system register", () => {
  const group = attributeGroupByName("CPU_SYSREGS");
  const fields = group && attributeFields(group, "VGIC_V3");
  assert.ok(fields);
  const attr = 0x1_0000_c665n;
  const part = Object.fromEntries(fields.map((field) => [field.name, Number(extractRaw(attr, field))]));
  assert.equal(part.mpidr, 1);
  const { op0, op1, CRn, CRm, op2 } = part;
  assert.equal(registerByEncoding({ op0, op1, CRn, CRm, op2 })?.register.name, "ICC_SRE_EL1");
});

test("named attributes belong to their devices", () => {
  const control = attributeGroupByName("CTRL");
  assert.ok(control);
  assert.equal(namedAttribute(control, "VGIC_ITS", 1)?.name, "SAVE_TABLES");
  assert.equal(namedAttribute(control, "VGIC_V3", 3)?.name, "SAVE_PENDING_TABLES");
  assert.equal(namedAttribute(control, "VGIC_V3", 1), undefined);
});

test("the value of a redistributor region gives its base as an address", () => {
  const value = (3n << 52n) | 0x080a0000n | 1n;
  const meanings = redistRegionFields.map((field) => extractMeaning(value, field));
  assert.deepEqual(meanings, [3n, 0x080a0000n, 0n, 1n]);
});

test("error numbers have their names", () => {
  assert.equal(errnoName(22), "EINVAL");
  assert.equal(errnoName(errnoByName.ENXIO), "ENXIO");
  assert.equal(errnoName(1), undefined);
});

test("INTID ranges follow one another without a gap from 0 to the last INTID", () => {
  let next = 0;
  for (const { first, last } of intidRanges) {
    assert.equal(first, next);
    assert.ok(last >= first);
    next = last + 1;
  }
  assert.equal(next, LAST_INTID + 1);
  for (const outside of [-1, LAST_INTID + 1, Number.NaN]) assert.equal(intidRange(outside), undefined);
});

test("INTIDs are named as people name them", () => {
  assert.deepEqual([3, 27, 35, 1023, 1056, 4100, 8195, 6000].map(intidName), [
    "SGI 3 (INTID 3)",
    "PPI 11 (INTID 27)",
    "SPI 3 (INTID 35)",
    "Spurious (INTID 1023)",
    "EPPI 0 (INTID 1056)",
    "ESPI 4 (INTID 4100)",
    "LPI 8195",
    "reserved INTID 6000",
  ]);
});

test("the frames of the default machine do not overlap", () => {
  const { gicd, gicdBytes, gicc, giccBytes, its, itsBytes, gicr, gicrStrideV4, ram, ramBytes } = defaultBases;
  assert.ok(gicd + gicdBytes <= gicc && gicc + giccBytes <= its && its + itsBytes <= gicr);
  assert.ok(gicr + 64 * gicrStrideV4 <= ram);
  assert.equal(ramBytes, 64 * 1024 * 1024);
});
