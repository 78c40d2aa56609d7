import type { GuestContext } from "../guest.ts";
import type { StreamDevice } from "./stream.ts";

/** KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM64_SYSREG: indexes of the list of registers are those of KVM (target/arm/kvm-consts.h). */
const SYSTEM_REGISTER = 0x6030_0000_0013_0000n;
/** op0, op1, CRn, CRm, op2 of SCR_EL3. */
const SCR_EL3 = systemRegister(3, 6, 1, 1, 0);
/** SCTLR_EL1, EL2, EL3. */
const SCTLR = [systemRegister(3, 0, 1, 0, 0), systemRegister(3, 4, 1, 0, 0), systemRegister(3, 6, 1, 0, 0)];
const SCTLR_NMI = 1n << 61n;
const NON_SECURE = 1n;
const IRQ = 2n;
const FIQ = 4n;
/** PSTATE.nRW: the PE is in AArch32, where the mode is in other bits. */
const AARCH32 = 0x10;
/** Registers of a list that are looked at. */
const MAX_REGISTERS = 4096;

function systemRegister(op0: number, op1: number, crn: number, crm: number, op2: number): bigint {
  return SYSTEM_REGISTER | BigInt((op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2);
}

/** A PE of a stream, as far as the GIC asks. */
export interface StreamCpu {
  /** Undefined when it runs AArch32 code. */
  readonly context: GuestContext | undefined;
  readonly hasEl3: boolean;
}

/** Reads a device `cpu` (target/arm/machine.c vmstate_arm_cpu): PSTATE, and of the system registers SCR_EL3 and SCTLR_ELx. */
export function readCpuState({ fields }: StreamDevice): StreamCpu {
  const count = Math.min(fields.count("cpreg_vmstate_indexes"), MAX_REGISTERS);
  const values = new Map<bigint, bigint>();
  for (let index = 0; index < count; index++)
    values.set(fields.number("cpreg_vmstate_indexes", index) ?? 0n, fields.number("cpreg_vmstate_values", index) ?? 0n);
  const scr = values.get(SCR_EL3);
  const pstate = fields.word("cpsr");
  const hasEl3 = scr !== undefined;
  if (pstate === undefined || (pstate & AARCH32) !== 0) return { context: undefined, hasEl3 };
  const context = {
    exceptionLevel: (pstate >> 2) & 3,
    nonSecure: scr === undefined || (scr & NON_SECURE) !== 0n,
    fiqToEl3: scr !== undefined && (scr & FIQ) !== 0n,
    irqToEl3: scr !== undefined && (scr & IRQ) !== 0n,
    sctlrNmi: SCTLR.reduce((sum, key, at) => sum | (((values.get(key) ?? 0n) & SCTLR_NMI) !== 0n ? 1 << at : 0), 0),
  };
  return { context, hasEl3 };
}
