import type { Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";

const source =
  "Arm IHI0069 chapter 12; Linux arch/arm64/include/asm/sysreg.h SYS_ICC_*; QEMU hw/intc/arm_gicv3_cpuif.c";

type Extra = Partial<Pick<Register, "reset" | "readEffect" | "count">>;
type Place = readonly [op1: number, CRn: number, CRm: number, op2: number];

/** A register at op0 = 3. */
function register(
  name: string,
  [op1, CRn, CRm, op2]: Place,
  access: Register["access"],
  fields: readonly Field[],
  summary: string,
  extra: Extra = {},
): Register {
  const encoding = { op0: 3, op1, CRn, CRm, op2 };
  return { name, block: "ICC", encoding, width: 64, access, fields, generation: 3, summary, source, ...extra };
}

const el1 = (CRm: number, op2: number): Place => [0, 12, CRm, op2];

const intid = [bits("INTID", 23, 0, "the interrupt; 1020 to 1023 are special.", { unit: "INTID" })];
const priority = (summary: string) => [bits("Priority", 7, 0, summary, { display: "hex" })];
const acknowledges = {
  readEffect:
    "Acknowledges the interrupt: it becomes active, an LPI loses its pending state, and the running priority changes.",
} as const;
const kvmZero = { reset: { kvm: 0n } } as const;

const groupEnable = (group: string) => [bit("Enable", 0, `1 signals ${group} interrupts to the PE.`)];

const sgi: readonly Field[] = [
  bits("Aff3", 55, 48, "affinity level 3 of the targets."),
  bits("RS", 47, 44, "range: TargetList stands for affinity level 0 values from 16 RS on."),
  bit("IRM", 40, "1 sends to all PEs but this one, 0 to the PEs of the affinities and TargetList."),
  bits("Aff2", 39, 32, "affinity level 2 of the targets."),
  bits("INTID", 27, 24, "the SGI.", { unit: "INTID" }),
  bits("Aff1", 23, 16, "affinity level 1 of the targets."),
  bits("TargetList", 15, 0, "one bit an affinity level 0 value.", { display: "hex" }),
];

/** SCTLR_EL<n>, of which the CPU interface asks for one bit. */
function systemControl(level: 1 | 2 | 3): Register {
  return register(
    `SCTLR_EL${level}`,
    [[0, 4, 6][level - 1], 1, 0, 0],
    "RW",
    [bit("NMI", 61, "1: ICC_IAR1_EL1 answers 1022 for an NMI, and ICC_NMIAR1_EL1 acknowledges it (FEAT_NMI).")],
    `System control of EL${level}, as far as the CPU interface goes: NMI alone.`,
  );
}

/** How many of the array exist depends on the preemption bits: 1 up to 5 bits, 2 with 6, 4 with 7. */
function activePriorities(group: 0 | 1): Register {
  return register(
    `ICC_AP${group}R<n>_EL1`,
    group === 0 ? el1(8, 4) : el1(9, 0),
    "RW",
    [
      ...(group === 1 ? [bit("NMI", 63, "in ICC_AP1R0_EL1: an NMI is active (FEAT_GICv3_NMI).")] : []),
      bits("Active_priorities", 31, 0, "one bit a preemption level.", { display: "hex" }),
    ],
    `Active priorities of Group ${group}, preemption levels from 32 n on.`,
    { count: 4, ...kvmZero },
  );
}

const features: readonly Field[] = [
  bit("A3V", 15, "1 when affinity level 3 may be other than 0 in SGIs.", { access: "RO" }),
  bit("SEIS", 14, "1 when the CPU interface can generate SEIs.", { access: "RO" }),
  bits("IDbits", 13, 11, "number of INTID bits.", {
    access: "RO",
    values: [
      { value: 0, name: "16 bits" },
      { value: 1, name: "24 bits" },
    ],
  }),
  bits("PRIbits", 10, 8, "number of priority bits, minus one.", { access: "RO", plus: 1, unit: "priority bits" }),
  bit("PMHE", 6, "1 lets ICC_PMR_EL1 guide the distribution of 1-of-N interrupts."),
];
const extendedRange = bit("ExtRange", 19, "1 when INTIDs 1024 to 8191 are supported.", { access: "RO" });
const rangeSelector = bit("RSS", 18, "1 when SGIs reach affinity level 0 values up to 255.", { access: "RO" });

const control: readonly Field[] = [
  extendedRange,
  rangeSelector,
  ...features,
  bit("EOImode", 1, "1: EOIR drops the priority only and ICC_DIR_EL1 deactivates."),
  bit("CBPR", 0, "1: ICC_BPR0_EL1 rules both groups."),
];

const controlEl3: readonly Field[] = [
  extendedRange,
  rangeSelector,
  bit("nDS", 17, "1 when disabling security is not supported.", { access: "RO" }),
  ...features,
  bit("RM", 5, "1: IAR0 and IAR1 at EL3 answer 1020 and 1021 for interrupts of lower levels."),
  bit("EOImode_EL1NS", 4, "EOImode of Non-secure EL1 and EL2."),
  bit("EOImode_EL1S", 3, "EOImode of Secure EL1."),
  bit("EOImode_EL3", 2, "EOImode of EL3."),
  bit("CBPR_EL1NS", 1, "CBPR of Non-secure EL1 and EL2."),
  bit("CBPR_EL1S", 0, "CBPR of Secure EL1."),
];

const enableLower = bit("Enable", 3, "1 lets lower exception levels access ICC_SRE without a trap.");
const systemRegisterEnable: readonly Field[] = [
  bit("DIB", 2, "1 disables the IRQ bypass."),
  bit("DFB", 1, "1 disables the FIQ bypass."),
  bit("SRE", 0, "1 when the system registers are used, not the memory-mapped CPU interface."),
];

/** CPU interface system registers of GICv3. Resets are KVM's as recorded from Linux 7.2 with 5 priority bits. */
export const iccRegisters: readonly Register[] = [
  register(
    "ICC_PMR_EL1",
    [0, 4, 6, 0],
    "RW",
    priority("interrupts with this priority value or a higher one are masked."),
    "Priority mask.",
    kvmZero,
  ),
  register(
    "ICC_IAR0_EL1",
    el1(8, 0),
    "RO",
    intid,
    "Highest pending Group 0 interrupt; a read acknowledges it.",
    acknowledges,
  ),
  register(
    "ICC_EOIR0_EL1",
    el1(8, 1),
    "WO",
    intid,
    "Ends a Group 0 interrupt: drops the priority, and deactivates with EOImode = 0.",
  ),
  register("ICC_HPPIR0_EL1", el1(8, 2), "RO", intid, "Highest pending Group 0 interrupt, without acknowledging it."),
  register(
    "ICC_BPR0_EL1",
    el1(8, 3),
    "RW",
    [bits("BinaryPoint", 2, 0, "group priority is Priority[7:BinaryPoint + 1].")],
    "Binary point of Group 0, and of Group 1 with CBPR = 1.",
    kvmZero,
  ),
  activePriorities(0),
  activePriorities(1),
  register(
    "ICC_NMIAR1_EL1",
    el1(9, 5),
    "RO",
    intid,
    "Highest pending Group 1 NMI; a read acknowledges it (FEAT_GICv3_NMI).",
    acknowledges,
  ),
  register("ICC_DIR_EL1", el1(11, 1), "WO", intid, "Deactivates an interrupt, with EOImode = 1."),
  register(
    "ICC_RPR_EL1",
    el1(11, 3),
    "RO",
    [
      bit("NMI", 63, "1 while an NMI runs (FEAT_GICv3_NMI)."),
      bit(
        "NMI_NS",
        62,
        "1 while a Non-secure NMI runs, in a Secure access and, in QEMU, on a PE without EL3 (FEAT_GICv3_NMI).",
      ),
      ...priority("priority of the running interrupt, 0xff when idle."),
    ],
    "Running priority.",
  ),
  register("ICC_SGI1R_EL1", el1(11, 5), "WO", sgi, "Generates a Group 1 SGI of the present security state."),
  register("ICC_ASGI1R_EL1", el1(11, 6), "WO", sgi, "Generates a Group 1 SGI of the other security state."),
  register("ICC_SGI0R_EL1", el1(11, 7), "WO", sgi, "Generates a Secure Group 0 SGI."),
  register(
    "ICC_IAR1_EL1",
    el1(12, 0),
    "RO",
    intid,
    "Highest pending Group 1 interrupt; a read acknowledges it.",
    acknowledges,
  ),
  register(
    "ICC_EOIR1_EL1",
    el1(12, 1),
    "WO",
    intid,
    "Ends a Group 1 interrupt: drops the priority, and deactivates with EOImode = 0.",
  ),
  register("ICC_HPPIR1_EL1", el1(12, 2), "RO", intid, "Highest pending Group 1 interrupt, without acknowledging it."),
  register(
    "ICC_BPR1_EL1",
    el1(12, 3),
    "RW",
    [bits("BinaryPoint", 2, 0, "group priority of Group 1 is Priority[7:BinaryPoint].")],
    "Binary point of Group 1. KVM reads min(BPR0 + 1, 7) while CBPR = 1.",
  ),
  register("ICC_CTLR_EL1", el1(12, 4), "RW", control, "Controls the CPU interface."),
  register("ICC_SRE_EL1", el1(12, 5), "RW", systemRegisterEnable, "System register interface of EL1.", {
    reset: { kvm: 0x7n },
  }),
  register("ICC_IGRPEN0_EL1", el1(12, 6), "RW", groupEnable("Group 0"), "Enable of Group 0.", kvmZero),
  register(
    "ICC_IGRPEN1_EL1",
    el1(12, 7),
    "RW",
    groupEnable("Group 1"),
    "Enable of Group 1 of the present security state.",
    kvmZero,
  ),
  register(
    "ICC_SRE_EL2",
    [4, 12, 9, 5],
    "RW",
    [enableLower, ...systemRegisterEnable],
    "System register interface of EL2.",
  ),
  register("ICC_CTLR_EL3", [6, 12, 12, 4], "RW", controlEl3, "Controls the CPU interface for all security states."),
  register(
    "ICC_SRE_EL3",
    [6, 12, 12, 5],
    "RW",
    [enableLower, ...systemRegisterEnable],
    "System register interface of EL3.",
  ),
  register(
    "ICC_IGRPEN1_EL3",
    [6, 12, 12, 7],
    "RW",
    [
      bit("EnableGrp1S", 1, "1 signals Secure Group 1 interrupts."),
      bit("EnableGrp1NS", 0, "1 signals Non-secure Group 1 interrupts."),
    ],
    "Enable of Group 1 of both security states.",
  ),
  systemControl(1),
  systemControl(2),
  systemControl(3),
];
