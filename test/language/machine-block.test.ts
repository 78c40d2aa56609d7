import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDocument } from "../../language/index.ts";
import { problems, script } from "./scripts.ts";

/** The description of a block's machine, which has no problem. */
function machineOf(block: string) {
  const document = script(`machine { ${block} }`);
  assert.deepEqual(problems(document), []);
  return document.machine;
}

/** The one sentence about a block, and what it underlines. */
function refusalOf(block: string): readonly [underlined: string, message: string] {
  const text = `machine { ${block} }`;
  const { list } = script(text).diagnostics();
  assert.equal(list.length, 1, block);
  const [{ start, length, message }] = list;
  return [text.slice(start, start + length), message];
}

describe("properties stand in any order", () => {
  const blocks: readonly (readonly [string, string])[] = [
    ["gic = 4  model = arch", "model = arch  gic = 4"],
    ["security = 2  model = qemu", "model = qemu  security = 2"],
    ["nmi = on  model = qemu-11.1", "model = qemu-11.1  nmi = on"],
    ["host = qemu-7.2  model = kvm", "model = kvm  host = qemu-7.2"],
    ["mpidr = 0, 1  cpus = 2", "cpus = 2  mpidr = 0, 1"],
    ["ram = 0x08080000, 64K  its = 1G  ram = 2G, 16M", "its = 1G  ram = 2G, 16M  ram = 0x08080000, 64K"],
  ];
  for (const [one, other] of blocks.slice(0, -1)) test(one, () => assert.deepEqual(machineOf(one), machineOf(other)));
});

describe("what does not go together is told at the last property that it is about", () => {
  const refused: readonly (readonly [block: string, underlined: string, message: RegExp])[] = [
    ["gic = 4", "4", /a KVM guest has GICv2 or GICv3/],
    ["gic = 4  model = kvm-6.1", "kvm-6.1", /a KVM guest has GICv2 or GICv3/],
    ["model = qemu  gic = 4.1", "4.1", /QEMU's GIC is a GICv3 or a GICv4\.0/],
    ["gic = 2  cpus = 9", "9", /at most 8 PEs/],
    ["spis = 64  model = qemu", "qemu", /NUM_IRQS/],
    ["spis = 992", "992", /INTIDs 1020 to 1023/],
    ["spis = 33", "33", /a multiple of 32/],
    ["intid_bits = 17", "17", /INTERRUPT_ID_BITS_ITS/],
    ["gic = 2  intid_bits = 16", "16", /10 bits/],
    ["priority_bits = 4", "4", /5 to 8/],
    ["model = qemu  priority_bits = 6", "6", /gic_pribits/],
    ["model = arch  priority_bits = 4  security = 2", "2", /at least 5/],
    ["list_registers = 17", "17", /1 to 16/],
    ["model = arch  list_registers = 4", "4", /no virtual CPU interface/],
    ["model = qemu  mpidr = 0, 1, 2, 3", "0, 1, 2, 3", /numbers its PEs itself/],
    ["mpidr = 0, 1", "0, 1", /2 values are given, and the machine has 4 PEs/],
    ["cpus = 1  mpidr = 0x10", "0x10", /no vCPU of KVM has 0x10/],
    ["mpidr = 0, 0", "0, 0", /two PEs have 0/],
    ["mpidr = 0x01000000", "0x01000000", /is no affinity/],
    ["vmovp = 0", "0", /Write gic = 4/],
    ["model = qemu  gic = 4  vmovp = 0", "0", /GITS_TYPER\.VMOVP = 1/],
    ["model = arch  setup = created", "created", /only created is a VM's/],
    ["cpus = 0", "0", /1 to 512 PEs/],
    ["its = 0x08080000  its = 0x08080000", "0x08080000", /overlap/],
    ["its = 0x08060000  ram = 0x08060000, 64K", "0x08060000, 64K", /lies inside RAM/],
    ["model = arch  gic = 4.1  its = 0x08080000", "0x08080000", /the redistributors may take/],
  ];
  for (const [block, underlined, message] of refused)
    test(block, () => {
      const [found, said] = refusalOf(block);
      assert.equal(found, underlined);
      assert.match(said, message);
    });

  test("on its own line, and the rest of the block holds", () => {
    const document = script("machine {", "  gic = 4", "  cpus = 2", "}", "SYNC RDbase=0");
    assert.deepEqual(problems(document), ["2 ITS0207 4"]);
    assert.deepEqual([document.machine.gic, document.machine.cpus], [3, 2]);
    document.update([{ start: { line: 2, column: 10 }, end: { line: 2, column: 10 }, text: "\n  model = qemu" }]);
    assert.deepEqual(problems(document), []);
    assert.equal(document.machine.gic, 4);
  });
});

test("several ITSs are in the order of the block, and one of GICv4.1 has room for its third frame", () => {
  assert.deepEqual(machineOf("its = 0x08080000  its = 0x08060000").its, [0x0808_0000n, 0x0806_0000n]);
  assert.deepEqual(machineOf("gic = 4.1  model = arch").its, [0x0807_0000n]);
  assert.equal(script(`machine { ${"its = 0x10000000 ".repeat(17)} }`).diagnostics().list.length, 1);
});

test("MPIDRs go on over several properties, with Aff3 in its byte", () => {
  const { affinities } = machineOf("model = arch  cpus = 3  mpidr = 0, 0x100  mpidr = 0x12_0000_0003");
  assert.deepEqual(affinities, [0, 0x100, 0x1200_0003]);
});

test("statements about LPIs, files and the whole machine are formatted", () => {
  const text =
    'lpi-config  8192,1={priority=0x40 , enabled = 1}\nlpi-pending 8192 =1\nload "a"  at 0x10\nmigrate   kvm-7.2=>done\nrestore   a\n';
  const formatted =
    'lpi-config 8192, 1 = { priority=0x40, enabled=1 }\nlpi-pending 8192 = 1\nload "a" at 0x10\nmigrate kvm-7.2 => done\nrestore a\n';
  assert.equal(formatDocument(script(text)), formatted);
  assert.deepEqual(problems(script(formatted)), []);
});

test("an ITS or a PE behind @ is formatted without spaces", () => {
  const text = "MAPC @1 icid = 0,RDbase=0\nsave @ 1 => done\nread8 0x08000420 @1\nexpect dte@ 1[0x20].valid\n";
  const formatted = "MAPC@1 ICID=0, RDbase=0\nsave@1 => done\nread8 0x08000420@1\nexpect dte@1[0x20].valid\n";
  assert.equal(formatDocument(script(text)), formatted);
  assert.equal(formatDocument(script(formatted)), formatted);
});
