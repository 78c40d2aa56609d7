import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { registerName, registers } from "../../architecture/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { ran, started } from "./support.ts";

const timers = registers.filter(({ block }) => block === "CNT").map((register) => registerName(register));
/** Lets a PPI of vCPU 1 reach the guest. */
const enabled = (intid: number): string => `write GICR_IGROUPR0[1] = 1 << ${intid}
write GICR_ISENABLER0[1] = 1 << ${intid}
write ICC_PMR_EL1[1] = 0xf0
write ICC_IGRPEN1_EL1[1] = 1
`;

describe("the timers of a vCPU", () => {
  // Recorded from Linux: test/vectors/kvm/lr-hw.
  for (const [name, intid, mapped] of [
    ["CNTV", 27, 1],
    ["CNTP", 30, 0],
  ] as const) {
    it(`${name} makes INTID ${intid} pending once its compare value is reached, and again after an end while it is high`, () => {
      const text = `${enabled(intid)}write ${name}_CVAL_EL0[1] = 0
write ${name}_CTL_EL0[1] = { ENABLE=1 }
expect ${name}_CTL_EL0[1] == 5 && ${name}_CTL_EL0[1].ISTATUS == 1
expect ${name}_CTL_EL0[0].ENABLE == 0 && ${name}_CVAL_EL0[1] == 0
vcpu-run 1
expect ICH_LR0_EL2[1].vINTID == ${intid} && ICH_LR0_EL2[1].HW == ${mapped}
read ICC_IAR1_EL1[1]
expect ICC_RPR_EL1[1] == 0
write ICC_EOIR1_EL1[1] = ${intid}
expect ICC_HPPIR1_EL1[1] == ${intid}
write ${name}_CTL_EL0[1].IMASK = 1
expect ${name}_CTL_EL0[1] == 7
`;
      assert.deepEqual(ran(text).problems, []);
    });
  }

  it("have a TVAL that is a signed distance of 32 bits from a counter that stands still", () => {
    const text = `write CNTV_TVAL_EL0 = 0x10
write CNTV_CTL_EL0 = 1
expect CNTV_TVAL_EL0 == 0x10 && CNTV_CTL_EL0.ISTATUS == 0
let due = CNTV_CVAL_EL0
write CNTV_TVAL_EL0 = 0xfffffff0
expect CNTV_CVAL_EL0 == due - 0x20 && CNTV_CTL_EL0.ISTATUS == 1
`;
    assert.deepEqual(ran(text).problems, []);
  });

  it("are there with a GICv2, too", () => {
    assert.deepEqual(ran("machine { gic = 2 }\nwrite CNTP_CTL_EL0 = 3\nexpect CNTP_CTL_EL0 == 7\n").problems, []);
  });

  for (const model of ["qemu", "qemu-11.1", "arch"]) {
    it(`are not modelled by ${model}, which says so`, () => {
      for (const name of timers) {
        const run = started(
          `machine { model = ${model} }\nread ${name}[1]\nwrite ${name}[1] = 1\nexpect ${name} == 0\n`,
        );
        const said: string[] = [];
        for (let done = run.step(); done !== undefined; done = run.step())
          said.push(...done.result.problems.map(({ message }) => message));
        assert.equal(said.length, 3);
        for (const message of said) assert.match(message, /; vCPUs of KVM's models have timers\./);
      }
    });
  }

  it("have no device attribute", () => {
    const run = started("user-read CNTV_CTL_EL0\n");
    assert.deepEqual(
      run.step()?.result.problems.map(({ message }) => message),
      ["No device attribute of this machine reaches CNTV_CTL_EL0."],
    );
  });

  it("have names that no constant takes", () => {
    assert.notDeepEqual(new ScriptDocument("let CNTV_X = 1").diagnostics().list, []);
  });
});
