import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { diagnosticCatalogue, limits, ScriptDocument } from "../../language/index.ts";
import { problems, script } from "./scripts.ts";

/** One line, the code of its one diagnostic and the text that the diagnostic underlines. */
const lines: readonly (readonly [line: string, code: string, underlined: string])[] = [
  ["MAPDD DeviceID=1", "ITS0102", "MAPDD"],
  ["0x10", "ITS0103", "0x10"],
  ["= 1", "ITS0103", "="],
  ["GITS_CTLR = 1", "ITS0104", "GITS_CTLR"],
  ["MAPD DeviceID 1, Size=7", "ITS0105", "1"],
  ["MAPD DeviceID=1 Size=7", "ITS0105", "Size"],
  ["SYNC RDbase=", "ITS0105", ""],
  ["let x = (1 + 2", "ITS0105", ""],
  ["let x 1", "ITS0105", "1"],
  ["raw 1, 2, 3", "ITS0105", ""],
  ["expect 1 = 1", "ITS0105", "="],
  ["expect 1 => 1", "ITS0105", "=>"],
  ["write GITS_CTLR. = 1", "ITS0105", "="],
  ["save now", "ITS0106", "now"],
  ["migrate kvm-9", "ITS0318", "kvm-9"],
  ["snapshot", "ITS0105", ""],
  ["load tables at 0", "ITS0105", "tables"],
  ['load "tables" 0', "ITS0105", "0"],
  ["lpi-config 8192 = { prio=1 }", "ITS0309", "prio"],
  ["lpi-pending 8192 = 2", "ITS0306", "2"],
  ["SYNC RDbase=0 0", "ITS0106", "0"],
  ["let x = 0x", "ITS0107", "0x"],
  ["let x = 12ab", "ITS0107", "12ab"],
  ["let x = 64k", "ITS0107", "64k"],
  ["let x = 0b12", "ITS0107", "0b12"],
  ["let x = 1_", "ITS0107", "1_"],
  ["let x = 0x1_0000_0000_0000_0000", "ITS0108", "0x1_0000_0000_0000_0000"],
  ["let x = 99999999999999999999999G", "ITS0108", "99999999999999999999999G"],
  ["let x = 1 ; 2", "ITS0109", ";"],
  ["$%", "ITS0109", "$"],
  ['expect 1, "open', "ITS0110", '"open'],
  [`let x = ${"(".repeat(100)}1${")".repeat(100)}`, "ITS0111", "("],
  [`let x = ${"~".repeat(5000)}1`, "ITS0111", "~"],
  ["let GITS_X = 1", "ITS0112", "GITS_X"],
  ["let dte = 1", "ITS0112", "dte"],
  ["}", "ITS0204", "}"],
  ["for i in 0..3 {", "ITS0208", "for"],
  ["for i in 0..3 { MAPC ICID=0, RDbase=0", "ITS0106", "MAPC"],
  ["for i in 0 {", "ITS0105", "{"],
  ["repeat 3", "ITS0105", ""],
  ["test unquoted {", "ITS0105", "unquoted"],
  ["} else {", "ITS0204", "} else {"],
  ["write GITS_CTLR = read GITS_CTLR", "ITS0316", "read GITS_CTLR"],
  ["let x = read 0x08080000", "ITS0311", "0x08080000"],
  ["map_event device=1", "ITS0102", "map_event"],
  ["SYNC RDbase=0 => done on kvn", "ITS0318", "kvn"],
  ["SYNC RDbase=0 => done | nothing", "ITS0310", "nothing"],
  ["SYNC RDbase=0 => done, ignored", "ITS0105", "ignored"],
  ["SYNC RDbase=0 => done on", "ITS0105", ""],
  ["expect 1 on xen", "ITS0318", "xen"],
  ["machine { cpu = 4 }", "ITS0205", "cpu"],
  ["machine { cpus = 4  cpus = 2 }", "ITS0206", "cpus"],
  ["machine { cpus = 513 }", "ITS0207", "513"],
  ["machine { cpus = 0 }", "ITS0207", "0"],
  ["machine { model = kvm-9 }", "ITS0207", "kvm-9"],
  ["machine { gic = 5 }", "ITS0207", "5"],
  ["machine { gic = 4 }", "ITS0207", "4"],
  ["machine { model = kvm-6.1  gic = 4 }", "ITS0207", "4"],
  ["machine { model = kvm-draft-2017  security = 2 }", "ITS0207", "2"],
  ["machine { nmi = on }", "ITS0207", "on"],
  ["machine { model = qemu-7.2  nmi = on }", "ITS0207", "on"],
  ["machine { model = qemu-11.1  nmi = yes }", "ITS0207", "yes"],
  ["machine { model = qemu-11.1  nmi = on  nmi = on }", "ITS0206", "nmi"],
  ["machine { setup = redy }", "ITS0207", "redy"],
  ["machine { ram = 0x40000000 }", "ITS0207", "0x40000000"],
  ["machine { ram = 0x40000000, 5G }", "ITS0207", "0x40000000, 5G"],
  ["machine { ram = 0x08000000, 64M }", "ITS0207", "0x08000000, 64M"],
  ["machine { ram = 0x09000000, 64K }", "ITS0207", "0x09000000, 64K"],
  ["machine { ram = 0x08080000, 64K }", "ITS0207", "0x08080000, 64K"],
  ["machine { ram = 1G, 1M  ram = 1G + 64K, 64K }", "ITS0207", "1G + 64K, 64K"],
  ["machine { its = 0x080a0000 }", "ITS0207", "0x080a0000"],
  ["machine { ram = 1G, 1M  its = 1G }", "ITS0207", "1G"],
  ["machine { its = 0x08080001 }", "ITS0207", "0x08080001"],
  ["machine { cpus = 1 + GITS_CTLR }", "ITS0407", "GITS_CTLR"],
  ["machine {", "ITS0202", "machine"],
  ["SYNC RDbase=nic", "ITS0301", "nic"],
  ["SYNC RDbse=0", "ITS0303", "RDbse"],
  ["MAPD DeviceID=1", "ITS0304", "MAPD"],
  ["msi DeviceID=1", "ITS0304", "msi"],
  ["SYNC RDbase=0, rdbase=1", "ITS0305", "rdbase"],
  ["MAPD DeviceID=1, Size=32, ITT_addr=0", "ITS0306", "32"],
  ["MAPD DeviceID=-1, Size=3, ITT_addr=0", "ITS0306", "-1"],
  ["write GITS_CBASER.Size = 0x100", "ITS0306", "0x100"],
  ["write GITS_CTLR = 1 << 32", "ITS0306", "1 << 32"],
  ["mem8[0x40000000] = 256", "ITS0306", "256"],
  ["fill 0x40000000, 64K, -129", "ITS0306", "-129"],
  ["MAPD DeviceID=1, Size=7, ITT_addr=0x40400080", "ITS0307", "0x40400080"],
  ["read GITS_CBASE", "ITS0308", "GITS_CBASE"],
  ["write CTLR = 1", "ITS0308", "CTLR"],
  ["read GITS_BASER8", "ITS0308", "GITS_BASER8"],
  ["expect GITS_BASER0.Typ == 1", "ITS0309", "Typ"],
  ["expect dte[1].Siz == 1", "ITS0309", "Siz"],
  ["write GITS_CBASER = { Valid=1, Sze=0 }", "ITS0309", "Sze"],
  ["SYNC RDbase=0 => MAPD_ITTSIZE_OR", "ITS0310", "MAPD_ITTSIZE_OR"],
  ["SYNC RDbase=0 => 5", "ITS0310", "5"],
  ["write 0x08080000 = 1", "ITS0311", "0x08080000"],
  ["write32 GITS_CBASER.Valid = 1", "ITS0311", "Valid"],
  ["read GITS_CTLR@16", "ITS0312", "16"],
  ["MAPC@16 ICID=0, RDbase=0", "ITS0312", "16"],
  ["save@(0 - 1)", "ITS0312", "0 - 1"],
  ["read32 0x08000000@512", "ITS0313", "512"],
  ["read8 ICC_PMR_EL1", "ITS0311", "ICC_PMR_EL1"],
  ["read GICR_CTLR[512]", "ITS0313", "512"],
  ["let x = 0xffff_ffff_ffff_ffff + 1", "ITS0401", "0xffff_ffff_ffff_ffff + 1"],
  ["let x = 4 / (2 - 2)", "ITS0402", "2 - 2"],
  ["let x = 4 % 0", "ITS0402", "0"],
  ["let x = 1 << 64", "ITS0403", "64"],
  ["let x = 5[0:1]", "ITS0404", "0:1"],
  ["let x = 5[64]", "ITS0404", "64"],
  ["get-attr VGIC_V4, DIST_REGS, 0", "ITS0314", "VGIC_V4"],
  ["get-attr VGIC_V3, CPU_REGS, 0", "ITS0314", "CPU_REGS"],
  ["set-attr VGIC_ITS, CTRL, SAVE", "ITS0314", "SAVE"],
  ["set-attr VGIC_ITS, CTRL, RESET = 1", "ITS0315", "1"],
  ["set-attr VGIC_V3, DIST_REGS, 0", "ITS0105", "DIST_REGS"],
  ["set-attr VGIC_V3, DIST_REGS, 0 = 1 << 32", "ITS0306", "1 << 32"],
  ["has-attr VGIC_V3, CTRL", "ITS0105", "CTRL"],
  ["line 40 = 2", "ITS0306", "2"],
  ["line 1024 = 1", "ITS0306", "1024"],
  ["host-map 27, 512 = 27", "ITS0313", "512"],
  ["host-line 27", "ITS0105", ""],
  ["write GICD_SGIR@512 = 0", "ITS0313", "512"],
  ["machine { gic = 1 }", "ITS0207", "1"],
  ["machine { cpus = 9  gic = 2 }", "ITS0207", "2"],
  ["machine { gic = 2  model = arch }", "ITS0207", "arch"],
  ["mem64[1 << 52] = 0", "ITS0405", "1 << 52"],
];

describe("each broken line gives one diagnostic at the place of the mistake", () => {
  for (const [line, code, underlined] of lines) {
    test(line.length > 80 ? `${line.slice(0, 40)}… ${code}` : `${line} ${code}`, () => {
      const document = script(line, "SYNC RDbase=0", "INT DeviceID=1, EventID=2");
      const expected = `1 ${code} ${underlined}`;
      if (line === "machine {") assert.equal(problems(document)[0], "2 ITS0203 SYNC");
      else assert.deepEqual(problems(document), [expected]);
      assert.equal(document.lines[1].statement?.kind ?? "problem", line === "machine {" ? "problem" : "command");
      assert.equal(document.lines[2].statement?.kind, "command");
    });
  }
});

test("a message says what is wrong and what to do", () => {
  const message = (line: string) => script(line).lines[0].problem?.message;
  assert.equal(
    message("MAPD DeviceID=1, Size=0x40, ITT_addr=0"),
    "Size=64 is out of range: 0 to 31 (5 bits, DW1[4:0]).",
  );
  assert.equal(
    message("MAPD DeviceID=1, Size=7, ITT_addr=0x40400080"),
    "ITT_addr=0x40400080 has bits set in [7:0], which the field does not hold. Use a multiple of 0x100, such as 0x40400000.",
  );
  assert.match(message("write GICR_CTLR.Enable = 1") ?? "", /Did you mean EnableLPIs\?/);
  assert.match(message("write CTLR = 1") ?? "", /Did you mean GITS_CTLR\?/);
  assert.match(message("MAPDT DeviceID=1") ?? "", /Did you mean MAPD\?/);
  assert.match(message("MAPI Devid=1") ?? "", /^MAPI has no argument Devid\..*Arguments are DeviceID/);
  assert.match(message("let x = ff") ?? "", /^'ff' is not defined above this line/);
  assert.equal(message("let x = 64k"), "'64k' is no number. Write 64K.");
  assert.equal(message("let x = 1f"), "'1f' is no number. Hexadecimal numbers begin with 0x: 0x1f.");
});

test("a machine block that nothing closes is reported where it opens", () => {
  assert.deepEqual(problems(script("machine {", "  cpus = 2", "# the end")), ["1 ITS0202 machine"]);
});

test("a statement at column 0 ends a block that is not closed", () => {
  const document = script("machine {", "  cpus = 2", "MAPC ICID=0, RDbase=0", "SYNC RDbase=0");
  assert.deepEqual(problems(document), ["3 ITS0203 MAPC"]);
  assert.equal(document.machine.cpus, 2);
  assert.equal(document.lines[3].statement?.kind, "command");
});

test("a machine block stands anywhere, at most 16 times", () => {
  assert.deepEqual(problems(script("SYNC RDbase=0", "machine { cpus = 2 }")), []);
  assert.deepEqual(problems(script("machine { cpus = 2 }", "machine { cpus = 3 }")), []);
  assert.deepEqual(problems(script(...Array<string>(17).fill("machine { cpus = 2 }"))), ["17 ITS0201 machine"]);
  assert.deepEqual(problems(script("SYNC RDbase=0", "machine {", "  cpus = 0", "}")), ["3 ITS0207 0"]);
  assert.deepEqual(problems(script("# comment", "", "machine {", "# inside", "", "}", "SYNC RDbase=0")), []);
});

test("a name is defined once and above its use", () => {
  assert.deepEqual(problems(script("SYNC RDbase=pe", "let pe = 0", "SYNC RDbase=pe", "let pe = 1")), [
    "1 ITS0301 pe",
    "4 ITS0302 pe",
  ]);
});

test("a name whose own value is wrong gives no further diagnostics", () => {
  assert.deepEqual(problems(script("let pe = 1 / 0", "SYNC RDbase=pe", "let next = pe + 1")), ["1 ITS0402 0"]);
});

test("files that are no scripts are refused with one diagnostic", () => {
  const refused = (text: string) => new ScriptDocument(text).diagnostics();
  assert.deepEqual(
    refused("MAPD\0\0\0").list.map(({ code, line }) => [code, line]),
    [["ITS0003", 0]],
  );
  assert.equal(refused("\n".repeat(limits.lines)).list[0].code, "ITS0002");
  assert.equal(refused("#".repeat(limits.characters + 1)).list[0].code, "ITS0001");
  assert.equal(refused("\n".repeat(limits.lines - 1)).total, 0);
});

test("a line that is too long costs one diagnostic", () => {
  assert.deepEqual(
    problems(script(`# ${"x".repeat(limits.lineLength)}`, "SYNC RDbase=0")).map((line) => line.slice(0, 9)),
    ["1 ITS0101"],
  );
});

test("codes are unique", () => {
  const codes = diagnosticCatalogue.map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
});

test("every diagnostic of the catalogue but those of whole files and of running is provoked here", () => {
  const provoked = new Set(lines.map(([, code]) => code));
  const elsewhere = [
    "ITS0001",
    "ITS0002",
    "ITS0003",
    "ITS0101",
    "ITS0201",
    "ITS0203",
    "ITS0209",
    "ITS0210",
    "ITS0211",
    "ITS0212",
    "ITS0213",
    "ITS0302",
    "ITS0317",
    "ITS0406",
    "ITS0408",
    "ITS0409",
    "ITS0410",
    "ITS0411",
    "ITS0701",
    "ITS0702",
    "ITS0703",
    "ITS0704",
    "ITS0705",
    "ITS0706",
    "ITS0707",
    "ITS0708",
    "ITS0709",
  ];
  const missing = diagnosticCatalogue.map(({ code }) => code).filter((code) => !provoked.has(code));
  assert.deepEqual(missing, elsewhere);
});
