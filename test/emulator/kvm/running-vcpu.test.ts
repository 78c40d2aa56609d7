import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { started } from "../../runner/support.ts";

/** Problems of a script's lines. */
function problems(text: string): string[] {
  const run = started(text);
  const found: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    for (const { message } of done.result.problems ?? []) found.push(`${done.line}: ${message}`);
  }
  return found;
}

const v3 = `write GICD_ICFGR2 = 0xaaaaaaaa
write GICD_ISENABLER1 = 0xffffffff
write ICC_PMR_EL1 = 0xf8
write ICC_IGRPEN1_EL1 = 1
vcpu-run 0
line 40 = 1
`;
const v2 = `write GICD_ICFGR2 = 0xaaaaaaaa
write GICD_ISENABLER1 = 0xffffffff
vcpu-run 0
line 40 = 1
`;

for (const model of ["kvm-5.10", "kvm-6.12", "kvm-7.2", "kvm-7.3"]) {
  describe(`a vCPU that stays in its guest, ${model}`, () => {
    const cases: readonly (readonly [title: string, text: string])[] = [
      ["GICD_ISACTIVER shows what its list register has", "read ICC_IAR1_EL1\nexpect GICD_ISACTIVER1 == 0x100\n"],
      [
        "ICACTIVER of what its list register has active is not lost",
        "read ICC_IAR1_EL1\nwrite GICD_ICACTIVER1 = 0x100\nexpect GICD_ISACTIVER1 == 0 && ICH_LR0_EL2.State == 0\n",
      ],
      [
        "ICPENDR of what its list register has pending is not lost",
        "expect ICH_LR0_EL2.State == 1\nwrite GICD_ICPENDR1 = 0x100\nexpect GICD_ISPENDR1 == 0 && ICC_HPPIR1_EL1 == 1023\n",
      ],
      ["an interrupt that comes later is in a list register at once", "line 41 = 1\nexpect ICH_LR1_EL2.vINTID == 41\n"],
      [
        "ICC_DIR_EL1 ends what EOIR left active",
        "write ICC_CTLR_EL1 = 2\nread ICC_IAR1_EL1\nwrite ICC_EOIR1_EL1 = 40\nexpect GICD_ISACTIVER1 == 0x100\nwrite ICC_DIR_EL1 = 40\nexpect GICD_ISACTIVER1 == 0\n",
      ],
    ];
    for (const [title, text] of cases) {
      it(title, () => assert.deepEqual(problems(`machine { model = ${model} }\n${v3}${text}`), []));
    }

    it("another PE sees what is active in its list register, and may end it", () => {
      const text = `machine { model = ${model} }
write GICD_ICFGR2 = 0xaaaaaaaa
write GICD_ISENABLER1 = 0xffffffff
write GICD_IROUTER40 = 1
write ICC_PMR_EL1[1] = 0xf8
write ICC_IGRPEN1_EL1[1] = 1
vcpu-run 1
line 40 = 1
read ICC_IAR1_EL1[1]
expect GICD_ISACTIVER1 == 0x100
write GICD_ICACTIVER1 = 0x100
expect ICH_LR0_EL2[1].State == 0
`;
      assert.deepEqual(problems(text), []);
    });

    it("CLEAR of an LPI in its list register is not lost when its own store carries it out", () => {
      const text = `machine { model = ${model} }
write GICD_CTLR = 2
write ICC_PMR_EL1 = 0xf8
write ICC_IGRPEN1_EL1 = 1
MAPC ICID=0, RDbase=0
MAPD DeviceID=0, ITT_addr=0x43000000, Size=1
MAPTI DeviceID=0, EventID=0, pINTID=8192, ICID=0
vcpu-run 0
msi DeviceID=0, EventID=0
expect ICH_LR0_EL2.vINTID == 8192 && ICH_LR0_EL2.State == 1
CLEAR DeviceID=0, EventID=0
expect pending[8192] == 0 && ICC_HPPIR1_EL1 == 1023
`;
      assert.deepEqual(problems(text), []);
    });

    it("a GICv2's, too", () => {
      const text = `machine { model = ${model}  gic = 2 }
${v2}read GICC_IAR
expect GICD_ISACTIVER1 == 0x100
write GICD_ICACTIVER1 = 0x100
expect GICD_ISACTIVER1 == 0
`;
      assert.deepEqual(problems(text), []);
    });
  });
}
