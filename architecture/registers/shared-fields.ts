import type { Field, FieldValue } from "../field.ts";
import { bit, bits } from "./define.ts";

const writeBackNames: readonly FieldValue[] = [
  { value: 1, name: "nC", summary: "Normal Non-cacheable" },
  { value: 2, name: "RaWt", summary: "Normal Cacheable, Read-allocate, Write-through" },
  { value: 3, name: "RaWb", summary: "Normal Cacheable, Read-allocate, Write-back" },
  { value: 4, name: "WaWt", summary: "Normal Cacheable, Write-allocate, Write-through" },
  { value: 5, name: "WaWb", summary: "Normal Cacheable, Write-allocate, Write-back" },
  { value: 6, name: "RaWaWt", summary: "Normal Cacheable, Read-allocate, Write-allocate, Write-through" },
  { value: 7, name: "RaWaWb", summary: "Normal Cacheable, Read-allocate, Write-allocate, Write-back" },
];

/** InnerCache of every register that points to memory. */
export const innerCacheValues: readonly FieldValue[] = [{ value: 0, name: "Device-nGnRnE" }, ...writeBackNames];

/** OuterCache of every register that points to memory. */
export const outerCacheValues: readonly FieldValue[] = [
  { value: 0, name: "Same", summary: "as InnerCache" },
  ...writeBackNames,
];

/** Shareability of every register that points to memory. */
export const shareabilityValues: readonly FieldValue[] = [
  { value: 0, name: "Non-shareable" },
  { value: 1, name: "Inner Shareable" },
  { value: 2, name: "Outer Shareable" },
  { value: 3, name: "Reserved", summary: "treated as 0" },
];

/** Page_Size of GITS_BASER<n> and GICR_VPROPBASER. */
export const pageSizeValues: readonly FieldValue[] = [
  { value: 0, name: "4KB" },
  { value: 1, name: "16KB" },
  { value: 2, name: "64KB" },
  { value: 3, name: "Reserved", summary: "QEMU and Xen take it for 64 KiB" },
];

export function innerCache(msb: number, lsb: number): Field {
  return bits("InnerCache", msb, lsb, "inner cacheability of the GIC's accesses to the table.", {
    values: innerCacheValues,
  });
}

export function outerCache(msb: number, lsb: number): Field {
  return bits("OuterCache", msb, lsb, "outer cacheability of the GIC's accesses to the table.", {
    values: outerCacheValues,
  });
}

export const shareability: Field = bits("Shareability", 11, 10, "shareability of the GIC's accesses to the table.", {
  values: shareabilityValues,
});

/** GITS_IIDR, GICR_IIDR and GICD_IIDR. */
export const implementerIdentification: readonly Field[] = [
  bits("ProductID", 31, 24, "product; 0x4b ('K') in KVM.", { display: "hex" }),
  bits("Variant", 19, 16, "major revision of the product."),
  bits("Revision", 15, 12, "minor revision of the product."),
  bits("Implementer", 11, 0, "JEP106 code of the implementer.", {
    display: "hex",
    values: [
      { value: 0x43b, name: "Arm" },
      { value: 0x34c, name: "Cavium", summary: "also what Xen's virtual ITS reports" },
    ],
  }),
];

/** RRD, WRD, RWOD, WROD of GICD_STATUSR, GICR_STATUSR and GITS_STATUSR; each is cleared by writing 1. */
export const accessErrorStatus: readonly Field[] = [
  bit("WROD", 3, "a read-only location was written.", { access: "W1C" }),
  bit("RWOD", 2, "a write-only location was read.", { access: "W1C" }),
  bit("WRD", 1, "a reserved location was written.", { access: "W1C" }),
  bit("RRD", 0, "a reserved location was read.", { access: "W1C" }),
];

/** GITS_MPAMIDR and GICR_MPAMIDR. */
export const mpamIdentification: readonly Field[] = [
  bits("PMGmax", 23, 16, "largest PMG."),
  bits("PARTIDmax", 15, 0, "largest PARTID."),
];

/** GITS_PARTIDR and GICR_PARTIDR. */
export const mpamSelection: readonly Field[] = [
  bits("PMG", 23, 16, "performance monitoring group of the frame's memory accesses."),
  bits("PARTID", 15, 0, "partition of the frame's memory accesses."),
];
