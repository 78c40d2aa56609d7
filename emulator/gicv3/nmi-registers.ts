import type { CpuInterface } from "./cpu-interface.ts";
import { nmiIsActive, setNmiActive } from "./nmi.ts";
import { isSecure, sctlrNmi, setSctlrNmi } from "./pe-context.ts";
import { Group } from "./redistributor.ts";
import { type ActivePriorityRegister, ALL_BITS, type SystemRegister } from "./system-register.ts";

/** High words: ICC_AP<group>R<n>_EL1.NMI, ICC_RPR_EL1.NMI and NMI_NS, SCTLR_EL<n>.NMI. */
const NMI = 0x8000_0000;
const NS_NMI = 0x4000_0000;
const SCTLR_NMI = 1 << 29;

/**
 * System registers of a CPU with FEAT_GICv3_NMI, and SCTLR_EL<n>, of which only NMI is kept: the CPU interface asks for it
 * (arm_gicv3_cpuif.c icc_nmiar1_read, icc_iar1_read, icc_rpr_read, icc_ap_write). They stand for those of the same names without it.
 */
export function* nmiRegisters(
  cpu: CpuInterface,
  runningPriority: SystemRegister,
  activePriorities: Iterable<readonly [string, ActivePriorityRegister]>,
): Iterable<[string, SystemRegister]> {
  yield ["ICC_NMIAR1_EL1", { trap: "irq", read: (pe) => cpu.acknowledgeNmi(pe) }];
  yield [
    "ICC_RPR_EL1",
    {
      ...runningPriority,
      readHigh: (pe) => {
        const nonSecure = nmiIsActive(pe, Group.group1);
        if (cpu.hasEl3 && !isSecure(pe, true)) return nonSecure ? NMI : 0;
        return (nonSecure ? NS_NMI : 0) + (nmiIsActive(pe, Group.secureGroup1) ? NMI : 0);
      },
    },
  ];
  for (const [name, register] of activePriorities) {
    yield [
      name,
      {
        ...register,
        readHigh: (pe) => (nmiIsActive(pe, register.group(pe), register.index) ? NMI : 0),
        write: (pe, lo, hi) => {
          const writable = register.writable(pe);
          if (writable === 0) return;
          setNmiActive(pe, register.group(pe), register.index, writable === ALL_BITS && hi >= NMI);
          register.write(pe, lo, hi);
        },
      },
    ];
  }
  for (const level of [1, 2, 3]) {
    yield [
      `SCTLR_EL${level}`,
      {
        trap: "none",
        el3: level === 3,
        read: () => 0,
        readHigh: (pe) => (sctlrNmi(pe, level) ? SCTLR_NMI : 0),
        write: (pe, _lo, hi) => setSctlrNmi(pe, level, (hi & SCTLR_NMI) !== 0),
      },
    ];
  }
}
