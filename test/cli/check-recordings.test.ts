import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { errnoName } from "../../emulator/index.ts";
import { Fields } from "../conformance/fields.ts";
import { Findings } from "../conformance/findings.ts";
import { KvmReplay } from "../conformance/kvm-replay.ts";
import type { KvmVmOptions } from "../conformance/target.ts";
import { CapturedVm, CTRL, RESTORE_TABLES } from "./captured-vm.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A guest as a capture before a RESTORE_TABLES, and what that answered. */
interface Restore {
  readonly capture: string;
  readonly answered: string;
}

/** A VM that writes a capture of itself before each RESTORE_TABLES into an ITS that holds nothing. */
class RestoringVm extends CapturedVm {
  private readonly restores: Restore[];

  constructor(options: KvmVmOptions, restores: Restore[]) {
    super(options);
    this.restores = restores;
  }

  override setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    const isRestore = group === CTRL && attr === RESTORE_TABLES && this.isOnlyIts(device);
    if (!isRestore || this.anyVcpuRunning || !this.isEmpty()) return super.setAttr(device, group, attr, value);
    const capture = path.join(folder, `${this.restores.length}`);
    this.capture(device, capture);
    const errno = super.setAttr(device, group, attr, value);
    this.restores.push({ capture, answered: errnoName(errno) });
    return errno;
  }
}

/** A recording's restores, each compared with what the recording has of it. */
function restoresOf(file: string): Restore[] {
  const restores: Restore[] = [];
  const findings = new Findings();
  const recording = new Fields(JSON.parse(readFileSync(file, "utf8")), file);
  new KvmReplay(recording, { createKvmVm: (options) => new RestoringVm(options, restores) }).run(findings);
  assert.deepEqual(findings.failures, [], file);
  return restores;
}

interface Answer {
  readonly models: readonly {
    readonly model: string;
    readonly answer: string;
    readonly refusal?: { readonly errno: string };
    readonly doubts: readonly object[];
  }[];
}

/** Recordings beside the project are more than those that are copied into it. */
const here = path.resolve(import.meta.dirname, "../vectors/kvm");
const beside = path.resolve(import.meta.dirname, "../../../shared/vectors/kvm");
const vectors = existsSync(beside) ? beside : here;

describe("gicwb check on dumps of the recordings' guests", () => {
  for (const kernel of ["5.10", "6.1", "6.12", "7.2", "7.3"]) {
    // Tables as they were saved are the same in each.
    const names = kernel === "7.2" ? "*" : "*{corrupt,restore,twice,second}*";
    const files = [
      ...globSync(`${vectors}/its/${kernel}/${names}.json`),
      ...globSync(`${vectors}/its_high/${kernel}-max/*.json`),
    ];
    if (files.length === 0) continue;
    it(`Linux ${kernel}: the errno that it gave, with nothing left in doubt`, async () => {
      let corrupt = 0;
      let refused = 0;
      for (const file of files.sort()) {
        const restores = restoresOf(file);
        for (const { capture, answered } of restores) {
          const { code, out } = await gicwb("check", "--json", "--model", `kvm-${kernel}`, capture);
          const [verdict] = (JSON.parse(out) as Answer).models;
          const said = verdict.answer === "restored" ? "OK" : (verdict.refusal?.errno ?? verdict.answer);
          assert.equal(said, answered, file);
          assert.deepEqual(verdict.doubts, [], file);
          assert.equal(code === 4, answered !== "OK", file);
          if (!file.includes("_corrupt_")) continue;
          corrupt++;
          if (answered !== "OK") refused++;
        }
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder);
      }
      assert.equal(corrupt, 38);
      assert.equal(refused, { "5.10": 15, "6.1": 19, "6.12": 19, "7.2": 19, "7.3": 19 }[kernel]);
    });
  }
});
