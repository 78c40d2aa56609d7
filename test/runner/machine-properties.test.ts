import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ran, started } from "./support.ts";

/** A script's machine and lines that hold on it. */
const machines: readonly (readonly [machine: string, lines: string])[] = [
  ["spis = 64", "expect GICD_TYPER.ITLinesNumber == 2\nline 95 = 1\nexpect pending[95]"],
  ["model = arch  spis = 96", "expect GICD_TYPER.ITLinesNumber == 3\nline 127 = 1\nexpect pending[127]"],
  ["spis = 960", "expect GICD_TYPER.ITLinesNumber == 30"],
  ["model = arch  intid_bits = 14", "expect GICD_TYPER.IDbits == 13"],
  ["list_registers = 16", "expect ICH_VTR_EL2[3:0] == 15"],
  ["priority_bits = 7", "expect ICH_VTR_EL2[31:29] == 6 && ICC_CTLR_EL1.PRIbits == 6"],
  [
    "model = arch  priority_bits = 8",
    "expect ICC_CTLR_EL1.PRIbits == 7\nwrite ICC_PMR_EL1 = 0xff\nexpect ICC_PMR_EL1 == 0xff",
  ],
  ["model = arch  priority_bits = 4", "write ICC_PMR_EL1 = 0xff\nexpect ICC_PMR_EL1 == 0xf0"],
  [
    "cpus = 3  mpidr = 0, 3, 0x100",
    "expect GICR_TYPER[1][63:32] == 3 && GICR_TYPER[2][63:32] == 0x100\nexpect GICR_TYPER[2].Processor_Number == 16",
  ],
  [
    "model = arch  cpus = 2  mpidr = 7, 0x12_0000_0000",
    "expect GICR_TYPER[1][63:32] == 0x12000000\nwrite GICD_IROUTER32 = 0x1200000000\nline 32 = 1\nexpect pending[32, 1] == 1 && pending[32, 0] == 0",
  ],
  [
    "cpus = 2  mpidr = 0x100, 0",
    "write GICD_IROUTER40 = 0x100\nline 40 = 1\nexpect pending[40, 0] == 1 && pending[40, 1] == 0\nget-attr VGIC_V3, REDIST_REGS, 0x100 << 32 | 0x8\nuser-read GICR_TYPER[1]",
  ],
  ["model = arch  gic = 4  vmovp = 0", "expect GITS_TYPER.VMOVP == 0"],
  ["model = qemu  gic = 4", "expect GITS_BASER2.Valid == 1 && GITS_BASER2.Physical_Address == 0x40030000"],
  ["model = arch  gic = 4.1", "expect GICR_VPROPBASER[3] == 0x8040000040030000\nexpect GITS_TYPER.VMAPP == 1"],
];

describe("what a machine is made with, its registers say", () => {
  for (const [machine, lines] of machines)
    test(machine, () => assert.deepEqual(ran(`machine { ${machine} }\n${lines}\n`).problems, []));
});

test("LPIs have as many bits as the machine says", () => {
  const text = (bits: number) => `machine { model = arch  intid_bits = ${bits}  setup = ready }
MAPC ICID=0, RDbase=0
MAPD DeviceID=1, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=1, EventID=0, pINTID=0x4000, ICID=0
`;
  assert.deepEqual(ran(text(16)).problems, []);
  assert.deepEqual(ran(text(14)).problems, ["4 ITS0501"]);
});

test("an LPI above 16 bits is pending, and can be acknowledged", () => {
  const text = `machine { model = arch  intid_bits = 17  cpus = 1  setup = reset }
write GICD_CTLR = { ARE=1, EnableGrp1=1 }
fill 0x40040000, 128K, 0xa1
write GICR_PROPBASER = { IDbits=16, Physical_Address=0x40040000 }
write GICR_PENDBASER = { Physical_Address=0x40080000 }
write GICR_CTLR.EnableLPIs = 1
write GITS_CBASER = { Valid=1, Physical_Address=0x40000000, Size=15 }
write GITS_BASER0 = { Valid=1, Page_Size=2, Physical_Address=0x40010000 }
write GITS_BASER1 = { Valid=1, Page_Size=2, Physical_Address=0x40020000 }
write GITS_CTLR.Enabled = 1
MAPC ICID=0, RDbase=0
MAPD DeviceID=1, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=1, EventID=0, pINTID=0x10001, ICID=0
msi DeviceID=1, EventID=0
expect pending[0x10001]
write ICC_IGRPEN1_EL1 = 1
write ICC_PMR_EL1 = 0xff
expect ICC_HPPIR1_EL1 == 0x10001
read ICC_IAR1_EL1
expect pending[0x10001] == 0
`;
  const { run, problems } = ran(text);
  assert.deepEqual(problems, []);
  assert.equal(run.history.at(-2)?.result.shown?.value, 0x1_0001n);
});

test("more list registers take more pending interrupts", () => {
  const taken = (count: number): number => {
    const run = started(`machine { list_registers = ${count}  cpus = 1 }
write GICD_ISENABLER1 = 0xff
write ICC_IGRPEN1_EL1 = 1
write ICC_PMR_EL1 = 0xff
write GICD_ISPENDR1 = 0xff
vcpu-run 0
`);
    while (run.step() !== undefined);
    let used = 0;
    for (let index = 0; index < count; index++)
      if ((run.target.readHypervisorRegister?.(0, `ICH_LR${index}_EL2`) ?? 0n) >> 62n === 1n) used++;
    return used;
  };
  assert.deepEqual([1, 4, 16].map(taken), [1, 4, 8]);
});
