import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import {
  alternatingPendingBits,
  levelOneByRepeats,
  manySections,
  repeatedAddress,
  sharedAddress,
} from "../dumps/hostile-dumps.ts";

const main = path.resolve(import.meta.dirname, "../../cli/main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-hostile-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Decodes a dump with little memory: what once took gigabytes ends in `Reached heap limit`. */
function decode(name: string, text: string, ...args: string[]) {
  const file = path.join(folder, `${name}.gicdump`);
  writeFileSync(file, text);
  return spawnSync(process.execPath, ["--max-old-space-size=128", main, "decode", file, ...args], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
}

describe("gicwb decode with 128 MiB of heap", () => {
  it("decodes level-1 tables made with `*` up to the limit, and ends with 1 and a sentence", () => {
    const { status, stderr } = decode("level1", levelOneByRepeats(64, 0x20_0000), "--explain", "0");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /61 tables were not decoded, from line 17 on: .* \[GICWB-DUMP-LIMIT\]\n.*dumps of their own\.\n$/,
    );
  });

  it("decodes the pending table of every second LPI", () => {
    const { status, stdout } = decode("pending", alternatingPendingBits(16 << 20), "--explain", "16777214");
    assert.equal(status, 0);
    assert.match(stdout, /^pending bit of INTID 16777214 at 0x401fffff/);
  });

  it("decodes 30,000 sections up to the limit, and ends with 1 and a sentence", () => {
    const { status, stderr } = decode("sections", manySections(30_000), "--explain", "0");
    assert.equal(status, 1);
    assert.match(stderr, /not read as a whole\. Line 32769: The dump has more than 16384 .*\[GICWB-DUMP-LIMIT\]/);
  });

  it("decodes one address given two million times up to the limit, and ends with 1 and a sentence", () => {
    const { status, stdout, stderr } = decode("repeated", repeatedAddress(2_000_000));
    assert.equal(status, 1);
    assert.match(stdout, /note: line 1048578: The dump has more than 1048576 stretches/);
    assert.match(stderr, /not read as a whole\. Line 1048578: .*\[GICWB-DUMP-LIMIT\]/);
  });

  it("decodes sections that give the same addresses, and warns of each", () => {
    const { status, stdout, stderr } = decode("shared", sharedAddress());
    assert.equal(status, 0);
    assert.match(stdout, /^note: bytes from 0x4000000[08] on stand again in line [56], outside this section/m);
    assert.equal(stderr.match(/GIC-DUMP-OVERLAP/g)?.length, 3);
  });
});
