import type { Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";

const source = "Arm IHI0048B chapter 4; Linux include/linux/irqchip/arm-gic.h GIC_CPU_*";
const recorded = `${source}; resets as recorded from Linux 7.2`;

const interruptFields: readonly Field[] = [
  bits("CPUID", 12, 10, "for an SGI, the CPU interface that generated it."),
  bits("INTID", 9, 0, "the interrupt; 1020 to 1023 are special.", { unit: "INTID" }),
];

const acknowledges = "Acknowledges the interrupt: it becomes active and the running priority changes.";

function register(
  name: string,
  offset: number,
  access: Register["access"],
  fields: readonly Field[],
  summary: string,
  extra: Partial<Pick<Register, "reset" | "readEffect" | "count" | "stride" | "forms">> = {},
): Register {
  return {
    name,
    block: "GICC",
    offset,
    width: 32,
    access,
    fields,
    generation: 2,
    summary,
    source: extra.reset === undefined ? source : recorded,
    ...extra,
  };
}

const kvmZero = { reset: { kvm: 0n } } as const;
const priority = (summary: string) => [bits("Priority", 7, 0, summary, { display: "hex" })];
const activePriorities = [bits("Active_priorities", 31, 0, "one bit a preemption level.", { display: "hex" })];

/**
 * CPU interface of GICv2, 8 KiB; the guest's view of it (GICV) has the same layout. KVM's CPU_REGS group has
 * CTLR, PMR, BPR, ABPR, APR and IIDR only.
 */
export const giccRegisters: readonly Register[] = [
  register(
    "GICC_CTLR",
    0x0000,
    "RW",
    [
      bit("EOImodeNS", 10, "EOImode of Non-secure accesses, as seen by Secure ones."),
      bit("EOImode", 9, "1: GICC_EOIR drops the priority only and GICC_DIR deactivates."),
      bit("IRQBypDisGrp1", 8, "1 keeps the bypass IRQ from the PE when Group 1 is disabled."),
      bit("FIQBypDisGrp1", 7, "1 keeps the bypass FIQ from the PE when Group 1 is disabled."),
      bit("IRQBypDisGrp0", 6, "1 keeps the bypass IRQ from the PE when Group 0 is disabled."),
      bit("FIQBypDisGrp0", 5, "1 keeps the bypass FIQ from the PE when Group 0 is disabled."),
      bit("CBPR", 4, "1: GICC_BPR rules both groups."),
      bit("FIQEn", 3, "1 signals Group 0 interrupts as FIQ."),
      bit("AckCtl", 2, "1: GICC_IAR acknowledges Group 1 interrupts from a Secure access, too."),
      bit("EnableGrp1", 1, "1 signals Group 1 interrupts to the PE."),
      bit("EnableGrp0", 0, "1 signals Group 0 interrupts to the PE."),
    ],
    "Controls the CPU interface.",
    kvmZero,
  ),
  register(
    "GICC_PMR",
    0x0004,
    "RW",
    priority("interrupts with this priority value or a higher one are masked."),
    "Priority mask. KVM's user interface exchanges bits [7:3] of it in bits [4:0].",
    kvmZero,
  ),
  register(
    "GICC_BPR",
    0x0008,
    "RW",
    [bits("Binary_Point", 2, 0, "group priority is Priority[7:Binary_Point + 1].")],
    "Binary point of Group 0, and of Group 1 with CBPR = 1.",
    kvmZero,
  ),
  register("GICC_IAR", 0x000c, "RO", interruptFields, "Highest pending interrupt; a read acknowledges it.", {
    readEffect: acknowledges,
  }),
  register(
    "GICC_EOIR",
    0x0010,
    "WO",
    interruptFields,
    "Ends an interrupt: drops the priority, and deactivates with EOImode = 0.",
  ),
  register(
    "GICC_RPR",
    0x0014,
    "RO",
    priority("priority of the running interrupt, 0xff when idle."),
    "Running priority.",
  ),
  register("GICC_HPPIR", 0x0018, "RO", interruptFields, "Highest pending interrupt, without acknowledging it."),
  register(
    "GICC_ABPR",
    0x001c,
    "RW",
    [bits("Binary_Point", 2, 0, "group priority of Group 1 is Priority[7:Binary_Point].")],
    "Binary point of Group 1.",
    kvmZero,
  ),
  register("GICC_AIAR", 0x0020, "RO", interruptFields, "Highest pending Group 1 interrupt; a read acknowledges it.", {
    readEffect: acknowledges,
  }),
  register("GICC_AEOIR", 0x0024, "WO", interruptFields, "Ends a Group 1 interrupt."),
  register(
    "GICC_AHPPIR",
    0x0028,
    "RO",
    interruptFields,
    "Highest pending Group 1 interrupt, without acknowledging it.",
  ),
  register("GICC_APR<n>", 0x00d0, "RW", activePriorities, "Active priorities of Group 0; in KVM, of both groups.", {
    count: 4,
    stride: 4,
    ...kvmZero,
  }),
  register("GICC_NSAPR<n>", 0x00e0, "RW", activePriorities, "Active priorities of Group 1.", { count: 4, stride: 4 }),
  register(
    "GICC_IIDR",
    0x00fc,
    "RO",
    [
      bits("ProductID", 31, 20, "product; 0x4b ('K') in KVM.", { display: "hex" }),
      bits("Architecture_version", 19, 16, "version of the GIC architecture."),
      bits("Revision", 15, 12, "revision of the product."),
      bits("Implementer", 11, 0, "JEP106 code of the implementer.", {
        display: "hex",
        values: [{ value: 0x43b, name: "Arm" }],
      }),
    ],
    "Identifies the CPU interface.",
    { reset: { kvm: 0x04b2043bn } },
  ),
  register("GICC_DIR", 0x1000, "WO", interruptFields, "Deactivates an interrupt, with EOImode = 1."),
];
