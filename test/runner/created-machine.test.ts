import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { releasedModelNames } from "../../emulator/index.ts";
import { ran, started } from "./support.ts";

const kvmModels = releasedModelNames.filter((name) => name.startsWith("kvm"));

describe("a VM before INIT", () => {
  for (const model of kvmModels) {
    test(`vCPUs, NR_IRQS, addresses and INIT in an order of the script's: ${model}`, () => {
      const text = `machine { model = ${model}  setup = created  cpus = 0 }
vcpu-add 3
vcpu-add 3 => EEXIST
vcpu-add 512 => EINVAL
vcpu-add 0x10
get-attr VGIC_V3, NR_IRQS
set-attr VGIC_V3, NR_IRQS = 63 => EINVAL
set-attr VGIC_V3, NR_IRQS = 96
set-attr VGIC_V3, NR_IRQS = 64 => EBUSY
set-attr VGIC_V3, ADDR, ADDR_DIST = 0x0c000001 => EINVAL
set-attr VGIC_V3, ADDR, ADDR_DIST = 0x0c000000
set-attr VGIC_V3, ADDR, ADDR_DIST = 0x0c000000 => EEXIST
set-attr VGIC_V3, ADDR, REDIST_REGION = 1 << 52 | 0x0d000000
set-attr VGIC_V3, ADDR, REDIST_REGION = 1 << 52 | 0x0e000000 | 1
get-attr VGIC_V3, ADDR, REDIST_REGION = 1
set-attr VGIC_ITS, ADDR, ADDR_ITS = 0x0c100000
set-attr VGIC_V3, CTRL, INIT
vcpu-add 4 => EBUSY
set-attr VGIC_ITS, CTRL, INIT
read GICD_TYPER.ITLinesNumber
expect GICD_TYPER.ITLinesNumber == 2
expect GICR_TYPER[0][63:32] == 3 && GICR_TYPER[1][63:32] == 0x100
read64 0x0e000008@1
read GITS_TYPER
`;
      const { run, problems } = ran(text);
      assert.deepEqual(problems, []);
      assert.equal(run.history.at(-2)?.result.shown?.value, 0x0000_0100_0000_1001n | (1n << 4n));
    });
  }

  test("the first KVM_RUN fails, and what comes after it", () => {
    const text = `machine { model = kvm-7.2  setup = created }
vcpu-run 0 => ENXIO
vcpu-run 1 => EIO
read GICD_CTLR => EIO
write GICD_CTLR = 0 => EIO
read ICC_PMR_EL1 => EIO
`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("until Linux 5.16 the GIC is torn down by it, and the vCPU runs without one", () => {
    const text = `machine { model = kvm-5.10  setup = created }
vcpu-run 0 => ENXIO
vcpu-run 0
vcpu-run 1 => ENXIO
`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("a load is the vCPU's first KVM_RUN", () => {
    const text = `machine { model = kvm-7.2  setup = created  cpus = 1 }
read32 0x08000000 => ENXIO
read32 0x08000000
`;
    assert.deepEqual(ran(text).problems, ["3 ITS0512"]);
  });

  test("a GICv2 has its own addresses", () => {
    const text = `machine { model = kvm-7.2  setup = created  gic = 2  cpus = 1 }
set-attr VGIC_V2, ADDR, V2_ADDR_DIST = 0x08000000
set-attr VGIC_V2, ADDR, V2_ADDR_CPU = 0x08010000
vcpu-add 1
vcpu-run 0
vcpu-stop 0
read GICD_TYPER
expect GICD_TYPER.CPUNumber == 1
`;
    assert.deepEqual(ran(text).problems, []);
  });
});

test("a vCPU that was added is taken back, and added again with another id", () => {
  const run = started(`machine { model = kvm-7.2  setup = created  cpus = 1 }
vcpu-add 7
set-attr VGIC_V3, ADDR, ADDR_REDIST = 0x080a0000
vcpu-add 8
`);
  const counts: number[] = [run.target.cpus];
  while (run.step() !== undefined) counts.push(run.target.cpus);
  assert.deepEqual(counts, [1, 2, 2, 3]);
  const steps: number[] = [];
  while (run.stepBack()) steps.push(run.target.cpus);
  assert.deepEqual(steps, [2, 2, 1]);
  while (run.step() !== undefined);
  assert.equal(run.target.cpus, 3);
  assert.equal(run.target.frameOf?.(2), 0x080e_0000);
  const { time } = run.target;
  const marks = run.history.map(({ mark }) => mark).reverse();
  const seen: number[] = [];
  time?.lookBack(marks, () => seen.push(run.target.cpus) > 0);
  assert.deepEqual(seen, [2, 2, 1]);
  assert.equal(run.target.cpus, 3);
});

test("a machine that is set up takes no vCPU", () => {
  assert.deepEqual(ran("vcpu-add 4 => EBUSY\n").problems, []);
  assert.deepEqual(ran("machine { model = arch }\nvcpu-add 4\n").problems, ["2 ITS0518"]);
});
