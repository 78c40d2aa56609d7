import type { Field } from "../field.ts";
import type { Register } from "../register.ts";
import { bit, bits } from "./define.ts";

const source =
  "Arm DDI 0487 D24.10 (Generic Timer registers); Linux arch/arm64/include/asm/sysreg.h SYS_CNT*_EL0, SYS_AARCH64_CNT*";

const control: readonly Field[] = [
  bit("ISTATUS", 2, "1 when the counter has come to CompareValue, whatever IMASK says.", { access: "RO" }),
  bit("IMASK", 1, "1 keeps the timer's output low."),
  bit("ENABLE", 0, "1 when the timer is on."),
];
const compare: readonly Field[] = [
  bits("CompareValue", 63, 0, "the timer has fired when the counter is not below it.", { display: "hex" }),
];
const distance: readonly Field[] = [
  bits(
    "TimerValue",
    31,
    0,
    "CompareValue less the counter; a write sets CompareValue to the counter plus it, signed.",
    {
      display: "hex",
    },
  ),
];

/** The three registers of a timer at EL0, op0 = 3, op1 = 3, CRn = 14. @param CRm 3: virtual, 2: physical */
function timer(prefix: "CNTV" | "CNTP", CRm: number, what: string): Register[] {
  const register = (name: string, op2: number, fields: readonly Field[], summary: string): Register => ({
    name: `${prefix}_${name}_EL0`,
    block: "CNT",
    encoding: { op0: 3, op1: 3, CRn: 14, CRm, op2 },
    width: 64,
    access: "RW",
    fields,
    summary,
    source,
  });
  return [
    register("TVAL", 0, distance, `How far the ${what} is from firing, in ticks of the counter.`),
    register("CTL", 1, control, `Control of the ${what}.`),
    register("CVAL", 2, compare, `Value of the counter at which the ${what} fires.`),
  ];
}

/** The generic timers of a guest, whose outputs are PPIs: 27 of the virtual timer, 30 of the physical one. */
export const cntRegisters: readonly Register[] = [
  ...timer("CNTV", 3, "virtual timer (PPI 27)"),
  ...timer("CNTP", 2, "EL1 physical timer (PPI 30)"),
];
