import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { at, cte, GuestCapture, ite } from "../dumps/guest-capture.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-diff-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const examples = path.join(import.meta.dirname, "..", "..", "examples");
const linux = path.join(examples, "captures", "linux-6.1-qemu-gicv3");

let count = 0;
const newFolder = (): string => path.join(folder, `${count++}`);

/** The example capture with words of its files changed, as 4-byte words at offsets. */
function edited(edits: readonly (readonly [file: string, offset: number, word: number])[]): string {
  const place = newFolder();
  cpSync(linux, place, { recursive: true });
  for (const [file, offset, word] of edits) {
    const bytes = readFileSync(path.join(place, file));
    bytes.writeUInt32LE(word, offset);
    writeFileSync(path.join(place, file), bytes);
  }
  // The same bytes stand in a text, which is believed before raw ones.
  rmSync(path.join(place, "itt.xp.txt"));
  return place;
}

function captured(damage: (guest: GuestCapture) => void = () => undefined): string {
  const guest = new GuestCapture();
  damage(guest);
  const place = newFolder();
  mkdirSync(place);
  for (const { name, content } of guest.files) {
    writeFileSync(path.join(place, name), "text" in content ? content.text : content.bytes);
  }
  return place;
}

/** Lines of the table with a title, its heading left out. */
function rows(out: string, title: string): string[] {
  const lines = out.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${title}: `));
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 2, end).map((line) => line.replace(/ {2,}/g, " | "));
}

describe("gicwb diff", () => {
  it("finds nothing between a guest and itself: code 0", async () => {
    const place = captured();
    const { code, out } = await gicwb("diff", place, place);
    assert.equal(code, 0);
    const side = `${place}: layout kvm-rev0 (Linux KVM, table ABI revision 0); 3 devices, 5 events`;
    assert.equal(out, `A: ${side}\nB: ${side}\n\nWhat is mapped, and the registers, are the same.\n`);
  });

  it("shows edits of the capture of a Linux guest: code 1", async () => {
    const before = edited([]);
    const now = edited([
      // EventID 1 of DeviceID 0x100: LPI 8208 becomes 8222; EventID 4 is unmapped.
      ["itt-dev-0100.bin", 12, (8222 << 2) | 3],
      ["itt-dev-0100.bin", 4 * 12, 0],
      // EventID 0 of DeviceID 0x300 goes to ICID 1.
      ["itt-dev-0300.bin", 4, 1],
      // LPI 8192 is no longer enabled.
      ["lpi-config.bin", 0, 0xa3a3_a3a2],
      ["lpi-pending-cpu2.bin", 1024, 1 << 5],
    ]);
    const { code, out } = await gicwb("diff", before, now);
    assert.equal(code, 1, out);
    assert.deepEqual(rows(out, "Devices"), []);
    assert.deepEqual(rows(out, "Events"), [
      "0x100 | 0x1 | changed | LPI 8208, ICID 0x0, PE 0 | LPI 8222, ICID 0x0, PE 0",
      "0x100 | 0x4 | lost | LPI 8211, ICID 0x3, PE 3 | -",
      "0x300 | 0x0 | changed | LPI 8195, ICID 0x3, PE 3 | LPI 8195, ICID 0x1, PE 1",
    ]);
    assert.ok(rows(out, "LPIs").includes("8197 | pending, PE 2 | yes | not pending | pending"), out);
    assert.match(rows(out, "LPIs")[0], /^8192 \| configuration \| yes \| 0xa[13]: enabled, .* \| 0xa2: not enabled, /);
    assert.deepEqual(rows(out, "Registers"), []);
  });

  it("tells devices that are added, lost, moved and resized", async () => {
    const before = captured();
    const now = captured((guest) => {
      guest
        .device(8, 12, 5)
        .device(20, 4, 4, at.itt(40))
        .word(at.devices + 12 * 8, 0n)
        .device(24, 0, 1);
      for (let event = 0; event < 16; event++) {
        const from = at.itt(20) + event * 8 - at.ram;
        guest.word(at.itt(40) + event * 8, guest.memory.getBigUint64(from, true));
      }
    });
    const { code, out } = await gicwb("diff", before, now);
    assert.equal(code, 1);
    assert.deepEqual(rows(out, "Devices"), [
      "0x8 | changed | ITT 0x40180800, 4 EventID bits, 3 mapped | ITT 0x40180800, 5 EventID bits, 3 mapped",
      "0xc | lost | ITT 0x40180c00, 4 EventID bits, 1 mapped | -",
      "0x14 | moved | ITT 0x40181400, 4 EventID bits, 1 mapped | ITT 0x40182800, 4 EventID bits, 1 mapped",
      "0x18 | added | - | ITT 0x40181800, 1 EventID bit, 0 mapped",
    ]);
    assert.deepEqual(rows(out, "Events"), []);
  });

  it("lists entries that differ in next alone apart, and does not count them: code 0", async () => {
    const before = captured();
    const now = captured((guest) => guest.device(8, 12).event(8, 0, ite(8192, 0, 15)));
    const { code, out } = await gicwb("diff", before, now);
    assert.equal(code, 0);
    assert.match(out, /\nWhat is mapped, and the registers, are the same\.\n/);
    assert.deepEqual(rows(out, "The same but for next"), [
      "device table | 0x8 | 0x8008000008030103 | 0x8018000008030103",
      "ITT | 0x8 | 0x0 | 0x0005000020000000 | 0x000f000020000000",
    ]);
  });

  it("says which collections moved, with how many events, and which registers differ", async () => {
    const now = captured((guest) => {
      guest.word(at.collections + 8, cte(1, 0)).word(at.collections + 16, cte(2, 1));
      guest.registers.set(0x808_0000, 0x4b00_043b_0000_0000n);
    });
    const { code, out } = await gicwb("diff", captured(), now);
    assert.equal(code, 1);
    assert.deepEqual(rows(out, "Collections"), ["0x1 | changed | 2 | PE 1 | PE 0", "0x2 | added | 0 | - | PE 1"]);
    assert.deepEqual(rows(out, "Events"), []);
    assert.deepEqual(rows(out, "Registers"), ["GITS_CTLR | 0x1 | 0x0"]);
  });

  it("does not call lost what the other side has no bytes of: code 6", async () => {
    const place = captured();
    const part = newFolder();
    mkdirSync(part);
    const memory = readFileSync(path.join(place, "mem-0x40000000.bin"));
    // All but the ITTs, and the last page of the device table.
    writeFileSync(path.join(part, "mem-0x40000000.bin"), memory.subarray(0, at.itt(0) - at.ram));
    cpSync(path.join(place, "registers.txt"), path.join(part, "registers.txt"));
    const { code, out } = await gicwb("diff", place, part);
    assert.equal(code, 6, out);
    assert.match(out, /\nWhat both have is the same\.\n/);
    assert.match(out, /Not compared:\n {2}5 events of one side: the other has no bytes there\n/);
  });

  it("compares saved machines, all of their registers", async () => {
    const script = path.join(folder, "one.itscmd");
    const lines = [
      "MAPC ICID=0, RDbase=1",
      "MAPD DeviceID=2, ITT_addr=0x40400000, Size=7",
      "MAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=0",
    ];
    writeFileSync(script, lines.join("\n"));
    assert.equal((await gicwb("state", "save", script, "-o", path.join(folder, "a.json"))).code, 0);
    writeFileSync(script, [...lines, "INT DeviceID=2, EventID=20", "user-write GICD_CTLR = 0x10"].join("\n"));
    assert.equal((await gicwb("state", "save", script, "-o", path.join(folder, "b.json"))).code, 0);
    const { code, out } = await gicwb("diff", path.join(folder, "a.json"), path.join(folder, "b.json"));
    assert.equal(code, 1);
    assert.deepEqual(rows(out, "LPIs"), ["8195 | pending, PE 1 | yes | not pending | pending"]);
    const names = rows(out, "Registers").map((row) => row.split(" | ")[0]);
    assert.deepEqual(names, ["GICD_CTLR", "GITS_CREADR", "GITS_CWRITER"]);
  });

  it("prints all of it as JSON", async () => {
    const { code, out } = await gicwb(
      "diff",
      "--json",
      captured(),
      captured((guest) => guest.device(20, 0, 3)),
    );
    assert.equal(code, 1);
    const { same, devices, events } = JSON.parse(out);
    assert.equal(same, false);
    assert.deepEqual(events, []);
    const { deviceId, change, a, b } = devices[0];
    assert.deepEqual([deviceId, change, a.ittAddress, a.eventBits, b.eventBits], [20, "changed", "0x40181400", 4, 3]);
    assert.equal(a.entry, "0x8000000008030283");
  });

  it("ends with 2 where an input is missing or holds no tables, as diff(1) does", async () => {
    const { code, err } = await gicwb("diff", captured(), path.join(folder, "nothing"));
    assert.equal(code, 2);
    assert.match(err, /GICWB-FILE-MISSING/);
    assert.equal((await gicwb("diff", captured(), path.join(examples, "first-msi.itscmd"))).code, 2);
  });
});
