import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { ran } from "./support.ts";

const example = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, "..", "..", "examples", name), "utf8");

describe("the examples of virtual interrupts hold", () => {
  for (const model of ["qemu-7.2", "qemu-11.1", "arch"])
    test(`GICv4.0 on ${model}`, () =>
      assert.deepEqual(ran(example("gicv4.itscmd").replace("qemu-7.2", model)).problems, []));
  test("GICv4.1 on arch", () => assert.deepEqual(ran(example("gicv4.1.itscmd")).problems, []));
});

const machine = (more = "") => `machine { model = arch  gic = 4.1  cpus = 2 ${more} }
VMAPP vPEID=0, RDbase=0, VPT_addr=0x43100000, VPT_size=15, Alloc=1, VCONF_addr=0x43000000, Default_Doorbell_pINTID=8400
MAPD DeviceID=1, Size=4, ITT_addr=0x43f00000
VMAPTI DeviceID=1, EventID=0, vPEID=0, vINTID=9000, Dbell_pINTID=1023
`;

describe("vPEs of GICv4.1 in scripts", () => {
  test("a vPE that is not mapped does not become resident, and that is said", () => {
    const text = `${machine()}write GICR_VPENDBASER[0] = { Valid=1, vPEID=9 }\nexpect GICR_VPENDBASER[0].Valid == 0\n`;
    assert.deepEqual(ran(text).problems, ["5 ITS0516"]);
  });

  test("a vSGI of a vPE that is not mapped goes nowhere, and that is said", () =>
    assert.deepEqual(ran(`${machine()}write GITS_SGIR = { vPEID=9, vINTID=1 }\n`).problems, ["5 ITS0516"]));

  test("VMAPP, VSGI and INVDB beyond the vPE table or of no vPE stall", () => {
    const text = (line: string) => `${machine()}${line}\n`;
    for (const line of [
      "VSGI vPEID=9, vINTID=1, Enable=1, Clear=0, Group=0, Priority=0 => stalled",
      "INVDB vPEID=9 => stalled",
    ])
      assert.deepEqual(ran(text(line)).problems, [], line);
  });

  test("VMOVP with GITS_TYPER.VMOVP = 1 is one command for all ITSs", () => {
    const text = `${machine("its = 0x08070000  its = 0x08040000")}VMAPP@1 vPEID=0, RDbase=0, VPT_addr=0x43100000, VPT_size=15, Alloc=0, VCONF_addr=0x43000000, Default_Doorbell_pINTID=8400
MAPD@1 DeviceID=2, Size=4, ITT_addr=0x43f10000
VMAPTI@1 DeviceID=2, EventID=0, vPEID=0, vINTID=9001, Dbell_pINTID=1023
mem8[0x43000000 + 9001 - 8192] = 0x81
VMOVP vPEID=0, RDbase=1, Sequence_Number=0, ITSList=0, DB=0, Default_Doorbell_pINTID=0
write GICR_VPENDBASER[1] = { Valid=1, VGrp1En=1, vPEID=0 }
write GICR_VPENDBASER[1] = { Valid=0, Doorbell=1, vPEID=0 }
msi@1 DeviceID=2, EventID=0
expect pending[8400, 1] == 1 && pending[8400, 0] == 0
`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("all of it is taken back", () => {
    const { run } = ran(example("gicv4.1.itscmd"));
    while (run.stepBack());
    assert.equal(run.nextLine > 0, true);
    for (let done = run.step(); done !== undefined; done = run.step()) assert.deepEqual(done.result.problems, []);
  });
});
