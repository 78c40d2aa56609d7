import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { at, cte, GuestCapture, ite } from "../dumps/guest-capture.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const examples = path.join(import.meta.dirname, "..", "..", "examples");

let count = 0;
/** Writes the files of a guest's capture. @returns their folder */
function captured(damage: (guest: GuestCapture) => void = () => undefined): string {
  const guest = new GuestCapture();
  damage(guest);
  const place = path.join(folder, `${count++}`);
  mkdirSync(place);
  for (const { name, content } of guest.files) {
    writeFileSync(path.join(place, name), "text" in content ? content.text : content.bytes);
  }
  return place;
}

const linesOf = (text: string): string[] => text.split("\n");

describe("gicwb check", () => {
  it("says what it took a dump for that does not say it", async () => {
    const bare = readFileSync(path.join(examples, "kvm-6.1-device-table.gicdump"), "utf8").replace(/^#.*\n/gm, "");
    const place = path.join(folder, "bare.txt");
    writeFileSync(place, bare);
    const { code, out } = await gicwb("check", place);
    assert.equal(code, 6);
    assert.match(out, /\nNothing says which table this is\. Taken for device-table: 3 of 3 entries .*\n/);
    writeFileSync(place, "40100000: 1234567812345678\n");
    assert.equal((await gicwb("check", place)).code, 1);
  });

  it("says that every kernel restores tables without a fault: code 0", async () => {
    const place = captured();
    const { code, out, err } = await gicwb("check", place);
    assert.deepEqual(
      [code, linesOf(out), err],
      [
        0,
        [
          `${place}: layout kvm-rev0 (Linux KVM, table ABI revision 0)`,
          "valid entries: 3 devices, 5 events, 2 collections; 2 PEs",
          "",
          "RESTORE_TABLES:",
          "  kvm-5.10 to kvm-7.3  restored: 3 devices, 5 events, 2 collections",
          "",
          "No rule is broken.",
          "",
        ],
        "",
      ],
    );
  });

  it("names errno and entry where a kernel refuses the tables: code 4", async () => {
    const { code, out } = await gicwb(
      "check",
      captured((guest) => guest.word(at.collections + 16, cte(1, 0))),
    );
    assert.equal(code, 4);
    const line =
      "  kvm-5.10 to kvm-7.3  EEXIST: the collection table's entry at 0x40010010 = 0x8000000000000001, field ICID: ICID 0x1 exists already, by an earlier entry or an earlier restore";
    assert.ok(linesOf(out).includes(line), out);
    for (const line of ["L-25-duplicate-icid  error: two CTEs have one ICID", "  why: RESTORE_TABLES answers EEXIST"])
      assert.ok(linesOf(out).includes(line), out);
  });

  it("says what each kernel does where they differ, and asks one alone with --model", async () => {
    const place = captured((guest) => guest.event(12, 3, ite(8193, 1, 0)).byte(at.properties + 3, 0));
    const { code, out } = await gicwb("check", place);
    assert.equal(code, 5);
    const [first, second, third] = linesOf(out).slice(4);
    assert.equal(first, "  kvm-5.10 to kvm-7.2  restored: 3 devices, 5 events, 2 collections");
    assert.equal(second, "  kvm-7.3              restored: 3 devices, 4 events, 2 collections");
    assert.equal(third.trim(), "drops EventID 0x3 of DeviceID 0xc: its LPI 8193 is another event's");
    const one = await gicwb("check", "--model", "kvm", place);
    assert.equal(linesOf(one.out)[4], "  kvm-7.2  restored: 3 devices, 5 events, 2 collections");
  });

  it("says what is lost without an error: code 5", async () => {
    const { code, out } = await gicwb(
      "check",
      captured((guest) => guest.device(12, 0)),
    );
    assert.equal(code, 5);
    assert.ok(linesOf(out).includes("  kvm-5.10 to kvm-7.3  restored: 2 devices, 4 events, 2 collections"), out);
    assert.ok(linesOf(out).includes("L-23-last  warning: next is 0 in an entry that is not the last valid one"), out);
  });

  it("takes nothing for zero that is not there: code 6", async () => {
    const place = captured();
    const registers = [
      "0x08080000: 0x4b00043b00000001",
      "0x08080100: 0xb107000040100200 0xb407000040010200",
      "0x080a0070: 0x000000004002000f 0x0000000040030000",
    ];
    const itt = "0x40180800: 0x0005000020000000 0x0000000000000000";
    const part = path.join(place, "part");
    mkdirSync(part);
    writeFileSync(path.join(part, "registers.txt"), registers.join("\n"));
    writeFileSync(path.join(part, "tables.txt"), `0x40100040: 0x8000000008030103\n${itt}\n`);
    const { code, out } = await gicwb("check", "--model", "kvm-7.2", part);
    assert.equal(code, 6);
    assert.match(
      out,
      /kvm-7\.2 {2}unknown: it reads 0x40010000 to 0x40010007 and 1 other range, which are not in the input/,
    );
    assert.match(out, /if that is all zero: EINVAL: .* the collection table has no ICID 0x0/);
  });

  it("does not call a refusal certain when much before it is missing", async () => {
    const place = captured((guest) => {
      // 150 devices without an ITT in the capture, then a DTE that is missing, then one that KVM refuses.
      for (let id = 0; id < 150; id++) guest.device(id, 1, 4, 0x4017_0000 + id * 0x100);
      guest.device(151, 1, 20);
      guest.missing = [
        { from: at.devices + 150 * 8, to: at.devices + 151 * 8 },
        { from: 0x4017_0000, to: 0x4018_0000 },
      ];
    });
    const { code, out } = await gicwb("check", "--model", "kvm-7.2", place);
    assert.match(out, /kvm-7\.2 {2}unknown: it reads .* and 99 other ranges/);
    assert.match(out, /if that is all zero: EINVAL: .* DeviceID 0x97 .*field Size/);
    assert.notEqual(code, 4);
  });

  it("knows whether there is RAM only where the input says it", async () => {
    const wild = (guest: GuestCapture) => guest.device(12, 8, 4, 0x1000_0000);
    const known = await gicwb("check", "--model", "kvm-7.2", captured(wild));
    assert.equal(known.code, 4);
    assert.match(
      known.out,
      /kvm-7\.2 {2}EFAULT: the ITT's entry of DeviceID 0xc, EventID 0x0 at 0x10000000: it is not in RAM/,
    );
    const unknown = await gicwb(
      "check",
      "--model",
      "kvm-7.2",
      captured((guest) => {
        wild(guest);
        guest.list = {};
      }),
    );
    assert.equal(unknown.code, 6);
    assert.match(unknown.out, /it reads 0x10000000 to 0x1000007f, which is not in the input/);
  });

  it("takes saved machines, and dumps of one table with what is taken for granted", async () => {
    const saved = await gicwb("check", path.join(examples, "saved-guest.gicstate.json"));
    assert.equal(saved.code, 0);
    assert.match(saved.out, /kvm-5\.10 to kvm-7\.3 {2}restored: 3 devices, 5 events, 2 collections/);
    const dump = await gicwb("check", path.join(examples, "kvm-6.1-collection-table.gicdump"));
    assert.equal(dump.code, 6);
    assert.match(dump.out, /restored: 0 devices, 0 events, 2 collections/);
    assert.match(dump.out, /taken for granted: no devices; nothing says where the device table is/);
    assert.match(dump.out, /taken for granted: 2 PEs, as the collections name; nothing says how many there are/);
    const devices = await gicwb("check", path.join(examples, "kvm-6.1-device-table.gicdump"));
    assert.equal(devices.code, 6);
  });

  it("takes dumps of several tables together, by their lines # gic:", async () => {
    const files = ["device-table", "itt", "collection-table"].map((name) => `kvm-6.1-${name}.gicdump`);
    const { code, out } = await gicwb("check", ...files.map((name) => path.join(examples, name)));
    assert.equal(code, 0);
    assert.match(out, /kvm-5\.10 to kvm-7\.3 {2}restored: 3 devices, 37 events, 2 collections\n/);
  });

  it("does not take a collection table that is not in the input for an empty one", async () => {
    const files = ["device-table", "itt"].map((name) => path.join(examples, `kvm-6.1-${name}.gicdump`));
    const { code, out } = await gicwb("check", ...files);
    assert.equal(code, 6);
    assert.match(out, /restored: 3 devices, 37 events, 2 collections\n/);
    assert.match(out, /taken for granted: the collections of all events exist, on PE 0;/);
  });

  it("checks tables that are not KVM's by the rules alone", async () => {
    const { code, out } = await gicwb("check", path.join(examples, "captures", "linux-6.1-qemu-gicv3"));
    assert.equal(code, 0);
    assert.match(out, /these are qemu\. No kernel was asked\.\n\nNo rule is broken\./);
  });

  it("prints all of it as JSON, words as texts", async () => {
    const { code, out } = await gicwb(
      "check",
      "--json",
      captured((guest) => guest.word(at.collections + 16, cte(2, 9))),
    );
    assert.equal(code, 4);
    const { worst, models, rules } = JSON.parse(out);
    assert.equal(worst, "refused");
    const { text: _text, ...refusal } = models[3].refusal;
    assert.deepEqual(refusal, {
      kind: "entry",
      its: 0,
      errno: "EINVAL",
      check: "RDbase is a PE",
      table: "collection table",
      address: "0x40010010",
      word: "0x8000000000090002",
      field: "RDbase",
    });
    const [{ rule, severity, count: found, findings }] = rules;
    assert.deepEqual([rule, severity, found], ["L-25-no-pe", "error", 1]);
    assert.deepEqual([findings[0].icid, findings[0].value, findings[0].word], [2, 9, "0x8000000000090002"]);
  });

  it("refuses what holds no tables: code 1", async () => {
    const file = path.join(folder, "nothing.txt");
    writeFileSync(file, "0x1000: 0x1\n");
    const { code, err } = await gicwb("check", file);
    assert.equal(code, 1);
    assert.match(err, /GICWB-CAPTURE/);
  });
});

describe("gicwb check of many devices", () => {
  it("ends where tables of wild bits have one ITT read again and again", async () => {
    const { code, out } = await gicwb(
      "check",
      "--model",
      "kvm-7.2",
      captured((guest) => {
        for (let id = 0; id < 8192; id++) guest.device(id, 1, 16, at.itt(0));
        for (let event = 0; event < 4096; event++) guest.event(0, event, ite(8192, 0, 1));
      }),
    );
    assert.notEqual(code, 0);
    assert.match(out, /kvm-7\.2/);
  });
});

describe("gicwb check of a dump that does not say which table it is", () => {
  const workspace = path.join(import.meta.dirname, "..", "vscode", "workspace");
  const source = path.join(workspace, "migration-source.gicdump");
  const bare = path.join(folder, "bare.gicdump");
  writeFileSync(
    bare,
    linesOf(readFileSync(source, "utf8"))
      .filter((line) => !line.startsWith("#"))
      .join("\n"),
  );
  const as = ["--as", "device-table", "--base", "0x40020000", "--size", "0x10000"];

  it("is told by --as, --base and --size", async () => {
    const { code, out } = await gicwb("check", bare, ...as);
    assert.equal(code, 6, out);
    assert.match(out, /\nvalid entries: 3 devices, 5 events, 0 collections; /);
    assert.match(out, /\n {2}kvm-5\.10 to kvm-7\.3 {2}restored: 3 devices, 5 events, 2 collections\n/);
    assert.match(out, /\nNo rule is broken\.\n/);
  });

  it("is refused where the dump says it itself, or is no file: code 2", async () => {
    assert.match((await gicwb("check", source, ...as)).err, /says itself which tables it holds.*\[GICWB-DESCRIBED\]/);
    for (const args of [
      [source, ...as],
      [folder, ...as],
      [bare, "--base", "1"],
    ]) {
      assert.equal((await gicwb("check", ...args)).code, 2, args.join(" "));
    }
  });
});
