import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shownLine } from "../../runner/index.ts";
import { started } from "./support.ts";

/** What the last line of a script on four PEs did: its problems, or what it showed. */
function last(text: string): string {
  const run = started(text);
  let done = run.step();
  for (let next = done; next !== undefined; next = run.step()) done = next;
  const { problems = [], shown } = done?.result ?? {};
  return problems.length > 0
    ? problems.map(({ code, message }) => `${code} ${message}`).join("\n")
    : shown
      ? shownLine(shown)
      : "done";
}

describe("device attributes in scripts", () => {
  const answers: readonly (readonly [line: string, answer: string | RegExp])[] = [
    ["get-attr VGIC_ITS, ITS_REGS, 0x80", "VGIC_ITS ITS_REGS 0x80 = 0xb800_0000_4000_040f"],
    ["get-attr VGIC_ITS, ITS_REGS, 0x82 => EINVAL", "done"],
    ["get-attr VGIC_ITS, ITS_REGS, 0x20 => ENXIO", "done"],
    ["get-attr VGIC_V3, NR_IRQS", "VGIC_V3 NR_IRQS = 0x00000120"],
    ["get-attr VGIC_V3, ADDR, REDIST_REGION", "VGIC_V3 ADDR REDIST_REGION = 0x0000_0000_080a_0000"],
    ["get-attr VGIC_V3, ADDR, REDIST_REGION = 1 => ENOENT", "done"],
    ["get-attr VGIC_V3, REDIST_REGS, 9 << 32 => EINVAL", "done"],
    ["has-attr VGIC_V3, CTRL, 9 => ENXIO", "done"],
    ["has-attr VGIC_ITS, CTRL, RESET", "done"],
    ["set-attr VGIC_V3, NR_IRQS = 96", "ITS0512 set-attr gives EBUSY."],
    ["get-attr VGIC_V2, DIST_REGS, 0", "ITS0521 This machine of kvm-7.2 has no device VGIC_V2."],
    ["vcpu-run 1\nset-attr VGIC_ITS, CTRL, SAVE_TABLES => EBUSY", "done"],
    ["machine { model = qemu }\nget-attr VGIC_V3, NR_IRQS", /^ITS0518 get-attr is what a VMM does/],
  ];
  for (const [line, answer] of answers) {
    it(line.replaceAll("\n", "; "), () => {
      if (typeof answer === "string") assert.equal(last(line), answer);
      else assert.match(last(line), answer);
    });
  }

  it("say where the host's kernel crashes", () => {
    const crash = "machine { model = kvm-6.12 }\nMAPC ICID=0, RDbase=0\nMAPD DeviceID=0, ITT_addr=0x43000000, Size=1\n";
    const unmapped = "MAPTI DeviceID=0, EventID=0, pINTID=8192, ICID=0\nMAPC ICID=0, V=0\n";
    assert.match(last(`${crash}${unmapped}set-attr VGIC_ITS, CTRL, SAVE_TABLES`), /^ITS0504 .*dereferences NULL/);
  });
});
