import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { readDump } from "../../dumps/read-dump.ts";
import { CORE_BASE, madeCore, recordedCore } from "../dumps/cores/cores.ts";
import { matrixTables } from "../dumps/matrix/tables.ts";

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "cli/main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-cores-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** gicwb with less memory than the cores have. */
function gicwb(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=128", main, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const RAM = 0x4000_0000;
const SIZE = 2 ** 30;
const LINUX = "examples/captures/linux-6.1-qemu-gicv3";

/** A core of 1 GiB of RAM with files of the Linux capture at their addresses. */
function linuxCore(name: string): string {
  const { deviceTableL1, deviceTableL2, collectionTable, lpiConfig, lpiPending, itts } = JSON.parse(
    readFileSync(path.join(root, LINUX, "addresses.json"), "utf8"),
  );
  const files: [string, string][] = [
    ["device-table-l1.bin", deviceTableL1],
    ["device-table-l2-0.bin", deviceTableL2["0"]],
    ["lpi-config.bin", lpiConfig],
    ...lpiPending.map((address: string, pe: number) => [`lpi-pending-cpu${pe}.bin`, address]),
    ...itts.map(({ device, address }: { device: string; address: string }) => [
      `itt-dev-${device.slice(2).padStart(4, "0")}.bin`,
      address,
    ]),
  ];
  const place = path.join(folder, name);
  const handle = openSync(place, "w");
  const head = madeCore([{ physical: BigInt(RAM), inFile: BigInt(SIZE), inMemory: BigInt(SIZE) }]);
  writeSync(handle, head);
  ftruncateSync(handle, head.length + SIZE);
  for (const [from, address] of files) {
    writeSync(handle, readFileSync(path.join(root, LINUX, from)), 0, undefined, head.length + Number(address) - RAM);
  }
  // This one is in the capture as text.
  const { memory } = readDump(readFileSync(path.join(root, LINUX, "collection-table.xp.txt")));
  for (const { address, length } of memory.spans(Number(collectionTable), Number(collectionTable) + 0x10000))
    writeSync(handle, memory.read(address, length) ?? new Uint8Array(), 0, undefined, head.length + address - RAM);
  closeSync(handle);
  return place;
}

describe("gicwb decode of a core", () => {
  const base = ["--as", "device-table", "--base", `0x${CORE_BASE.toString(16)}`];

  it("says how it is read, and decodes the table at its address", () => {
    const core = file("qemu.core", recordedCore("qemu-dump-guest-memory"));
    const { status, stdout, stderr } = gicwb("decode", core, ...base, "--size", "0x10000");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(
      stdout,
      /^ELF core: ELF64 core, AArch64, little-endian; 1 segment at physical addresses \(p_paddr\)\n/,
    );
    assert.match(stdout, /device-table at 0x40100000, flat, 3 valid entries; layout kvm-rev0/);
    const { core: facts, readingText, tables } = JSON.parse(gicwb("decode", core, ...base, "--json").stdout);
    assert.deepEqual([facts.addresses, tables[0].rowCount], ["physical", 3]);
    assert.match(readingText, /p_paddr/);
  });

  it("ends with 3 where what is behind the table may have been taken for it, and tells segments that are left out", () => {
    const core = file("gdb.core", recordedCore("gdb-gcore"));
    const { status, stdout, stderr } = gicwb("decode", core, ...base);
    assert.equal(status, 3);
    assert.match(stdout, /warning: .* nothing says how long the table is: --size BYTES/);
    assert.match(stderr, /gdb\.core, offset 0x158: Segment 5: its address 0xffffffffff600000 .* \[GIC-DUMP-CORE\]/);
  });

  it("refuses what it cannot know: a core without a base, one without memory, a queue's script of one", () => {
    const core = file("q.core", recordedCore("qemu-dump-guest-memory"));
    const without = gicwb("decode", core, "--as", "device-table");
    assert.equal(without.status, 2);
    assert.match(without.stderr, /nothing in it says where a table is/);
    const cut = gicwb("decode", file("cut.core", recordedCore("qemu-dump-guest-memory").subarray(0, 100)), ...base);
    assert.equal(cut.status, 1);
    assert.match(cut.stderr, /has no memory that can be read\. .*GICWB-CORE/);
    const script = gicwb("disassemble", core);
    assert.equal(script.status, 1);
    assert.match(script.stderr, /--as command-queue --base/);
  });

  it("is read from standard input, too", () => {
    const { status, stdout } = spawnSync(process.execPath, [main, "decode", "-", ...base, "--size", "256"], {
      input: recordedCore("qemu-dump-guest-memory"),
      encoding: "utf8",
    });
    assert.equal(status, 0);
    assert.match(stdout, /3 valid entries/);
  });

  it("of 1 GiB is decoded where a level-1 table is, with its pages", () => {
    const { status, stdout } = gicwb("decode", linuxCore("big.core"), "--as", "device-table", "--base", "0x425a0000");
    assert.equal(status, 0);
    assert.match(stdout, /device-table at 0x425a0000, two-level, 6 valid entries; layout qemu/);
    assert.doesNotMatch(stdout, /warning/);
  });
});

describe("a core in a capture", () => {
  const place = (name: string) => path.join(root, LINUX, name);

  it("is the memory that registers and logs point into: the same devices as from single files", () => {
    const core = linuxCore("ram.core");
    const whole = JSON.parse(gicwb("decode", LINUX, "--json").stdout);
    const { status, stdout } = gicwb("decode", core, place("registers.txt"), place("boot.log"), "--json");
    const report = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.deepEqual(report.devices, whole.devices);
    assert.deepEqual(report.interrupts, whole.interrupts);
    assert.deepEqual([report.missing, report.unplaced, report.problems], [[], [], []]);
    copyFileSync(place("registers.txt"), path.join(folder, "registers.txt"));
    const trace = gicwb("trace-msi", folder, "0x8", "0");
    assert.match(trace.stdout, /pending bit/);
  });

  it("is not used when it is a program's, and that is said", () => {
    const core = file("program.core", recordedCore("gdb-gcore"));
    const { stderr } = gicwb("decode", core, place("registers.txt"));
    assert.match(stderr, /program\.core: it is the core of a program: its addresses are virtual ones/);
    assert.match(stderr, /program\.core: offset 0x158: Segment 5: /);
  });
});

describe("the table of the matrix", () => {
  it("is in a core made by hand, too", () => {
    const core = file("made.core", madeCore([{ physical: BigInt(RAM), bytes: matrixTables["lpi-config"] }]));
    const { status, stdout } = gicwb("decode", core, "--as", "lpi-config", "--base", "0x40000000");
    assert.equal(status, 0);
    assert.match(stdout, /lpi-config at 0x40000000/);
  });
});

describe("gicwb decode of raw bytes", () => {
  it("reads what is looked at, of a file that is larger than any that is read whole", () => {
    const place = path.join(folder, "pmemsave.bin");
    const words = new BigUint64Array([0x8000_0000_0808_0007n, 0n]);
    const handle = openSync(place, "w");
    writeSync(handle, new Uint8Array(words.buffer));
    ftruncateSync(handle, 3 * 2 ** 30);
    closeSync(handle);
    const { status, stdout, stderr } = gicwb("decode", place, "--as", "device-table", "--base", "0x40000000");
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(stdout, /^device-table at 0x40000000, flat, 1 valid entry; layout kvm-rev0/);
    assert.match(stdout, /0x40400000 +8 +0 +0x40000000$/m);
  });
});
