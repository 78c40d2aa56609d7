import assert from "node:assert/strict";
import { it } from "node:test";
import { ran, started } from "./support.ts";

it("a script gives SGI 5 the non-maskable property, and acknowledges it as a kernel that uses FEAT_NMI", () => {
  const text = `machine { model = qemu-11.1  nmi = on }
expect GICD_TYPER.NMI == 1
write GICD_CTLR = 2
write GICR_IGROUPR0[1] = 0xffffffff
write GICR_ISENABLER0[1] = 0xff
write GICR_INMIR0[1] = 0x20
write ICC_IGRPEN1_EL1[1] = 1
write SCTLR_EL1[1].NMI = 1
write GICR_ISPENDR0[1] = 0x20
read ICC_IAR1_EL1[1]
expect ICC_HPPIR1_EL1[1] == 5 && ICC_RPR_EL1[1] == 0xff
read ICC_NMIAR1_EL1[1]
expect ICC_HPPIR1_EL1[1] == 1023 && ICC_RPR_EL1[1] == 1 << 62 && ICC_AP1R0_EL1[1].NMI == 1
write ICC_EOIR1_EL1[1] = 5
expect ICC_RPR_EL1[1] == 0xff
`;
  assert.deepEqual(ran(text).problems, []);
});

it("a machine without NMIs has no such registers, and the message says which has", () => {
  const run = started("machine { model = qemu-11.1 }\nwrite SCTLR_EL1 = 0\n");
  const messages: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    for (const { message } of done.result.problems) messages.push(message);
  }
  assert.match(messages.join(), /has no SCTLR_EL1; machines of qemu-11\.1 with nmi = on have it\./);
});
