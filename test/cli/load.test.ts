import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-load-"));
const scripts = path.join(folder, "scripts");
after(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(path.join(scripts, "below"), { recursive: true });
writeFileSync(path.join(folder, "outside.bin"), "outside");
writeFileSync(path.join(scripts, "beside.bin"), "abcd");
writeFileSync(path.join(scripts, "below", "deep.bin"), "efgh");
symlinkSync(path.join(folder, "outside.bin"), path.join(scripts, "link.bin"));
symlinkSync(folder, path.join(scripts, "up"));
symlinkSync(path.join(scripts, "beside.bin"), path.join(scripts, "inner.bin"));

function load(file: string): string {
  writeFileSync(path.join(scripts, "s.itscmd"), `load "${file}" at 0x43000000\nread mem32[0x43000000]\n`);
  const args = [path.join(root, "cli", "main.ts"), "run", path.join("scripts", "s.itscmd")];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  return stderr === "" ? (/= (0x\w+)/.exec(stdout)?.[1] ?? "") : stderr;
}

describe("load reads beside the script and below", () => {
  test("a file beside it, whatever the working directory", () =>
    assert.equal(load("beside.bin"), "0x0000000064636261"));
  test("one in a folder below", () => assert.equal(load("below/deep.bin"), "0x0000000068676665"));
  test("a link that stays inside", () => assert.equal(load("inner.bin"), "0x0000000064636261"));
  for (const name of [
    "../outside.bin",
    path.join(folder, "outside.bin"),
    "link.bin",
    "up/outside.bin",
    "below/../../outside.bin",
  ])
    test(`not ${path.isAbsolute(name) ? "an absolute name" : name}`, () =>
      assert.match(load(name), /ITS0531: ".*": it is outside the script's folder/));
  for (const [what, ...args] of [
    ["gicwb test", "test"],
    ["gicwb run --portable", "run", "--portable"],
  ])
    test(what, () => {
      const name = path.join(scripts, "t.itscmd");
      writeFileSync(name, 'load "beside.bin" at 0x43000000\nexpect mem32[0x43000000] == 0x64636261\n');
      const all = [path.join(root, "cli", "main.ts"), ...args, name];
      const { status, stdout, stderr } = spawnSync(process.execPath, all, { cwd: folder, encoding: "utf8" });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /1 passed|no line differs/);
    });
  test("a name that does not exist", () => assert.match(load("none.bin"), /there is no such file beside the script/));
  test("a folder", () => assert.match(load("below"), /it is no plain file/));
});
