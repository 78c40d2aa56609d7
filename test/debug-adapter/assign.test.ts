import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

/** Sets an expression on a machine that is set up and whose ITS is enabled. @returns its value then and what the console says, or the refusal */
async function set(model: string, expression: string, value: string): Promise<string> {
  const dap = await DapClient.stopped(
    `machine { model = ${model} }\nMAPC ICID=1, RDbase=0\nMAPC ICID=2, RDbase=0\n`,
    3,
  );
  const response = await dap.send("setExpression", { expression, value });
  if (!response.success) return response.message ?? "";
  await dap.event("invalidated");
  return `${response.body.value} | ${dap.text("console")}`.trim();
}

describe("assigning to a register", () => {
  const cases: readonly (readonly [what: string, model: string, expression: string, value: string, said: RegExp])[] = [
    ["takes what software may write", "kvm", "GITS_CTLR.Enabled", "0", /^0 \|$/],
    ["refuses a register that is read-only", "kvm", "GITS_TYPER", "5", /^GITS_TYPER is read-only: Features of the ITS/],
    ["refuses a system register that is read-only", "kvm", "ICC_RPR_EL1", "1", /^ICC_RPR_EL1 is read-only/],
    ["refuses a field that is read-only", "kvm", "GITS_CTLR.Quiescent", "0", /^GITS_CTLR\.Quiescent is read-only/],
    ["takes what an implementation lets software write", "qemu", "GITS_CREADR", "0x40", /^0x0000_0000_0000_0040 \|$/],
    [
      "says that a lock holds",
      "kvm",
      "GITS_CBASER",
      "0",
      /stays 0xb80000004000040f: it is read-only while GITS_CTLR\.Enabled is 1\.$/,
    ],
    [
      "says it of fields",
      "kvm",
      "GITS_BASER0.Page_Size",
      "1",
      /GITS_BASER0\.Page_Size stays 0x2: it is read-only while GITS_CTLR\.Enabled is 1\.$/,
    ],
    [
      "says it of a PE's registers",
      "kvm",
      "GICR_PROPBASER[0]",
      "0",
      /it is read-only while GICR_CTLR\[0\]\.EnableLPIs is 1\.$/,
    ],
    [
      "says which bits software cannot write",
      "kvm",
      "GITS_CWRITER",
      "0x7f",
      /is 0x60, not 0x7f: bits 0x1f are not software's to write\.$/,
    ],
  ];
  for (const [what, model, expression, value, said] of cases) {
    it(`${what}: ${expression} on ${model}`, async () => {
      assert.match(await set(model, expression, value), said);
    });
  }
});
