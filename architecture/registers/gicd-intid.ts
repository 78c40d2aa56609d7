import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";
import { type IntidRegisterStem, intidRegisters } from "./per-intid.ts";

const source =
  "Arm IHI0069 chapter 12; Linux include/linux/irqchip/arm-gic-v3.h GICD_*; QEMU hw/intc/gicv3_internal.h GICD_*";

/** INTIDs 0 to 1019. With affinity routing the first 32 are in the redistributors and read as 0 here. */
function shared(stem: IntidRegisterStem, offset: number, count: number, extra: Partial<Register> = {}): Register {
  const { generation, memberResets } = extra;
  return intidRegisters("GICD", stem, { offset, count, firstIntid: 0 }, source, { generation, memberResets });
}

/** Extended SPIs: INTIDs 4096 to 5119. */
function extended(stem: IntidRegisterStem, offset: number, count: number): Register {
  return intidRegisters("GICD", stem, { offset, count, firstIntid: 4096, extended: true }, source, { generation: 3 });
}

const routing = [
  bits("Aff3", 39, 32, "affinity level 3 of the target."),
  bit("Interrupt_Routing_Mode", 31, "whether one PE or any PE gets the SPI.", {
    values: [
      { value: 0, name: "Affinity", summary: "the PE of Aff3.Aff2.Aff1.Aff0" },
      { value: 1, name: "1 of N", summary: "any PE" },
    ],
  }),
  bits("Aff2", 23, 16, "affinity level 2 of the target."),
  bits("Aff1", 15, 8, "affinity level 1 of the target."),
  bits("Aff0", 7, 0, "affinity level 0 of the target."),
];

/** Registers of the distributor with some bits an INTID, and the routing of SPIs. */
export const gicdIntidRegisters: readonly Register[] = [
  shared("IGROUPR", 0x080, 32),
  shared("ISENABLER", 0x100, 32),
  shared("ICENABLER", 0x180, 32),
  shared("ISPENDR", 0x200, 32),
  shared("ICPENDR", 0x280, 32),
  shared("ISACTIVER", 0x300, 32),
  shared("ICACTIVER", 0x380, 32),
  shared("IPRIORITYR", 0x400, 255),
  shared("ITARGETSR", 0x800, 255),
  shared("ICFGR", 0xc00, 64),
  shared("IGRPMODR", 0xd00, 32, { generation: 3 }),
  shared("NSACR", 0xe00, 64),
  shared("INMIR", 0xf80, 32, { generation: 3 }),
  extended("IGROUPR", 0x1000, 32),
  extended("ISENABLER", 0x1200, 32),
  extended("ICENABLER", 0x1400, 32),
  extended("ISPENDR", 0x1600, 32),
  extended("ICPENDR", 0x1800, 32),
  extended("ISACTIVER", 0x1a00, 32),
  extended("ICACTIVER", 0x1c00, 32),
  extended("IPRIORITYR", 0x2000, 256),
  extended("ICFGR", 0x3000, 64),
  extended("IGRPMODR", 0x3400, 32),
  extended("NSACR", 0x3600, 64),
  extended("INMIR", 0x3b00, 32),
  {
    name: "GICD_IROUTER<n>",
    block: "GICD",
    offset: 0x6100,
    width: 64,
    access: "RW",
    count: 988,
    stride: 8,
    firstIndex: 32,
    generation: 3,
    fields: routing,
    summary: "Target of SPI n. KVM keeps neither Aff3 nor Interrupt_Routing_Mode.",
    source,
  },
  {
    name: "GICD_IROUTER<n>E",
    block: "GICD",
    offset: 0x8000,
    width: 64,
    access: "RW",
    count: 1024,
    stride: 8,
    generation: 3,
    fields: routing,
    summary: "Target of extended SPI 4096 + n.",
    source,
  },
];
