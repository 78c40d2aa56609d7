// Speed of reading hex dumps and decoding tables:  npm run bench -- dumps [MiB of text] [--json]
// Prints MiB of text a second, and `xxd -r` beside it where it is installed. Numbers are medians of 5 warm runs.

import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import os, { tmpdir } from "node:os";
import path from "node:path";
import { layouts } from "../architecture/layouts/index.ts";
import { DumpMemory } from "../dumps/memory.ts";
import { readDump } from "../dumps/read-dump.ts";
import { decodeTable } from "../dumps/tables/decode-table.ts";

const MIB = 1024 * 1024;
const asJson = process.argv.includes("--json");
const wanted = Number(process.argv.slice(2).find((word) => word !== "--json") ?? 64) * MIB;
const RUNS = 5;
/** The program as users have it. */
const cli = path.join(import.meta.dirname, "..", "dist", "gicwb.cjs");

/** What was measured, by name; with the unit in the name. */
const measured: Record<string, number | string> = {
  machine: `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores`,
  node: process.version,
  "load average before": Number(os.loadavg()[0].toFixed(2)),
};
const say = (name: string, value: number, text: string): void => {
  measured[name] = Number(value.toPrecision(3));
  if (!asJson) console.log(text);
};

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
  const speed = dump.length / MIB / median(read);
  const line = `${name.padEnd(14)} ${rate(speed)}  (${document.problemCount} problems, ${(document.memory.size / MIB).toFixed(0)} MiB of bytes)`;
  const peer = name === "xxd" ? xxdSpeed(dump) : undefined;
  say(
    `${name}: MiB/s`,
    speed,
    name === "xxd" ? `${line}   xxd -r: ${peer === undefined ? "not installed" : rate(peer).trim()}` : line,
  );
  if (peer !== undefined) measured["xxd -r: MiB/s"] = Number(peer.toPrecision(3));
}
benchTable();
benchLpis();
benchRows();
benchLarge();
if (asJson) console.log(JSON.stringify(measured));

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

function deviceTable(entries: number, entry = dte): Uint8Array {
  const bytes = new Uint8Array(entries * 8);
  const view = new DataView(bytes.buffer);
  for (let id = 0; id < entries; id++) view.setBigUint64(id * 8, entry(id), true);
  return bytes;
}

function benchTable(): void {
  const memory = new DumpMemory([{ address: 0x4000_0000, bytes: deviceTable(2 * MIB) }]);
  const given = median(() => decodeTable(memory, "device-table", { layout: layouts["kvm-rev0"], levels: 1 })) * 1000;
  say("index of 2 Mi DTEs: ms", given, `index of 2 Mi DTEs (16 MiB): ${given.toFixed(1)} ms`);
  const guessed = median(() => decodeTable(memory, "device-table", { levels: 1 })) * 1000;
  say("index of 2 Mi DTEs, layout guessed: ms", guessed, `  with the layout guessed: ${guessed.toFixed(1)} ms`);
  const large = new DumpMemory([{ address: 0x4000_0000, bytes: deviceTable(4 * MIB) }]);
  const result = decodeTable(large, "device-table", { layout: layouts["kvm-rev0"], levels: 1 });
  if (!result.ok) throw new Error(result.message);
  const { table } = result;
  const last = median(() => Array.from({ length: 50 }, (_, at) => table.row(table.rowCount - 50 + at))) * 1000;
  say("last rows of 4 Mi entries: ms", last, `last rows of 4 Mi entries: ${last.toFixed(2)} ms`);
}

function benchLpis(): void {
  // 16 Mi bits, every second one set where there are any.
  const bytes = Uint8Array.from({ length: 2 * MIB }, (_, at) => (at % 3 === 0 ? 0 : 0xaa));
  const memory = new DumpMemory([{ address: 0x4000_0000, bytes }]);
  const milliseconds = median(() => decodeTable(memory, "lpi-pending", {})) * 1000;
  say(
    "LPI pending table of 16 Mi bits: ms",
    milliseconds,
    `LPI pending table of 16 Mi bits: ${milliseconds.toFixed(1)} ms`,
  );
}

/** Two million rows as text, and a table with gaps, whose rows before them have remarks. */
function benchRows(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  try {
    for (const [name, entry] of [
      ["rows as text", (id: number) => dte(id * 4) | (1n << 49n)],
      ["rows with gaps and remarks as text", dte],
    ] as const) {
      const file = path.join(folder, "table.bin");
      writeFileSync(file, deviceTable(2 * MIB, entry));
      const { milliseconds, stdout, mebibytes } = runCli(file, ["--base", "0x40000000"]);
      let rows = 0;
      for (const byte of stdout) if (byte === 0x0a) rows++;
      const seconds = milliseconds / 1000;
      say(`${name}: s`, seconds, `${rows} lines of ${name}: ${seconds.toFixed(2)} s, ${mebibytes} MiB in all`);
      measured[`${name}: rows`] = rows;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run of `gicwb decode`, with the start of its process and the most memory it had. */
function runCli(file: string, more: readonly string[]) {
  const words = [cli, "decode", file, "--as", "device-table", "--layout", "kvm-rev0", ...more];
  const observer = path.join(import.meta.dirname, "peak-memory.cjs");
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", observer, ...words], {
    maxBuffer: 1 << 30,
  });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`gicwb decode ended with ${status}: ${stderr}`);
  return { milliseconds, stdout, mebibytes: Number(stderr) };
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

/** A core and a raw file of 1 GiB with one page of a device table in each; the rest of the file is a hole. */
function benchLarge(): void {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  try {
    const base = 0x4000_0000;
    const size = 1024 * MIB;
    const table = deviceTable(0x2000);
    for (const [name, head] of [
      ["core", coreHead(base, size)],
      ["raw file", new Uint8Array()],
    ] as const) {
      const file = path.join(folder, "machine.bin");
      const handle = openSync(file, "w");
      if (head.length > 0) writeSync(handle, head);
      ftruncateSync(handle, head.length + size);
      writeSync(handle, table, 0, table.length, head.length + size / 2);
      // What tells raw bytes from text.
      if (head.length === 0) writeSync(handle, table, 0, 8, 0);
      closeSync(handle);
      const place = `0x${(base + size / 2).toString(16)}`;
      // Raw bytes have one base, that of the file: their table is at the place of its first id.
      const where = head.length > 0 ? ["--base", place] : ["--base", `0x${base.toString(16)}`, "--size", "0x10000"];
      const runs = Array.from({ length: RUNS }, () => runCli(file, where));
      const { milliseconds, mebibytes } = runs.sort((a, b) => a.milliseconds - b.milliseconds)[RUNS >> 1];
      say(
        `${name} of 1 GiB: ms`,
        milliseconds,
        `${name} of 1 GiB, a table in it: ${milliseconds.toFixed(0)} ms with the start of the process, ${mebibytes} MiB in all`,
      );
      measured[`${name} of 1 GiB: MiB in all`] = mebibytes;
    }
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

/** @param speed MiB a second */
function rate(speed: number): string {
  return `${speed.toFixed(0).padStart(5)} MiB/s`;
}

/** MiB of text a second that `xxd -r` reads; undefined where it is not installed. */
function xxdSpeed(dump: Uint8Array): number | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  try {
    const file = path.join(folder, "dump.txt");
    // xxd -r seeks to the first address: the text is made relative so that it does not write a gigabyte of hole.
    writeFileSync(file, dump);
    let failed = false;
    const seconds = median(() => {
      failed ||= spawnSync("xxd", ["-r", "-s", "-0x40000000", file, path.join(folder, "out.bin")]).status !== 0;
    });
    return failed ? undefined : dump.length / MIB / seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
