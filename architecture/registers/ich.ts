import type { Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";
import { hypervisorControl, listRegisterStates, maintenanceStatus, virtualPriorityBits } from "./hypervisor-fields.ts";

const source =
  "Arm IHI0069 chapter 12; Linux arch/arm64/include/asm/sysreg.h SYS_ICH_*, include/linux/irqchip/arm-gic-v3.h ICH_*";

/** A register at op0 = 3, op1 = 4, CRn = 12. */
function register(
  name: string,
  CRm: number,
  op2: number,
  width: 32 | 64,
  access: Register["access"],
  fields: readonly Field[],
  summary: string,
  extra: Partial<Pick<Register, "forms" | "count">> = {},
): Register {
  const encoding = { op0: 3, op1: 4, CRn: 12, CRm, op2 };
  return { name, block: "ICH", encoding, width, access, fields, generation: 3, summary, source, ...extra };
}

/** How many of the array exist depends on ICH_VTR_EL2.PREbits: 1 up to 5 bits, 2 with 6, 4 with 7. */
function activePriorities(group: 0 | 1): Register {
  return register(
    `ICH_AP${group}R<n>_EL2`,
    8 + group,
    0,
    64,
    "RW",
    [
      ...(group === 1 ? [bit("NMI", 63, "in ICH_AP1R0_EL2: an NMI is active (FEAT_GICv3_NMI).")] : []),
      bits("Active_priorities", 31, 0, "one bit a preemption level.", { display: "hex" }),
    ],
    `Active virtual priorities of Group ${group}, preemption levels from 32 n on.`,
    { count: 4 },
  );
}

const listRegisterCommon: readonly Field[] = [
  bits("State", 63, 62, "state of the virtual interrupt.", { values: listRegisterStates }),
  bit("HW", 61, "1 when the interrupt is a hardware one: the guest's deactivation deactivates pINTID."),
  bit("Group", 60, "virtual interrupt group."),
  bit("NMI", 59, "1 when the virtual interrupt is non-maskable (FEAT_GICv3_NMI)."),
  bits("Priority", 55, 48, "virtual priority.", { display: "hex" }),
];
const virtualIntid = bits(
  "vINTID",
  31,
  0,
  "virtual INTID; for an SGI of a virtual GICv2, KVM keeps the source in [12:10].",
  {
    unit: "INTID",
  },
);

const listRegister = register(
  "ICH_LR<n>_EL2",
  12,
  0,
  64,
  "RW",
  [
    ...listRegisterCommon,
    bit("EOI", 41, "1 asks for a maintenance interrupt when the guest ends the interrupt."),
    virtualIntid,
  ],
  "List register n: one virtual interrupt.",
  {
    count: 16,
    forms: [
      {
        when: "HW = 1",
        condition: { field: "HW", raw: 1n },
        fields: [...listRegisterCommon, bits("pINTID", 44, 32, "physical INTID.", { unit: "INTID" }), virtualIntid],
      },
    ],
  },
);

const perListRegister = (meaning: string) => [
  bits("List_registers", 15, 0, `one bit a list register: ${meaning}`, { display: "hex" }),
];

/** Hypervisor system registers of GICv3. */
export const ichRegisters: readonly Register[] = [
  activePriorities(0),
  activePriorities(1),
  register(
    "ICH_HCR_EL2",
    11,
    0,
    64,
    "RW",
    [
      ...hypervisorControl.slice(0, 1),
      bit("DVIM", 15, "1 masks directly injected virtual LPIs."),
      bit("TDIR", 14, "1 traps the guest's writes of ICC_DIR_EL1."),
      bit("TSEI", 13, "1 traps locally generated SEIs that the guest's accesses would raise."),
      bit("TALL1", 12, "1 traps the guest's accesses of Group 1 ICC registers."),
      bit("TALL0", 11, "1 traps the guest's accesses of Group 0 ICC registers."),
      bit("TC", 10, "1 traps the guest's accesses of ICC registers of both groups."),
      bit("vSGIEOICount", 8, "1: ends of directly injected virtual SGIs do not count in EOIcount (GICv4.1)."),
      ...hypervisorControl.slice(1),
    ],
    "Controls the virtual CPU interface, its traps and its maintenance interrupt.",
  ),
  register(
    "ICH_VTR_EL2",
    11,
    1,
    64,
    "RO",
    [
      ...virtualPriorityBits,
      bits("IDbits", 25, 23, "number of virtual INTID bits.", {
        values: [
          { value: 0, name: "16 bits" },
          { value: 1, name: "24 bits" },
        ],
      }),
      bit("SEIS", 22, "1 when the virtual CPU interface can generate SEIs."),
      bit("A3V", 21, "1 when affinity level 3 may be other than 0 in SGIs."),
      bit("nV4", 20, "1 when direct injection of virtual interrupts is not supported."),
      bit("TDS", 19, "1 when ICH_HCR_EL2.TDIR is implemented."),
      bit("DVIM", 18, "1 when ICH_HCR_EL2.DVIM is implemented."),
      bits("ListRegs", 4, 0, "number of list registers, minus one.", { plus: 1, unit: "list registers" }),
    ],
    "Features of the virtual CPU interface.",
  ),
  register("ICH_MISR_EL2", 11, 2, 64, "RO", maintenanceStatus, "Reasons of the maintenance interrupt."),
  register(
    "ICH_EISR_EL2",
    11,
    3,
    64,
    "RO",
    perListRegister("end of interrupt asked for."),
    "List registers that the guest ended.",
  ),
  register("ICH_ELRSR_EL2", 11, 5, 64, "RO", perListRegister("holds no interrupt."), "Empty list registers."),
  register(
    "ICH_VMCR_EL2",
    11,
    7,
    64,
    "RW",
    [
      bits("VPMR", 31, 24, "the guest's ICC_PMR_EL1.", { display: "hex" }),
      bits("VBPR0", 23, 21, "the guest's ICC_BPR0_EL1."),
      bits("VBPR1", 20, 18, "the guest's ICC_BPR1_EL1."),
      bit("VEOIM", 9, "the guest's ICC_CTLR_EL1.EOImode."),
      bit("VCBPR", 4, "the guest's ICC_CTLR_EL1.CBPR."),
      bit("VFIQEn", 3, "1 signals virtual Group 0 interrupts as FIQ."),
      bit("VAckCtl", 2, "GICV_CTLR.AckCtl of a virtual GICv2."),
      bit("VENG1", 1, "the guest's ICC_IGRPEN1_EL1.Enable."),
      bit("VENG0", 0, "the guest's ICC_IGRPEN0_EL1.Enable."),
    ],
    "The hypervisor's view of the guest's CPU interface registers.",
  ),
  listRegister,
];
