import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { offsetOf } from "../../architecture/index.ts";
import { Errno, errnoName, type MemoryRun } from "../../emulator/index.ts";
import { hexLines } from "../../runner/saved-machines/hex-lines.ts";
import { SavedMemory } from "../../runner/saved-machines/saved-memory.ts";
import { EmulatorVm } from "../conformance/emulator-vm.ts";
import { Fields } from "../conformance/fields.ts";
import { Findings } from "../conformance/findings.ts";
import { KvmReplay } from "../conformance/kvm-replay.ts";
import type { KvmVmOptions } from "../conformance/target.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const CTRL = 4;
const RESTORE_TABLES = 2n;
const ITS_REGS = 8;
const REDIST_REGS = 5;
const ITS_BASE = 0x808_0000;
const GICR_BASE = 0x80a_0000;

const noPage = new Uint8Array(4096);

/** A guest's memory and registers as dumps, before a RESTORE_TABLES, and what that answered. */
interface Restore {
  readonly capture: string;
  readonly answered: string;
}

/** A VM that writes a capture of itself before each RESTORE_TABLES into an ITS that holds nothing. */
class CapturedVm extends EmulatorVm {
  private readonly slots: { base: number; bytes: number }[] = [];
  private readonly itss: string[] = [];
  private readonly restores: Restore[];
  private cpus = 0;

  constructor(options: KvmVmOptions, restores: Restore[]) {
    super(options);
    this.restores = restores;
  }

  override addMemslot(slot: number, gpa: bigint, size: bigint): number {
    this.slots.push({ base: Number(gpa), bytes: Number(size) });
    return super.addMemslot(slot, gpa, size);
  }

  override createVcpus(count: number): number {
    this.cpus += count;
    return super.createVcpus(count);
  }

  override createDevice(name: string, type: string): number {
    const errno = super.createDevice(name, type);
    if (errno === Errno.OK && type === "VGIC_ITS") this.itss.push(name);
    return errno;
  }

  override setAttr(device: string, group: number, attr: bigint, value: bigint): number {
    const isRestore = group === CTRL && attr === RESTORE_TABLES && this.itss.length === 1 && this.itss[0] === device;
    if (!isRestore || this.anyVcpuRunning || !this.isPlaced(device) || !this.isEmpty())
      return super.setAttr(device, group, attr, value);
    const capture = this.capture(device);
    const errno = super.setAttr(device, group, attr, value);
    this.restores.push({ capture, answered: errnoName(errno) });
    return errno;
  }

  private isPlaced(its: string): boolean {
    return this.getAttr(its, ITS_REGS, 0n).errno === Errno.OK;
  }

  private isEmpty(): boolean {
    const { tables } = this.system.itss[0].state;
    return tables.deviceFrom(0) === 0 && !this.hasCollection();
  }

  private hasCollection(): boolean {
    let found = false;
    this.system.itss[0].state.tables.forEachCollection(() => {
      found = true;
      return false;
    });
    return found;
  }

  /** What a person would take out of the guest: its registers, its memory as hex text, and where RAM is. */
  private capture(its: string): string {
    const place = path.join(folder, `${this.restores.length}`);
    mkdirSync(place);
    writeFileSync(path.join(place, "registers.txt"), this.registers(its).join("\n"));
    writeFileSync(path.join(place, "memory.txt"), this.memory().join("\n"));
    writeFileSync(path.join(place, "guest.giccap.json"), JSON.stringify({ ram: this.slots }));
    return place;
  }

  private registers(its: string): string[] {
    const wide = (device: string, group: number, attr: bigint): bigint => this.getAttr(device, group, attr).value;
    const lines: string[] = [];
    const line = (address: number, value: bigint): void => {
      lines.push(`0x${address.toString(16).padStart(8, "0")}: 0x${value.toString(16).padStart(16, "0")}`);
    };
    line(ITS_BASE, wide(its, ITS_REGS, 0n) | (wide(its, ITS_REGS, 4n) << 32n));
    for (const name of ["GITS_TYPER", "GITS_CBASER", "GITS_CWRITER", "GITS_CREADR", "GITS_BASER0", "GITS_BASER1"]) {
      line(ITS_BASE + offsetOf(name), wide(its, ITS_REGS, BigInt(offsetOf(name))));
    }
    for (let pe = 0; pe < this.cpus; pe++) {
      for (const name of ["GICR_PROPBASER", "GICR_PENDBASER"]) {
        const at = (BigInt(pe) << 32n) | BigInt(offsetOf(name));
        const value = wide("gic", REDIST_REGS, at) | (wide("gic", REDIST_REGS, at + 4n) << 32n);
        line(GICR_BASE + pe * 0x2_0000 + offsetOf(name), value);
      }
    }
    return lines;
  }

  private memory(): string[] {
    const memory: MemoryRun[] = [];
    for (const { base, bytes } of this.slots) {
      const view = this.viewMemory(BigInt(base), bytes);
      assert.ok(view !== undefined);
      for (let at = 0; at < bytes; at += 4096) {
        const page = view.subarray(at, at + 4096);
        if (Buffer.compare(page, noPage) !== 0) memory.push({ address: base + at, bytes: page.slice() });
      }
    }
    const shape = { cpus: 1, gicVersion: 3, secure: false, ram: this.slots, its: [] } as const;
    const saved = new SavedMemory({ shape, memory });
    return this.slots.flatMap(({ base, bytes }) => [
      ...hexLines(saved, { from: base, to: base + bytes }, { lineBytes: 16, wordBytes: 8 }),
    ]);
  }
}

/** A recording's restores, each compared with what the recording has of it. */
function restoresOf(file: string): Restore[] {
  const restores: Restore[] = [];
  const findings = new Findings();
  const recording = new Fields(JSON.parse(readFileSync(file, "utf8")), file);
  new KvmReplay(recording, { createKvmVm: (options) => new CapturedVm(options, restores) }).run(findings);
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
