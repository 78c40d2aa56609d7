import type { Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";
import { hypervisorControl, listRegisterStates, maintenanceStatus, virtualPriorityBits } from "./hypervisor-fields.ts";

const source = "Arm IHI0048B chapter 5; Linux include/linux/irqchip/arm-gic.h GICH_*; QEMU hw/intc/gic_internal.h";

function register(
  name: string,
  offset: number,
  access: Register["access"],
  fields: readonly Field[],
  summary: string,
  extra: Partial<Pick<Register, "count" | "stride" | "forms">> = {},
): Register {
  return { name, block: "GICH", offset, width: 32, access, fields, generation: 2, summary, source, ...extra };
}

const listRegisterCommon: readonly Field[] = [
  bit("HW", 31, "1 when the interrupt is a hardware one: the guest's deactivation deactivates PhysicalID."),
  bit("Grp1", 30, "virtual interrupt group."),
  bits("State", 29, 28, "state of the virtual interrupt.", { values: listRegisterStates }),
  bits("Priority", 27, 23, "bits [7:3] of the virtual priority.", { shift: 3 }),
];
const virtualId = bits("VirtualID", 9, 0, "virtual INTID.", { unit: "INTID" });

const perListRegister = (first: number, meaning: string) => [
  bits("List_registers", 31, 0, `one bit a list register from GICH_LR${first} on: ${meaning}`, { display: "hex" }),
];

/** Hypervisor control interface of GICv2. */
export const gichRegisters: readonly Register[] = [
  register(
    "GICH_HCR",
    0x00,
    "RW",
    hypervisorControl,
    "Controls the virtual CPU interface and its maintenance interrupt.",
  ),
  register(
    "GICH_VTR",
    0x04,
    "RO",
    [
      ...virtualPriorityBits,
      bits("ListRegs", 5, 0, "number of list registers, minus one.", { plus: 1, unit: "list registers" }),
    ],
    "Features of the virtual CPU interface.",
  ),
  register(
    "GICH_VMCR",
    0x08,
    "RW",
    [
      bits("VMPriMask", 31, 27, "bits [7:3] of GICV_PMR.", { shift: 3 }),
      bits("VMBP", 23, 21, "GICV_BPR."),
      bits("VMABP", 20, 18, "GICV_ABPR."),
      bit("VEM", 9, "GICV_CTLR.EOImode."),
      bit("VMCBPR", 4, "GICV_CTLR.CBPR."),
      bit("VMFIQEn", 3, "GICV_CTLR.FIQEn."),
      bit("VMAckCtl", 2, "GICV_CTLR.AckCtl."),
      bit("VMGrp1En", 1, "GICV_CTLR.EnableGrp1."),
      bit("VMGrp0En", 0, "GICV_CTLR.EnableGrp0."),
    ],
    "The hypervisor's view of the guest's CPU interface registers.",
  ),
  register("GICH_MISR", 0x10, "RO", maintenanceStatus, "Reasons of the maintenance interrupt."),
  register(
    "GICH_EISR0",
    0x20,
    "RO",
    perListRegister(0, "end of interrupt asked for."),
    "Ends of interrupts of list registers 0 to 31.",
  ),
  register(
    "GICH_EISR1",
    0x24,
    "RO",
    perListRegister(32, "end of interrupt asked for."),
    "Ends of interrupts of list registers 32 to 63.",
  ),
  register("GICH_ELRSR0", 0x30, "RO", perListRegister(0, "holds no interrupt."), "Empty list registers among 0 to 31."),
  register(
    "GICH_ELRSR1",
    0x34,
    "RO",
    perListRegister(32, "holds no interrupt."),
    "Empty list registers among 32 to 63.",
  ),
  register(
    "GICH_APR",
    0xf0,
    "RW",
    [bits("Active_priorities", 31, 0, "one bit a preemption level.", { display: "hex" })],
    "Active virtual priorities.",
  ),
  register(
    "GICH_LR<n>",
    0x100,
    "RW",
    [
      ...listRegisterCommon,
      bit("EOI", 19, "1 asks for a maintenance interrupt when the guest ends the interrupt."),
      bits("CPUID", 12, 10, "for an SGI, the virtual CPU that generated it."),
      virtualId,
    ],
    "List register n: one virtual interrupt.",
    {
      count: 64,
      stride: 4,
      forms: [
        {
          when: "HW = 1",
          condition: { field: "HW", raw: 1n },
          fields: [...listRegisterCommon, bits("PhysicalID", 19, 10, "physical INTID.", { unit: "INTID" }), virtualId],
        },
      ],
    },
  ),
];
