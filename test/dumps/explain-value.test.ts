import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { commandErrors, commands, registerAttribute, registerName, registers } from "../../architecture/index.ts";
import {
  explainText,
  explainTopics,
  type Reading,
  readAttribute,
  readingLines,
} from "../../dumps/explain-value/index.ts";

function readings(text: string): readonly Reading[] {
  const explanation = explainText(text);
  assert.ok(explanation.ok, explanation.ok ? "" : `${text}: ${explanation.message}`);
  return explanation.readings;
}

/** The first reading, which is the most likely one. */
function first(text: string): Reading {
  return readings(text)[0];
}

function field(reading: Reading, name: string): string | undefined {
  return reading.fields.find((candidate) => candidate.name === name)?.text;
}

const registerWords: readonly (readonly [text: string, fields: Readonly<Record<string, string>>, note: RegExp])[] = [
  [
    "GITS_TYPER=0x1ef71",
    { Devbits: "16 DeviceID bits", ID_bits: "16 EventID bits", ITT_entry_size: "8 bytes", CIDbits: "RES0 (CIL = 0)" },
    /EventIDs 0 to 0xffff, ICIDs 0 to 0xffff; the largest ITT takes 512 KiB/,
  ],
  [
    "GITS_BASER0=0xb907000040100607",
    { Type: "Devices (1)", Page_Size: "64KB (2)", Physical_Address: "0x40100000", InnerCache: "RaWaWb (7)" },
    /takes 512 KiB, 0x40100000 to 0x4017ffff: 65536 entries of 8 bytes for DeviceIDs 0 to 0xffff \(16 bits\)/,
  ],
  [
    "GITS_BASER0 0xf907000040100600",
    { Indirect: "1" },
    /Two levels: 64 KiB of level-1 entries, .* 8192 pages of 64 KiB with 8192 entries of 8 bytes each, 67108864 in all for DeviceIDs 0 to 0x3ffffff \(26 bits\)/,
  ],
  // With 64 KiB pages the register's bits [15:12] are PA[51:48].
  ["BASER1=0xbc0700004010f600", { Type: "Collections (4)", Physical_Address: "0xf000040100000" }, /ICIDs 0 to 0x1fff/],
  ["GITS_CBASER: 0xb80000004000040f", { Size: "16 4 KiB pages" }, /2048 commands, of which 2047 can wait at once/],
  ["GITS_CREADR=0x61", { Stalled: "1" }, /Stalled at the command there/],
  ["PROPBASER=0x4002058f", { IDbits: "16 INTID bits" }, /LPIs 8192 to 65535; .* 56 KiB, 0x40020000 to 0x4002dfff/],
  ["PENDBASER=0x40030580", { Physical_Address: "0x40030000" }, /bit of LPI 8192 is bit 0 of 0x40030400/],
  [
    "VTR=0x90b80003",
    { ListRegs: "4 list registers", PRIbits: "5 priority bits" },
    /largest index, 3, not the count, 4/,
  ],
  ["ICH_VTR_EL2=0xd4080003", { PREbits: "6 preemption bits" }, /ICH_AP0R0\.\.1_EL2 and ICH_AP1R0\.\.1_EL2/],
  ["VMCR=0xb84c000a", { VPMR: "0xb8", VENG1: "1" }, /Priority mask 0xb8: priorities 0 to 0xb7 are signalled/],
  ["ICH_ELRSR_EL2=0xfff3", { List_registers: "0xfff3" }, /Empty: LR0, LR1, LR4, /],
  ["gits_ctlr=0x300000001", { Enabled: "1" }, /has 32 bits; 0x300000001 does not fit/],
];

for (const [text, fields, note] of registerWords) {
  test(`${text}: fields and what follows from them`, () => {
    const reading = first(text);
    for (const [name, value] of Object.entries(fields)) assert.equal(field(reading, name), value, name);
    assert.match(reading.notes.join("\n"), note);
  });
}

// ICH_LR values that Linux 7.2 wrote (test/vectors/kvm/lr), and their GICv2 like.
const listRegisters: readonly (readonly [text: string, summary: string])[] = [
  ["ICH_LR2_EL2=0x50a0000000002001", "Pending: LPI 8193, priority 0xa0, Group 1."],
  ["ICH_LR0=0x5000000000000001", "Pending: SGI 1 (INTID 1), priority 0x0, Group 1."],
  ["LR3=0x50b800000000002f", "Pending: SPI 15 (INTID 47), priority 0xb8, Group 1."],
  [
    "ICH_LR1_EL2=0xb0a0001b0000001b",
    "Active: PPI 11 (INTID 27), priority 0xa0, Group 1, backed by physical PPI 11 (INTID 27).",
  ],
  [
    "ICH_LR0_EL2=0x70a0025800000028",
    "Pending: SPI 8 (INTID 40), priority 0xa0, Group 1, backed by physical SPI 568 (INTID 600).",
  ],
  ["GICH_LR0=0x9a096028", "Pending: SPI 8 (INTID 40), priority 0xa0, Group 0, backed by physical SPI 568 (INTID 600)."],
  ["ICH_LR0_EL2=0", "Empty: State is Invalid, so the list register holds no interrupt."],
  ["GICH_LR0=0x9a006c1b", "Pending: PPI 11 (INTID 27), priority 0xa0, Group 0, backed by physical PPI 11 (INTID 27)."],
];

for (const [text, summary] of listRegisters) {
  test(`${text}: ${summary}`, () => assert.equal(first(text).summary, summary));
}

test("the top bit of a physical INTID is no request of an EOI maintenance interrupt", () => {
  const names = (text: string) => first(text).fields.map(({ name }) => name);
  assert.deepEqual(names("ICH_LR0_EL2=0x70a0025800000028").includes("EOI"), false);
  assert.deepEqual(names("ICH_LR0_EL2=0x50a0020000000028").includes("EOI"), true);
  assert.deepEqual(names("GICH_LR0=0x9a096028").includes("EOI"), false);
  assert.deepEqual(names("GICH_LR0=0x1a080028").includes("EOI"), true);
});

test("a name without its block means every register that has it, and values that do not fit come not first", () => {
  assert.deepEqual(
    readings("HCR=0x419b").map(({ title }) => title),
    ["ICH_HCR_EL2 = 0x419b", "GICH_HCR = 0x419b"],
  );
  assert.deepEqual(
    readings("TYPER=0x1f0001efb1").map(({ title }) => title),
    ["GITS_TYPER = 0x1f0001efb1", "GICR_TYPER = 0x1f0001efb1"],
  );
  assert.deepEqual(
    readings("GITS_TYPER=0x1ef71 GITS_CBASER: 0x0, GITS_CTLR 1").map(({ title }) => title),
    ["GITS_TYPER = 0x1ef71", "GITS_CBASER = 0x0", "GITS_CTLR = 0x1"],
  );
});

test("forms that the value does not tell apart are readings of their own", () => {
  const titles = readings("GICD_CTLR=0x12").map(({ title }) => title);
  assert.equal(titles[0], "GICD_CTLR = 0x12");
  assert.ok(titles.includes("GICD_CTLR (GICv2) = 0x12"));
});

const packets: readonly (readonly [text: string, script: string])[] = [
  ["0x8000000008 0x4 0x8000000040400000 0", "MAPD DeviceID=0x80, ITT_addr=0x40400000, Size=4"],
  ["command 0x20000000a 0x200300000014 0x3 0", "MAPTI DeviceID=0x2, EventID=0x14, pINTID=8195, ICID=3"],
  ["0x8 0x80 4 0 0x40400000 0x80000000 0 0", "MAPD DeviceID=0x80, ITT_addr=0x40400000, Size=4"],
];

for (const [text, script] of packets) {
  test(`${text}: ${script}`, () => {
    const reading = first(text);
    assert.equal(reading.kind, "command");
    assert.equal(reading.summary, script);
  });
}

const others: readonly (readonly [text: string, kind: Reading["kind"], title: RegExp])[] = [
  ["0x010A05", "command-error", /^MAPTI_ID_OOR, command error 0x010A05$/],
  ["010a05", "command-error", /^MAPTI_ID_OOR/],
  ["MAPTI_ID_OOR", "command-error", /0x010A05/],
  ["E_ITS_MAPD_DEVICE_OOR", "command-error", /0x010801/],
  ["0x012e01", "command-error", /0x012E01/],
  ["intid 8195", "intid", /^LPI 8195$/],
  ["8195", "intid", /^LPI 8195$/],
  ["intid 27", "intid", /^PPI 11 \(INTID 27\)$/],
  ["intid 1023", "intid", /^Spurious/],
  ["irq 0x2010010", "irq-line", /^irq 0x2010010$/],
  ["0x01000028", "irq-line", /^irq 0x1000028$/],
  ["0x08090040", "address", /^0x8090040: GITS_TRANSLATER$/],
  ["0x080a0078", "address", /^0x80a0078: GICR_PENDBASER$/],
  ["0x080a007c", "address", /^0x80a007c: byte 4 of GICR_PENDBASER$/],
  ["0x080d0100", "address", /^0x80d0100: GICR_ISENABLER0$/],
  ["0x08010004", "address", /GICC_PMR$/],
  ["0x40000040", "address", /RAM$/],
  ["errno EBUSY ITS_REGS", "errno", /^EBUSY \(errno 16\) from ITS_REGS$/],
  ["ENXIO", "errno", /^ENXIO \(errno 6\)$/],
  ["errno 22 LEVEL_INFO", "errno", /^EINVAL/],
  ["MAPC", "command", /^MAPC, opcode 0x9/],
  ["GICR_PENDBASER", "register", /^GICR_PENDBASER$/],
  ["0x1ef71", "register", /^GITS_TYPER = 0x1ef71$/],
  ["0x50a0000000002001", "register", /^ICH_LR0_EL2/],
  ["0xb907000040100607", "register", /^GITS_BASER0/],
  ["0xdeadbeefcafe", "number", /^0xdeadbeefcafe$/],
];

for (const [text, kind, title] of others) {
  test(`${text} is read as ${kind}`, () => {
    const reading = first(text);
    assert.equal(reading.kind, kind);
    assert.match(reading.title, title);
  });
}

test("a lone number ends with the number itself, and a GICv4 stride is a second reading of a redistributor's address", () => {
  assert.equal(readings("0x010A05").at(-1)?.kind, "number");
  const [v3, v4] = readings("address 0x080c0070");
  assert.match(v3.title, /GICR_PROPBASER$/);
  assert.match(v3.notes[0], /^Redistributor 1, RD_base/);
  assert.match(v4.title, /GICR_VPROPBASER$/);
  assert.match(v4.notes[0], /^Redistributor 0, VLPI_base/);
});

const refused: readonly (readonly [text: string, message: RegExp, candidate?: string])[] = [
  ["", /nothing to explain/],
  ["GITS_TYPR=1", /no register, command or error has this name/, "GITS_TYPER"],
  ["MAPTI_ID_ORR", /no number/, "MAPTI_ID_OOR"],
  ["GITS_TYPER=zero", /"zero" is no number of at most 64 bits/],
  ["GITS_TYPER=0x10000000000000000", /at most 64 bits/],
  ["command 1 2 3", /four words of 64 bits or eight of 32 bits, not 3/],
  ["error 0x020000", /codes are 0x01CCEE/],
  ["intid 0x1000000", /is not an INTID/],
  ["address 0x1", /not an address of the default map/],
  ["errno EBUZY", /no errno/, "EBUSY"],
  ["errno EBUSY ITS_REG", /no group/, "ITS_REGS"],
  ["attr", /needs a device/],
  ["attr VGIC_V4 1", /no device VGIC_V4/, "VGIC_V3"],
  ["attr VGIC_V2 REDIST_REGS 0", /VGIC_V2 has no group REDIST_REGS/],
  ["attr VGIC_V3 REDIST_REG 0", /no group REDIST_REG/, "REDIST_REGS"],
];

for (const [text, message, candidate] of refused) {
  test(`"${text}" is refused in one sentence`, () => {
    const explanation = explainText(text);
    assert.ok(!explanation.ok);
    assert.match(explanation.message, message);
    if (candidate !== undefined) assert.ok(explanation.candidates?.includes(candidate));
  });
}

test("every register, command and command error explains itself by its name", () => {
  for (const { name, count } of registers) if (count === undefined) assert.equal(first(name).kind, "register", name);
  for (const { name } of commands) assert.notEqual(first(name).kind, "number", name);
  for (const { name } of commandErrors) assert.equal(first(name).kind, "command-error", name);
});

test("no text throws, and what is explained can be printed", () => {
  const words = fc.oneof(
    fc.constantFrom(
      ...explainTopics,
      "attr VGIC_V3 REDIST_REGS",
      "attr VGIC_ITS ITS_REGS",
      "attr VGIC_V2 DIST_REGS",
      "attr VGIC_V3 CPU_SYSREGS",
      "attr VGIC_V3 ADDR REDIST_REGION",
      "attr VGIC_V3 LEVEL_INFO",
      "pe=1",
      "=",
      "GITS_BASER0",
      "GICR_PENDBASER=",
      "__proto__",
      "constructor=1",
      "VMCR",
    ),
    fc.bigInt({ min: 0n, max: (1n << 70n) - 1n }).map((value) => `0x${value.toString(16)}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 10 }), (list) => {
      const explanation = explainText(list.join(" "));
      if (!explanation.ok) return explanation.message !== "";
      return explanation.readings.every((reading) => readingLines(reading).every((line) => typeof line === "string"));
    }),
    { numRuns: 2000 },
  );
});

test("every value of every register is explained: fields cover the bits that they say", () => {
  fc.assert(
    fc.property(fc.constantFrom(...registers), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (register, value) => {
      const name = register.name.replace("<n>", String(register.firstIndex ?? 0));
      for (const reading of readings(`${name}=${value}`)) {
        for (const { raw, msb, lsb } of reading.fields) {
          if (((value >> BigInt(lsb)) & ((1n << BigInt(msb - lsb + 1)) - 1n)) !== raw) return false;
        }
      }
      return true;
    }),
    { numRuns: 2000 },
  );
});

test("the attr of every register reads back as that register of that vCPU", () => {
  let count = 0;
  for (const generation of [2, 3] as const) {
    for (const register of registers) {
      if (register.generation !== undefined && register.generation !== generation) continue;
      const first = register.firstIndex ?? 0;
      const index = register.count === undefined ? 0 : first + register.count - 1;
      for (const pe of [0, 5, 33]) {
        const place = registerAttribute({ register, index }, generation === 2 ? pe % 8 : pe, generation);
        if (place === undefined) continue;
        count++;
        const { title } = readAttribute(place.device, place.group, place.attr);
        const name = registerName(register, index);
        const half = register.width > place.group.valueBytes * 8 ? "[31:0]" : "";
        const once = place.group.name === "ITS_REGS" || (place.group.name === "DIST_REGS" && generation === 3);
        assert.ok(title.endsWith(`: ${name}${half}${once ? "" : ` of vCPU ${generation === 2 ? pe % 8 : pe}`}`), title);
      }
    }
  }
  assert.ok(count > 300, `${count} registers`);
});
