import assert from "node:assert/strict";
import { it } from "node:test";
import { KvmVmm } from "../../../emulator/index.ts";
import { caseOf } from "../hostile/run.ts";
import { vmm } from "../hostile/vmm.ts";
import { checkStream } from "./check.ts";
import { Player } from "./player.ts";
import { type Step, stepsOf } from "./steps.ts";

const lines: readonly Step[] = [
  { op: "machine", gic: 3, cpus: 1, itss: 0 },
  { op: "irq_line", irq: "0x1000020", level: 1 },
  { op: "irq_line", irq: "0x1000020", level: 0 },
];

it("a machine that keeps something beside its journal is found out", (test) => {
  assert.equal(checkStream("kvm-7.2", lines), undefined);
  let calls = 0;
  test.mock.method(KvmVmm.prototype, "irqLine", () => (++calls > 2 ? 5 : 0));
  assert.equal(
    checkStream("kvm-7.2", lines),
    'kvm-7.2: rewound, irq_line answers {"ret":-1,"errno":5}, not {"ret":0,"errno":0}',
  );
});

it("streams save and restore guests, deliver MSIs, take interrupts and leave the kernel", () => {
  const seen = new Set<string>();
  for (let number = 0; number < 40; number++) {
    const player = new Player("kvm-7.2", true);
    for (const step of stepsOf(caseOf(vmm, 1, number))) {
      const answer = step.op === "model" ? undefined : player.play(step);
      if (answer?.text === "migrated") seen.add("migrated");
      if (step.op === "signal_msi" && answer?.text === '{"ret":1,"errno":0}') seen.add("delivered");
      if (answer?.text.includes("mmio_exit")) seen.add("exit");
      if (step.op === "guest" && step.insn === "read ICC_IAR1_EL1" && /"0x2[0-9a-f]"/.test(answer?.text ?? ""))
        seen.add("SPI");
      if (step.op === "create_vm") seen.add("set-up");
    }
  }
  assert.deepEqual([...seen].sort(), ["SPI", "delivered", "exit", "migrated", "set-up"]);
});
