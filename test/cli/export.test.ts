import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-export-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content = ""): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const script = file("queue.itscmd", "MAPC ICID=1, RDbase=2\nSYNC RDbase=2\n");
const to = async (form: string, ...more: readonly string[]) =>
  (await gicwb("assemble", script, "--to", form, ...more)).out;

describe("gicwb assemble --to", () => {
  test("raw", async () => {
    const output = path.join(folder, "queue.bin");
    await to("raw", "-o", output);
    assert.equal(readFileSync(output).readBigUInt64LE(16), 0x8000000000020001n);
    assert.equal((await gicwb("assemble", script, "--to", "raw")).code, 2);
  });
  test("xxd, which disassembles again", async () => {
    const text = await to("xxd", "--base", "0x40010000");
    assert.equal(text.split("\n")[0], "40010000: 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................");
    const { out } = await gicwb("disassemble", file("queue.xxd", text));
    assert.deepEqual(out.split("\n").slice(0, 2), ["MAPC ICID=1, RDbase=2", "SYNC RDbase=2"]);
  });
  test("c", async () => {
    assert.match(await to("c"), /static const uint64_t its_commands\[2\]\[4\] = \{\n\t\{ 0x0000000000000009, /);
  });
  test("u-boot, gdb and qtest write to the machine's queue, or to an address", async () => {
    assert.match(await to("u-boot"), /^# MAPC ICID=1, RDbase=2\nmw\.q 0x400[0-9a-f]{5} 0x0000000000000009$/m);
    assert.match(await to("gdb", "--base", "0x1000"), /^set \{unsigned long long\}0x00001010 = 0x8000000000020001$/m);
    const lines = (await to("qtest", "--base", "0x1000")).trim().split("\n");
    assert.equal(lines.length, 8);
    assert.equal(lines[4], "writeq 0x00001020 0x0000000000000005");
  });
});

describe("gicwb format", () => {
  test("changes files in place, and --check says which it would change", async () => {
    const good = file("good.itscmd", "SYNC RDbase=0\n");
    const bad = file("bad.itscmd", "sync  rdbase = 0\n");
    const checked = await gicwb("format", "--check", good, bad);
    assert.equal(checked.code, 1);
    assert.match(checked.out, /^[^\n]*bad\.itscmd: is not in the one form/);
    assert.equal(readFileSync(bad, "utf8"), "sync  rdbase = 0\n");
    assert.equal((await gicwb("format", good, bad)).code, 0);
    assert.equal(readFileSync(bad, "utf8"), "SYNC RDbase=0\n");
    assert.equal((await gicwb("format", "--check", good, bad)).code, 0);
  });
  test("what cannot be read as a script is refused", async () => {
    assert.equal((await gicwb("format", file("binary.itscmd", "a\0b"))).code, 1);
  });
});
