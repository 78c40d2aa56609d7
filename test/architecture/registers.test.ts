import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Block,
  baserPageBytes,
  baserPhysicalAddress,
  baserTableBytes,
  extractMeaning,
  extractRaw,
  type Field,
  fieldsOf,
  type Register,
  registerAt,
  registerByEncoding,
  registerByName,
  registerEncoding,
  registerName,
  registerOffset,
  registers,
  resetValue,
  valueName,
} from "../../architecture/index.ts";
import { assertSoundFields } from "./declared-fields.ts";

function register(name: string): Register {
  const found = registerByName(name);
  assert.ok(found, `${name} is declared`);
  return found.register;
}

function field(owner: string, name: string): Field {
  const found = register(owner).fields.find((entry) => entry.name === name);
  assert.ok(found, `${owner}.${name} is declared`);
  return found;
}

function indices({ count = 1, firstIndex = 0 }: Register): number[] {
  return Array.from({ length: count }, (_, place) => firstIndex + place);
}

test("fields of every register and of its other forms are sound", () => {
  for (const { name, width, fields, forms } of registers) {
    assertSoundFields(name, width, fields);
    for (const form of forms ?? []) {
      assertSoundFields(`${name} (${form.when})`, width, form.fields);
      if (form.condition)
        assert.ok(
          form.fields.some((entry) => entry.name === form.condition?.field),
          name,
        );
    }
  }
});

test("names are unique, and every member is found by its name", () => {
  const seen = new Set<string>();
  for (const entry of registers) {
    assert.equal(entry.name.includes("<n>"), entry.count !== undefined, entry.name);
    for (const index of indices(entry)) {
      const name = registerName(entry, index);
      assert.ok(!seen.has(name), `${name} is declared twice`);
      seen.add(name);
      assert.deepEqual(registerByName(name), { register: entry, index });
    }
  }
});

test("names that are no members are not found", () => {
  for (const name of [
    "GITS_BASER8",
    "GITS_BASER03",
    "GITS_BASER<n>",
    "GITS_BASER",
    "GICD_IROUTER31",
    "ICH_LR16_EL2",
    "toString",
  ]) {
    assert.equal(registerByName(name), undefined, name);
  }
});

test("every memory-mapped member is found by its offset, and no two share a byte", () => {
  for (const generation of [2, 3] as const) {
    const owners = new Map<string, string>();
    for (const entry of registers) {
      if (entry.offset === undefined || (entry.generation ?? generation) !== generation) continue;
      for (const index of indices(entry)) {
        const offset = registerOffset(entry, index);
        const name = registerName(entry, index);
        assert.ok(offset !== undefined && offset % (entry.width / 8) === 0, `${name} is aligned`);
        for (let byte = 0; byte < entry.width / 8; byte++) {
          const key: string = `${entry.block} ${offset + byte}`;
          assert.equal(owners.get(key), undefined, `${name} and ${owners.get(key)}`);
          owners.set(key, name);
        }
        const found = registerAt(entry.block, offset, entry.width, generation);
        assert.deepEqual(found, { register: entry, index, byteInRegister: 0 });
      }
    }
  }
});

test("an offset inside a register tells the byte, one outside finds nothing", () => {
  const at = (block: Block, offset: number, width?: number) => {
    const found = registerAt(block, offset, width);
    return found && [registerName(found.register, found.index), found.byteInRegister];
  };
  assert.deepEqual(at("GITS", 0x11c), ["GITS_BASER3", 4]);
  assert.deepEqual(at("GITS", 0x11c, 32), ["GITS_BASER3", 4]);
  assert.equal(at("GITS", 0x11c, 64), undefined);
  assert.deepEqual(at("GITS", 0x10040), ["GITS_TRANSLATER", 0]);
  assert.deepEqual(at("GICR", 0x10400 + 31), ["GICR_IPRIORITYR7", 3]);
  assert.deepEqual(at("GICD", 0x7fd8), ["GICD_IROUTER1019", 0]);
  for (const offset of [-1, 0x60, 0x140, 0xfff, 0x12345678]) assert.equal(at("GITS", offset), undefined);
});

test("identification registers of GICv2 and GICv3 stand at different offsets", () => {
  assert.equal(registerAt("GICD", 0xfe8, 32, 2)?.register.name, "GICD_ICPIDR2");
  assert.equal(registerAt("GICD", 0xfe8, 32, 3)?.register.name, "GICD_INMIR<n>");
  assert.equal(registerAt("GICD", 0xffe8, 32, 2), undefined);
});

test("encodings of system registers are unique, and arrays carry from op2 into CRm", () => {
  const encodingOf = (name: string) => {
    const found = registerByName(name);
    const encoding = found && registerEncoding(found.register, found.index);
    return encoding && [encoding.op0, encoding.op1, encoding.CRn, encoding.CRm, encoding.op2];
  };
  assert.deepEqual(encodingOf("ICH_LR7_EL2"), [3, 4, 12, 12, 7]);
  assert.deepEqual(encodingOf("ICH_LR8_EL2"), [3, 4, 12, 13, 0]);
  assert.deepEqual(encodingOf("ICC_AP0R3_EL1"), [3, 0, 12, 8, 7]);
  assert.deepEqual(encodingOf("ICC_PMR_EL1"), [3, 0, 4, 6, 0]);
  assert.deepEqual(encodingOf("ICC_IGRPEN1_EL3"), [3, 6, 12, 12, 7]);
  assert.equal(encodingOf("GITS_CTLR"), undefined);
  for (const entry of registers) {
    assert.notEqual(entry.offset === undefined, entry.encoding === undefined, entry.name);
    if (entry.encoding === undefined) continue;
    for (const index of indices(entry)) {
      const encoding = registerEncoding(entry, index);
      assert.ok(encoding);
      assert.deepEqual(registerByEncoding(encoding), { register: entry, index });
    }
  }
});

test("reset values fit, and read as KVM's and QEMU's", () => {
  for (const entry of registers) {
    const values = [...Object.values(entry.reset ?? {}), ...Object.values(entry.memberResets ?? {}).flat()];
    for (const value of values) assert.ok(value >= 0n && value < 1n << BigInt(entry.width), entry.name);
  }
  const reset = (name: string, who: "kvm" | "qemu" | "gem5") => {
    const found = registerByName(name);
    return found && resetValue(found, who);
  };
  assert.equal(reset("GITS_BASER0", "kvm"), 0x1907000000000600n);
  assert.equal(reset("GITS_BASER1", "qemu"), 0x0407000000000200n);
  assert.equal(reset("GITS_BASER7", "kvm"), 0n);
  assert.equal(reset("GITS_CIDR3", "kvm"), 0xb1n);
  assert.equal(reset("GITS_PIDR0", "qemu"), 0x94n);
  assert.equal(reset("GICR_PENDBASER", "kvm"), 0x580n);
  assert.equal(reset("GICR_TYPER", "kvm"), undefined);
});

test("GITS_TYPER of three implementations decodes to what they support", () => {
  const meaning = (who: "kvm" | "qemu" | "gem5", name: string) => {
    const value = resetValue({ register: register("GITS_TYPER"), index: 0 }, who);
    assert.ok(value !== undefined);
    return extractMeaning(value, field("GITS_TYPER", name));
  };
  assert.deepEqual(
    ["Physical", "ITT_entry_size", "ID_bits", "Devbits", "CIL", "PTA"].map((name) => meaning("kvm", name)),
    [1n, 8n, 16n, 16n, 0n, 0n],
  );
  assert.deepEqual(
    ["ITT_entry_size", "CIDbits", "CIL", "VMOVP"].map((name) => meaning("qemu", name)),
    [12n, 16n, 1n, 0n],
  );
  assert.deepEqual(
    ["Devbits", "ID_bits", "HCC", "ITT_entry_size"].map((name) => meaning("gem5", name)),
    [18n, 32n, 48n, 1n],
  );
});

test("reset values of KVM's GITS_BASER name their tables, page size and attributes", () => {
  const named = (value: bigint) =>
    ["Type", "Page_Size", "InnerCache", "OuterCache", "Shareability"].map((name) =>
      valueName(field("GITS_BASER0", name), extractRaw(value, field("GITS_BASER0", name))),
    );
  assert.deepEqual(named(0x1907000000000600n), ["Devices", "64KB", "RaWb", "Same", "Inner Shareable"]);
  assert.deepEqual(named(0x1c07000000000600n), ["Collections", "64KB", "RaWb", "Same", "Inner Shareable"]);
  assert.equal(extractMeaning(0x1907000000000600n, field("GITS_BASER0", "Entry_Size")), 8n);
});

test("the address of a GITS_BASER follows its page size", () => {
  assert.equal(baserPhysicalAddress(0x8107_0000_4010_f000n), 0x4010f000n);
  assert.equal(baserPhysicalAddress(0x8107_0000_4010_f100n), 0x4010c000n);
  assert.equal(baserPhysicalAddress(0x8107_0000_4010_5600n), 0x5_0000_4010_0000n);
  assert.equal(baserPageBytes(0x300n), 0x10000);
  assert.equal(baserTableBytes(0x2ffn), 0x1000000);
  assert.equal(baserTableBytes(0x000n), 0x1000);
});

test("a list register reads by its HW bit", () => {
  const lr = register("ICH_LR2_EL2");
  const names = (value: bigint) => fieldsOf(lr, value).map(({ name }) => name);
  assert.ok(names(1n << 61n).includes("pINTID"));
  assert.ok(!names(1n << 61n).includes("EOI"));
  assert.ok(names(0n).includes("EOI"));
  assert.ok(!names(0n).includes("pINTID"));
});

test("registers with some bits an INTID cover the INTIDs that their summary tells", () => {
  for (const { name, perIntid, fields, width, count = 1, summary } of registers) {
    if (perIntid === undefined) continue;
    assert.equal(fields.length, width / perIntid.bits, name);
    const last = perIntid.firstIntid + (count * width) / perIntid.bits - 1;
    assert.match(summary, new RegExp(`s ${perIntid.firstIntid} to ${last},`), name);
  }
});

test("registers whose reading acts say so", () => {
  const acting = registers.filter(({ readEffect }) => readEffect !== undefined).map(({ name }) => name);
  assert.deepEqual(acting.sort(), ["GICC_AIAR", "GICC_IAR", "ICC_IAR0_EL1", "ICC_IAR1_EL1", "ICC_NMIAR1_EL1"]);
});
