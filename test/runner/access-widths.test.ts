import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ran } from "./support.ts";

/** What the last line of a script showed. */
function last(text: string): bigint | undefined {
  const { run, problems } = ran(text);
  assert.deepEqual(problems, []);
  return run.history.at(-1)?.result.shown?.value;
}

const models = ["kvm-5.10", "kvm-6.1", "kvm-6.12", "kvm-7.2", "kvm-7.3", "qemu-7.2", "qemu-11.1", "arch"];
const filled = (model: string) => `machine { model = ${model} }\nwrite GICD_IPRIORITYR8 = 0x40302010\n`;

describe("8 and 16 bits of the distributor", () => {
  for (const model of models) {
    test(`${model}: a byte of a priority register`, () => {
      assert.equal(last(`${filled(model)}read8 GICD_IPRIORITYR8\n`), 0x10n);
      assert.equal(last(`${filled(model)}read8 0x08000423\n`), 0x40n);
      assert.equal(last(`${filled(model)}write8 0x08000422 = 0x80\nread GICD_IPRIORITYR8\n`), 0x4080_2010n);
      assert.equal(last(`${filled(model)}read8 GICD_IPRIORITYR8\n`), 0x10n);
    });
    test(`${model}: two bytes of it are no register`, () => {
      assert.equal(last(`${filled(model)}read16 GICD_IPRIORITYR8\n`), 0n);
      assert.equal(last(`${filled(model)}write16 GICD_IPRIORITYR8 = 0xffff\nread GICD_IPRIORITYR8\n`), 0x4030_2010n);
    });
    test(`${model}: a byte of a bitmap is no register`, () => {
      const text = `machine { model = ${model} }\nwrite GICD_ISENABLER1 = 0xff\n`;
      assert.equal(last(`${text}read8 GICD_ISENABLER1\n`), 0n);
      assert.equal(last(`${text}write8 GICD_ICENABLER1 = 0xff\nread GICD_ISENABLER1\n`), 0xffn);
    });
  }
});

describe("8 bits of an ITS", () => {
  test("KVM: reads as zero", () => assert.equal(last("read8 GITS_CTLR\n"), 0n));
  test("arch: reads as zero", () => assert.equal(last("machine { model = arch }\nread8 GITS_CTLR\n"), 0n));
  test("QEMU: an external abort", () =>
    assert.deepEqual(ran("machine { model = qemu }\nread8 GITS_CTLR\nread16 GITS_CTLR\n").problems, [
      "2 ITS0507",
      "3 ITS0507",
    ]));
  test("QEMU: GITS_TRANSLATER takes 16 bits", () => {
    const text = `machine { model = qemu }
MAPC ICID=0, RDbase=0
MAPD DeviceID=0, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0, EventID=3, pINTID=8200, ICID=0
write16 GITS_TRANSLATER = 3
expect pending[8200]
write8 GITS_TRANSLATER = 3
`;
    assert.deepEqual(ran(text).problems, ["7 ITS0507"]);
  });
});

describe("accesses that are not aligned", () => {
  test("KVM: reads as zero, writes nothing", () => {
    assert.equal(last(`${filled("kvm-7.2")}read32 0x08000421\n`), 0n);
    assert.equal(last(`${filled("kvm-7.2")}write32 0x08000422 = -1\nread GICD_IPRIORITYR8\n`), 0x4030_2010n);
  });
  test("arch: reads as zero", () => assert.equal(last(`${filled("arch")}read32 0x08000421\n`), 0n));
  test("QEMU: in aligned pieces, of which bytes are registers and pairs are not", () =>
    assert.equal(last(`${filled("qemu-7.2")}read32 0x08000421\n`), 0x20n));
});

test("RAM takes every width", () => {
  assert.equal(last("write64 0x43000000 = 0x8877665544332211\nread16 0x43000003\n"), 0x5544n);
  assert.equal(last("write8 0x43000000 = 0x1ff & 0xff\nread8 0x43000000\n"), 0xffn);
});

describe("the PE of a raw access", () => {
  const v2 = "machine { model = kvm-7.2  gic = 2 }\n";
  test("a banked register of GICv2", () => {
    assert.equal(last(`${v2}write32 0x08000100@1 = 0x20000000\nread32 0x08000100@1\n`), 0x2000_ffffn);
    assert.equal(last(`${v2}write32 0x08000100@1 = 0x20000000\nread32 0x08000100\n`), 0xffffn);
  });
  test("a PE that is not there", () => {
    assert.deepEqual(ran("read32 0x08000000@4\nwrite8 0x08000000@9 = 1\n").problems, ["1 ITS0519", "2 ITS0519"]);
  });
  test("its number is an expression", () =>
    assert.equal(last(`${v2}let pe = 1\nread32 0x08000800@(pe)\n`), 0x0202_0202n));
});

test("active[INTID, PE] is of this PE", () => {
  const text = `machine { cpus = 2 }
write GICR_ISACTIVER0[1] = 1 << 20
expect active[20, 1] == 1 && active[20, 0] == 0 && active[20] == 0
`;
  assert.deepEqual(ran(text).problems, []);
});
