import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import {
  type CpuInterfaceForm,
  cpuInterfaceForms,
  type DecodedTable,
  DumpMemory,
  decodeSections,
  decodeTable,
  explainDumpLine,
  explainRow,
  type ListRegisterOrder,
  listOffset,
  readDump,
  type TableOptions,
  virtualType,
} from "../../dumps/index.ts";

const VTR = 0x90b80003n;
const BASE = 0x1000;

/** The bytes of a saved interface. */
function saved(
  formName: CpuInterfaceForm,
  order: ListRegisterOrder,
  registers: Readonly<Record<string, number>>,
  lists: readonly bigint[],
): Uint8Array {
  const form = cpuInterfaceForms.find(({ name }) => name === formName);
  assert.ok(form);
  const bytes = new Uint8Array(form.lists + 16 * 8);
  const view = new DataView(bytes.buffer);
  for (const { register, offset } of form.registers) view.setUint32(offset, registers[register] ?? 0, true);
  for (const [n, word] of lists.entries()) view.setBigUint64(listOffset(form, order, n), word, true);
  return bytes;
}

function decode(bytes: Uint8Array, options: TableOptions = {}): DecodedTable {
  const result = decodeTable(new DumpMemory([{ address: BASE, bytes }]), "list-registers", options);
  assert.ok(result.ok);
  return result.table;
}

function texts(table: DecodedTable): (string | undefined)[] {
  return Array.from({ length: table.rowCount }, (_, i) => table.row(i).text);
}

// What Linux 7.2 had saved in a world switch of test/vectors/kvm/lr.
const REGISTERS = {
  ICH_HCR_EL2: 0x419b,
  ICH_VMCR_EL2: 0xb84c000a,
  ICC_SRE_EL1: 7,
  ICH_AP1R0_EL2: 0x80000,
  ICH_ELRSR_EL2: 0xc,
};
const LISTS = [0x50a0000000000032n, 0x90a8000000000031n];

test("offsets are those of the kernel's structures", () => {
  const of = (name: CpuInterfaceForm) => cpuInterfaceForms.find((form) => form.name === name);
  const offset = (name: CpuInterfaceForm, register: string) =>
    of(name)?.registers.find((entry) => entry.register === register)?.offset;
  assert.deepEqual(
    [offset("current", "ICH_AP0R0_EL2"), offset("current", "ICH_AP1R0_EL2"), of("current")?.lists],
    [0xc, 0x1c, 0x30],
  );
  assert.deepEqual(
    [offset("status", "ICH_MISR_EL2"), offset("status", "ICH_ELRSR_EL2"), of("status")?.lists],
    [0xc, 0x14, 0x38],
  );
  assert.deepEqual(
    [offset("first", "ICH_MISR_EL2"), offset("first", "ICH_AP1R3_EL2"), of("first")?.lists],
    [8, 0x30, 0x38],
  );
  assert.equal(of("array")?.lists, 0);
});

for (const { name } of cpuInterfaceForms) {
  for (const order of ["normal", "reversed"] as const) {
    test(`${name}, ${order} order: shape and order are found, with and without ICH_VTR_EL2`, () => {
      const bytes = saved(name, order, REGISTERS, LISTS);
      for (const vtr of [VTR, undefined]) {
        const table = decode(bytes, { vtr });
        const list = cpuInterfaceForms.find((form) => form.name === name);
        assert.ok(list && table.layoutTitle.startsWith(list.title), table.layoutTitle);
        assert.match(table.layoutReason, new RegExp(`shape guessed, ${order} order, as ind`));
        const lines = texts(table);
        assert.ok(lines.includes("ICH_LR0_EL2: Pending: SPI 18 (INTID 50), priority 0xa0, Group 1"));
        assert.ok(lines.includes("ICH_LR1_EL2: Active: SPI 17 (INTID 49), priority 0xa8, Group 1"));
        const row = table.row(table.rowAt(BASE + listOffset(list, order, 1)));
        assert.deepEqual(row.words, [LISTS[1]]);
      }
    });
  }
}

test("the registers beside the list registers, and what ICH_VTR_EL2 says of them", () => {
  const table = decode(saved("status", "normal", { ...REGISTERS, ICH_AP0R1_EL2: 1 }, LISTS), { vtr: VTR });
  const lines = texts(table);
  assert.ok(lines.includes("ICH_VMCR_EL2: VPMR 0xb8, VBPR0 2, VBPR1 3, VFIQEn 1, VENG1 1"));
  assert.ok(lines.includes("ICH_AP1R0_EL2: Active_priorities 0x80000"));
  assert.ok(lines.includes("ICH_MISR_EL2: 0"));
  const beyond = table.row(lines.findIndex((line) => line?.startsWith("ICH_AP0R1_EL2")));
  assert.deepEqual(beyond.notes, ["does not exist by ICH_VTR_EL2.PREbits"]);
  assert.equal(
    table.notes[0],
    "ICH_VTR_EL2 0x90b80003: 4 list registers (largest index 3), 5 priority bits, 5 preemption bits: AP0R0 and AP1R0 exist",
  );
  assert.equal(table.notes[1], "zero: LR2, LR3");
});

test("ListRegs is the largest index, PREbits tells the active-priority registers", () => {
  for (const [vtr, lists, active] of [
    [0x90b80003n, 4, 1],
    [0xb4000000n, 1, 2],
    [0xf800000fn, 16, 4],
    [0x1fn, 16, 1],
  ] as const) {
    const type = virtualType(vtr);
    assert.deepEqual([type.lists, type.activePriorities], [lists, active]);
  }
  assert.match(virtualType(undefined).text, /not known/);
});

test("a given order counts, and list registers beyond ICH_VTR_EL2 are remarked", () => {
  const table = decode(saved("array", "reversed", {}, LISTS), { vtr: VTR, listOrder: "normal", form: "array" });
  assert.equal(table.layoutReason, "shape given, order given");
  const row = table.row(table.rowCount - 1);
  assert.match(row.text ?? "", /^ICH_LR15_EL2: Pending/);
  assert.deepEqual(row.notes, ["beyond the 4 list registers of ICH_VTR_EL2: never loaded"]);
});

test("two list registers with one vINTID, pending and active with HW = 1, an ELRSR that disagrees", () => {
  const lists = [0x50a0000000000032n, 0xf0a0003200000033n, 0x50a8000000000032n];
  const table = decode(saved("status", "normal", { ...REGISTERS, ICH_ELRSR_EL2: 0xe }, lists), {
    vtr: VTR,
    form: "status",
    listOrder: "normal",
  });
  const notes = Array.from({ length: table.rowCount }, (_, i) => table.row(i).notes).flat();
  assert.deepEqual(notes, [
    "pending and active with HW = 1: a hypervisor must not use it",
    "the vINTID of LR0 as well: UNPREDICTABLE",
  ]);
  assert.match(table.notes.join("\n"), /ICH_ELRSR_EL2 calls LR1, LR2 empty/);
});

test("an end is reported by a list register with EOI and HW = 0: with HW = 1 bit 41 is of pINTID", () => {
  const lists = Array.from({ length: 16 }, () => 0n);
  lists[0] = 0x30a0_0258_0000_0028n;
  lists[15] = 0x10a0_0200_0000_0029n;
  const bytes = saved("status", "normal", { ...REGISTERS, ICH_EISR_EL2: 1, ICH_ELRSR_EL2: 0xfffe }, lists);
  const table = decode(bytes, { form: "status" });
  assert.match(table.layoutReason, /reversed/);
});

test("empty interfaces, and a part of one", () => {
  const empty = decode(saved("current", "normal", {}, []), { vtr: VTR });
  assert.match(empty.layoutReason, /normal order assumed: no list register holds anything/);
  assert.ok(empty.notes.includes("all list registers are zero"));
  const part = decode(saved("current", "normal", REGISTERS, LISTS).subarray(0, 0x40), { vtr: VTR, form: "current" });
  assert.ok(part.notes.includes("not in the dump: LR2, LR3"));
});

test("a dump explains itself on hover, by hints", () => {
  const bytes = saved("status", "reversed", REGISTERS, LISTS);
  const view = new DataView(bytes.buffer);
  const lines = Array.from({ length: bytes.length / 8 }, (_, i) => {
    const word = view
      .getBigUint64(i * 8, true)
      .toString(16)
      .padStart(16, "0");
    return `${(0xffff000012340000n + BigInt(i * 8)).toString(16)}: 0x${word}`;
  });
  const text = `# gic: table=list-registers vtr=0x90b80003 lr-order=reversed form=status\n${lines.join("\n")}\n`;
  const document = readDump(text);
  const tables = decodeSections(document);
  assert.equal(tables.length, 1);
  const hover = explainDumpLine(document, tables, 2 + 0xb0 / 8, 25);
  assert.equal(hover?.entries[0].title, "ICH_LR0_EL2, saved at offset 0xb0");
  assert.equal(hover?.entries[0].address, "0xffff0000123400b0");
  // HCR and VMCR share a line: its address explains both.
  const both = explainDumpLine(document, tables, 2, 0);
  assert.deepEqual(
    both?.entries.map(({ title }) => title.split(",")[0]),
    ["ICH_HCR_EL2", "ICH_VMCR_EL2"],
  );
});

test("the list registers that Linux saved in the recordings are found again in both orders", () => {
  const trace = path.join(import.meta.dirname, "..", "vectors", "kvm", "lr", "7.2", "v3_list_registers.trace.gz");
  if (!existsSync(trace)) return;
  let snapshots = 0;
  let lists = [0n, 0n, 0n, 0n];
  for (const line of gunzipSync(readFileSync(trace)).toString("latin1").split("\n")) {
    const read = /ICH_LR(\d)_EL2 read cpu 0x1 value (0x[0-9a-f]+)/.exec(line);
    if (read !== null) lists[Number(read[1])] = BigInt(read[2]);
    // KVM has saved what was in use when it disables the interface.
    if (!/ICH_HCR_EL2 write cpu 0x1 value 0x0$/.test(line)) continue;
    const complete = lists;
    lists = [0n, 0n, 0n, 0n];
    if (complete[0] === 0n) continue;
    snapshots++;
    for (const [form, order] of [
      ["current", "normal"],
      ["status", "reversed"],
      ["status", "normal"],
    ] as const) {
      const elrsr = complete.reduce((bits, word, n) => (word >> 62n === 0n ? bits | (1 << n) : bits), 0);
      const table = decode(saved(form, order, { ...REGISTERS, ICH_ELRSR_EL2: elrsr }, complete), { vtr: VTR });
      assert.match(table.layoutReason, new RegExp(`${order} order, as`));
      for (const [n, word] of complete.entries()) {
        const row = Array.from({ length: table.rowCount }, (_, i) => table.row(i)).find((entry) => {
          return entry.title?.startsWith(`ICH_LR${n}_EL2`);
        });
        assert.deepEqual(row?.words[0] ?? 0n, word);
      }
    }
  }
  assert.ok(snapshots > 10, `${snapshots} snapshots`);
});

test("any bytes are decoded without an error", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 260 }),
      fc.option(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { nil: undefined }),
      (bytes, vtr) => {
        const result = decodeTable(new DumpMemory([{ address: BASE, bytes }]), "list-registers", { vtr });
        if (!result.ok) return result.message !== "";
        for (let at = 0; at < bytes.length; at++) {
          const row = result.table.entryAt(BASE + at);
          if (row !== undefined) explainRow(result.table, row, String);
        }
        return Array.from({ length: result.table.rowCount }, (_, i) => result.table.row(i)).every(
          (row, i, all) => i === 0 || row.index > all[i - 1].index,
        );
      },
    ),
  );
});
