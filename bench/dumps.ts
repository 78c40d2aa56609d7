// Speed of reading hex dumps and decoding tables:  node bench/dumps.ts [MiB of text]
// Prints MiB of text a second, and `xxd -r` beside it where it is installed. Numbers are medians of 5 warm runs.
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DumpMemory } from "../dumps/memory.ts";
import { readDump } from "../dumps/read-dump.ts";
import { decodeTable } from "../dumps/tables/decode-table.ts";

const MIB = 1024 * 1024;
const wanted = Number(process.argv[2] ?? 64) * MIB;
const RUNS = 5;

/** One line of a format for 16 bytes. */
type Writer = (address: number, words: readonly [bigint, bigint], bytes: Uint8Array) => string;

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, "0");
const text = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
const pairs = (bytes: Uint8Array) => Array.from(bytes, (byte) => hex(byte, 2));

const writers: Readonly<Record<string, Writer>> = {
  xxd: (address, _, bytes) => {
    const groups = pairs(bytes)
      .join("")
      .replace(/(.{4})(?=.)/g, "$1 ");
    return `${hex(address, 8)}: ${groups}  ${text(bytes)}\n`;
  },
  "xxd -e -g8": (address, [a, b], bytes) => `${hex(address, 8)}: ${hex(a, 16)} ${hex(b, 16)}  ${text(bytes)}\n`,
  "hexdump -C": (address, _, bytes) => {
    const digits = pairs(bytes);
    return `${hex(address, 8)}  ${digits.slice(0, 8).join(" ")}  ${digits.slice(8).join(" ")}  |${text(bytes)}|\n`;
  },
  "od -t x8": (address, [a, b]) => `${hex(address, 6)} ${hex(a, 16)} ${hex(b, 16)}\n`,
  "QEMU xp": (address, [a, b]) => `${hex(address, 16)}: 0x${hex(a, 16)} 0x${hex(b, 16)}\n`,
  "gdb, symbols": (address, [a, b]) =>
    `0x${hex(address, 8)} <device_table+${address & 0xfffff}>:\t0x${hex(a, 16)}\t0x${hex(b, 16)}\n`,
};

for (const [name, write] of Object.entries(writers)) {
  const dump = makeText(write);
  const read = () => readDump(dump);
  const document = read();
  const seconds = median(read);
  const line = `${name.padEnd(14)} ${rate(dump.length, seconds)}  (${document.problemCount} problems, ${(document.memory.size / MIB).toFixed(0)} MiB of bytes)`;
  console.log(name === "xxd" ? `${line}   xxd -r: ${xxdRate(dump)}` : line);
}
benchTable();
benchCore();

/** Device table lines: three of four entries valid, every value different. */
function makeText(write: Writer): Uint8Array {
  const out = new Uint8Array(wanted + 1024);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let address = 0x4000_0000; at < wanted; address += 16) {
    const words: [bigint, bigint] = [dte(address / 8), dte(address / 8 + 1)];
    view.setBigUint64(0, words[0], true);
    view.setBigUint64(8, words[1], true);
    const line = write(address, words, bytes);
    for (let i = 0; i < line.length; i++) out[at++] = line.charCodeAt(i);
  }
  return out.subarray(0, at);
}

function dte(id: number): bigint {
  return id % 4 === 3 ? 0n : (1n << 63n) | (1n << 49n) | (BigInt((0x5000_0000 + id * 256) >>> 8) << 5n) | 7n;
}

function benchTable(): void {
  const bytes = new Uint8Array(16 * MIB);
  const view = new DataView(bytes.buffer);
  for (let id = 0; id < bytes.length / 8; id++) view.setBigUint64(id * 8, dte(id), true);
  const memory = new DumpMemory([{ address: 0x4000_0000, bytes }]);
  const seconds = median(() => decodeTable(memory, "device-table", { layout: "kvm-rev0", levels: 1 }));
  console.log(`index of ${bytes.length / 8} DTEs: ${(seconds * 1000).toFixed(1)} ms`);
}

/** Headers of an ELF64 core with one segment behind them. */
function coreHead(base: number, size: number): Uint8Array {
  const head = new Uint8Array(64 + 56);
  const view = new DataView(head.buffer);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  for (const [at, value] of [
    [16, 4],
    [18, 183],
    [54, 56],
    [56, 1],
  ])
    view.setUint16(at, value, true);
  view.setBigUint64(32, 64n, true);
  view.setUint32(64, 1, true);
  for (const [at, value] of [
    [72, head.length],
    [88, base],
    [96, size],
    [104, size],
  ])
    view.setBigUint64(at, BigInt(value), true);
  return head;
}

/** A core of 1 GiB with one page of a device table in it; the rest of the file is a hole. */
function benchCore(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  try {
    const core = path.join(folder, "machine.core");
    const base = 0x4000_0000;
    const size = 1024 * MIB;
    const table = new Uint8Array(0x10000);
    const view = new DataView(table.buffer);
    for (let id = 0; id < table.length / 8; id++) view.setBigUint64(id * 8, dte(id), true);
    const head = coreHead(base, size);
    const handle = openSync(core, "w");
    writeSync(handle, head);
    ftruncateSync(handle, head.length + size);
    writeSync(handle, table, 0, table.length, head.length + size / 2);
    closeSync(handle);
    const place = `0x${(base + size / 2).toString(16)}`;
    const child = path.join(import.meta.dirname, "core-process.ts");
    const runs = Array.from({ length: RUNS }, () => {
      const { stdout, stderr } = spawnSync(process.execPath, [child, core, place], { encoding: "utf8" });
      if (stderr !== "") throw new Error(stderr);
      return JSON.parse(stdout) as { rows: number; milliseconds: number; mebibytes: number };
    }).sort((a, b) => a.milliseconds - b.milliseconds);
    const { rows, milliseconds, mebibytes } = runs[RUNS >> 1];
    console.log(
      `core of 1 GiB, ${rows} rows of a table in it: ${milliseconds.toFixed(0)} ms, ${mebibytes.toFixed(0)} MiB in all`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(run: () => unknown): number {
  const times: number[] = [];
  for (let i = 0; i < RUNS + 2; i++) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) / 1000);
  }
  return times.slice(2).sort((a, b) => a - b)[RUNS >> 1];
}

function rate(bytes: number, seconds: number): string {
  return `${(bytes / MIB / seconds).toFixed(0).padStart(5)} MiB/s`;
}

function xxdRate(dump: Uint8Array): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  try {
    const file = path.join(folder, "dump.txt");
    // xxd -r seeks to the first address: the text is made relative so that it does not write a gigabyte of hole.
    writeFileSync(file, dump);
    let failed = false;
    const seconds = median(() => {
      failed ||= spawnSync("xxd", ["-r", "-s", "-0x40000000", file, path.join(folder, "out.bin")]).status !== 0;
    });
    return failed ? "not installed" : rate(dump.length, seconds).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
