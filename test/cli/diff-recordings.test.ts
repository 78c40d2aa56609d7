import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { Fields } from "../conformance/fields.ts";
import { Findings } from "../conformance/findings.ts";
import { KvmReplay } from "../conformance/kvm-replay.ts";
import type { KvmVmOptions } from "../conformance/target.ts";
import { CapturedVm, CTRL, SAVE_TABLES } from "./captured-vm.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-diff-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const vectors = path.resolve(import.meta.dirname, "../vectors/kvm/its/7.2");

/** A VM that writes a capture of itself after each SAVE_TABLES. */
class SavingVm extends CapturedVm {
  private readonly captures: string[];

  constructor(options: KvmVmOptions, captures: string[]) {
    super(options);
    this.captures = captures;
  }

  override setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    const errno = super.setAttr(device, group, attr, value);
    if (group === CTRL && attr === SAVE_TABLES && this.isOnlyIts(device)) {
      const capture = path.join(folder, `${this.captures.length}`);
      this.captures.push(capture);
      this.capture(device, capture);
    }
    return errno;
  }
}

/** Captures of a recording's source, after its save, and of its destination, when that has restored the tables and saved them again. */
function migration(name: string): [source: string, destination: string] {
  rmSync(folder, { recursive: true, force: true });
  const captures: string[] = [];
  const findings = new Findings();
  const recording = new Fields(JSON.parse(readFileSync(path.join(vectors, `${name}.json`), "utf8")), name);
  new KvmReplay(recording, { createKvmVm: (options) => new SavingVm(options, captures) }).run(findings);
  assert.deepEqual(findings.failures, [], name);
  const [source, destination] = captures;
  return [source, destination];
}

describe("gicwb diff of a recorded migration's source and destination", () => {
  for (const name of ["its_corrupt_none", "its_corrupt_2l_none"]) {
    it(`${name}: the same`, async () => {
      const { code, out } = await gicwb("diff", ...migration(name));
      assert.equal(code, 0, out);
      assert.match(out, /\nWhat is mapped, and the registers, are the same\.\n/);
    });
  }

  const lossy: readonly (readonly [name: string, ...lines: RegExp[]])[] = [
    ["its_corrupt_dte_next_zero", /^0xc +lost +ITT 0x40480000, 4 EventID bits, 1 mapped +-$/m],
    ["its_corrupt_dte_invalid", /^0x8 +lost +ITT 0x40400000, 4 EventID bits, 3 mapped +-$/m],
    ["its_corrupt_ite_next_skip", /^0x8 +0x5 +lost +LPI 8193, ICID 0x1, PE 1 +-$/m],
    ["its_corrupt_cte_rd_unmapped", /^0x0 +changed +3 +PE 0 +no PE$/m],
    ["its_corrupt_cte_no_terminator", /^0x9 +added +0 +- +PE 0$/m],
    ["its_corrupt_ite_lpi_dup", /^0x8 +0x5 +changed +LPI 8193, ICID 0x1, PE 1 +LPI 8192, ICID 0x1, PE 1$/m],
  ];
  for (const [name, ...lines] of lossy) {
    it(`${name}: what the restore lost or changed`, async () => {
      const { code, out } = await gicwb("diff", ...migration(name));
      assert.equal(code, 1, out);
      for (const line of lines) assert.match(out, line);
    });
  }
});
