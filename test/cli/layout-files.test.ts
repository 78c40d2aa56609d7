import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { type EntryLayout, layouts } from "../../architecture/index.ts";
import { describedEntries } from "../../dumps/layout-files/index.ts";
import { gicwb } from "./gicwb.ts";

const examples = path.resolve(import.meta.dirname, "../../examples");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-layouts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const DTES = readFileSync(path.join(examples, "kvm-6.1-device-table.gicdump"), "utf8").replace(/^#.*\n/gm, "");

/** A dump beside a layout file, in a folder of its own. */
function dump(name: string, hint: string): string {
  const place = path.join(folder, name);
  mkdirSync(place, { recursive: true });
  cpSync(path.join(examples, "kvm.giclayout.json"), path.join(place, "kvm.giclayout.json"));
  const file = path.join(place, "table.gicdump");
  writeFileSync(file, `# gic: table=device-table layout=${hint}\n${DTES}`);
  return file;
}

/** A layout of the architecture as a file would have it. */
function asFile(name: string, known: keyof typeof layouts): string {
  const tables = describedEntries.flatMap(({ table, kind }) => {
    const entry = layouts[known].entries[kind];
    return entry === undefined || kind === "level1" ? [] : [[table, entryAsFile(entry)]];
  });
  return JSON.stringify({ name, ...Object.fromEntries(tables) });
}

function entryAsFile({ bytes, indexedBy, validField, fields }: EntryLayout): object {
  return {
    bytes,
    valid: validField,
    ...(indexedBy === "packed" ? { list: true } : {}),
    fields: fields.map(({ name, msb, lsb, shift, plus, role, unit, values = [] }) => ({
      name,
      bits: `${msb}:${lsb}`,
      shift,
      plus,
      role,
      unit: unit === "address" ? undefined : unit,
      values: Object.fromEntries(values.map((value) => [value.value, value.name])),
    })),
  };
}

describe("a layout file that a dump names", () => {
  it("beside it decodes it", async () => {
    const { code, out, err } = await gicwb("decode", dump("beside", "kvm.giclayout.json"));
    assert.equal(err, "");
    assert.equal(code, 0);
    assert.match(out, /3 valid entries; layout kvm-by-file \(given\)\n/);
    assert.match(out, /\n {4}0x64 {3}0x40500000 {13}8 {5}0 {2}0x40100320\n/);
  });

  it("is not opened outside of the dump's folder, by no way", async () => {
    const outside = path.join(folder, "outside.giclayout.json");
    cpSync(path.join(examples, "kvm.giclayout.json"), outside);
    for (const word of ["../outside.giclayout.json", "a/../../outside.giclayout.json", "..\\outside.giclayout.json"]) {
      const { code, err } = await gicwb("decode", dump("up", word));
      assert.equal(code, 1);
      assert.match(
        err,
        /The layout file "[^"]*outside\.giclayout\.json" is outside the folder .*; put it beside the dump/,
      );
    }
    for (const word of [outside, "file:///etc/x.json", "C:\\x.json"]) {
      const { code, err } = await gicwb("decode", dump("up", word));
      assert.equal(code, 1);
      assert.match(err, /has to be named by its way from the dump/);
    }
    const file = dump("link", "linked.giclayout.json");
    symlinkSync(outside, path.join(path.dirname(file), "linked.giclayout.json"));
    assert.match((await gicwb("decode", file)).err, /is outside the folder/);
  });

  it("that is missing or wrong is said, and nothing is guessed instead", async () => {
    const missing = await gicwb("decode", dump("missing", "other.giclayout.json"));
    assert.equal(missing.code, 1);
    assert.match(
      missing.err,
      /table\.gicdump:1:1: layout=other\.giclayout\.json: The layout file .* cannot be read: it is not there/,
    );
    assert.doesNotMatch(missing.out, /valid entries/);
    const file = dump("wrong", "bad.giclayout.json");
    writeFileSync(path.join(path.dirname(file), "bad.giclayout.json"), '{"name": "bad", "itt": 1}');
    const wrong = await gicwb("decode", file);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /layout=bad\.giclayout\.json: bad\.giclayout\.json, itt: 1 is no object/);
  });
});

describe("--layout FILE", () => {
  const linux = path.join(examples, "captures/linux-6.1-qemu-gicv3");
  const byFile = path.join(folder, "qemu.giclayout.json");
  writeFileSync(byFile, asFile("qemu-by-file", "qemu"));

  it("walks a capture as the built-in layout does", async () => {
    const named = JSON.parse((await gicwb("decode", linux, "--json", "--layout", "qemu")).out);
    const read = JSON.parse((await gicwb("decode", linux, "--json", "--layout", byFile)).out);
    assert.equal(named.devices.length, 6);
    assert.equal(read.layout, "qemu-by-file");
    assert.deepEqual(read.devices, named.devices);
    assert.deepEqual(read.interrupts, named.interrupts);
  });

  it("is that of check, diff and trace-msi, too", async () => {
    const check = await gicwb("check", linux, "--layout", byFile);
    assert.match(check.out, /layout qemu-by-file \(qemu-by-file\)/);
    assert.match(
      check.out,
      /KVM restores tables of its own layout, kvm-rev0; these are qemu-by-file\. No kernel was asked\./,
    );
    const diff = await gicwb("diff", linux, linux, "--layout", byFile);
    assert.match(diff.out, /layout qemu-by-file/);
    const [mine, theirs] = [
      await gicwb("trace-msi", linux, "0x8", "0", "--layout", byFile),
      await gicwb("trace-msi", linux, "0x8", "0", "--layout", "qemu"),
    ];
    assert.match(mine.out, /layout qemu-by-file \(qemu-by-file\)\n/);
    assert.equal(mine.out.split("\n").slice(1).join("\n"), theirs.out.split("\n").slice(1).join("\n"));
  });

  it("may be named by a NAME.giccap.json of the capture", async () => {
    const capture = path.join(folder, "capture");
    cpSync(linux, capture, { recursive: true });
    cpSync(byFile, path.join(capture, "soc.giclayout.json"));
    writeFileSync(path.join(capture, "a.giccap.json"), '{"layout": "soc.giclayout.json"}');
    const { out, err } = await gicwb("decode", capture, "--json");
    assert.equal(err, "");
    const { layout, devices } = JSON.parse(out);
    assert.deepEqual([layout, devices.length], ["qemu-by-file", 6]);
  });

  it("is refused with what is wrong, and where", async () => {
    const bad = path.join(folder, "bad.giclayout.json");
    writeFileSync(bad, '{"name": "bad", "itt": {"bytes": 65536}}');
    const { code, err } = await gicwb("decode", path.join(examples, "kvm-6.1-itt.gicdump"), "--layout", bad);
    assert.equal(code, 1);
    assert.match(
      err,
      /bad\.giclayout\.json, itt\.bytes: 65536 is not a number from 1 to 16: GITS_TYPER\.ITT_entry_size/,
    );
    const usage = await gicwb("decode", bad, "--layout", "mine");
    assert.equal(usage.code, 2);
    assert.match(
      usage.err,
      /--layout is one of kvm-rev0, qemu, gem5, xen, or the name of a file NAME\.giclayout\.json, not "mine"/,
    );
  });
});
