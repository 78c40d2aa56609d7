import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { commands } from "../../cli/commands/index.ts";
import { Output } from "../../cli/output.ts";
import { runCli } from "../../cli/run-cli.ts";
import { timerInterrupt } from "../trace/small-trace.ts";

const root = path.join(import.meta.dirname, "..", "..");
const BOOT = "test/traces/linux-6.1-qemu-gicv3-trace.log.gz";
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-replay-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(args: readonly string[], input?: string | Uint8Array) {
  const options = { cwd: root, input, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), ...args], options);
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const small = `${timerInterrupt.join("\n")}\n`;

test("replay says that the machine did what a packed trace of a boot says, and what it took as given", () => {
  const { status, stdout, stderr } = gicwb(["replay", BOOT]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.deepEqual(stdout.split("\n"), [
    `${BOOT}: the machine did what the trace says`,
    "machine: qemu-7.2 with 2 PEs, GICv3, one Security state",
    "36,971 events: 32,243 compared, 4,728 given to the machine, 0 passed over",
    "taken as given, as no line shows the guest's memory:",
    "  7 LPIs' priorities and enable bits, from their HPPI updates",
    "  1 first-level table entry, from entries that were read below them",
    "1 line without an event",
    "",
  ]);
});

test("replay reads standard input, packed or not, and counts by event", () => {
  for (const input of [small, gzipSync(small)]) {
    const { status, stdout } = gicwb(["replay", "-", "--model", "qemu-7.2", "--events"], input);
    assert.equal(status, 0);
    assert.match(stdout, /^event +compared +given +passed over$/m);
    assert.match(stdout, /^gicv3_icc_iar1_read +1 +0 +0$/m);
  }
});

test("replay shows the first difference with the lines around it and the state there", () => {
  const bad = file("bad.log", small.replace("ICC_IAR1 read cpu 0x0 value 0x1b", "ICC_IAR1 read cpu 0x0 value 0x3ff"));
  const { status, stdout } = gicwb(["replay", bad]);
  const line = timerInterrupt.findIndex((text) => text.includes("ICC_IAR1 read")) + 1;
  assert.equal(status, 1);
  assert.ok(stdout.startsWith(`${bad}:${line}: difference\n`), stdout);
  assert.match(stdout, /^ {2}machine: gicv3_icc_iar1_read GICv3 ICC_IAR1 read cpu 0x0 value 0x1b$/m);
  const context = stdout.split("\n").filter((text) => /^[> ] \d+ {2}gicv3_/.test(text));
  assert.equal(context.length, 11);
  assert.equal(context[5], `> ${line}  gicv3_icc_iar1_read GICv3 ICC_IAR1 read cpu 0x0 value 0x3ff`);
  assert.match(stdout, /^state of the machine there:\n {2}GICD_CTLR 0x52\n {2}PE 0: highest priority pending none/m);
});

for (const [what, name, content, sentence] of [
  ["an empty file", "empty.log", "", /is empty\. \[GICWB-FILE-EMPTY\]/],
  [
    "text that is no trace",
    "boot.log",
    "[    0.0] Booting Linux\n",
    /This is no trace of a GIC: no gicv3_\* event .* \[GICWB-TRACE\]/,
  ],
  ["bytes that are no text", "trace.bin", new Uint8Array(9999), /It is not text\. \[GICWB-TRACE\]/],
  [
    "half a packed file",
    "half.gz",
    readFileSync(path.join(root, BOOT)).subarray(0, 9999),
    /cannot be unpacked: it ends in the middle\. \[GICWB-FILE-GZIP\]/,
  ],
  [
    "a damaged packed file",
    "damaged.gz",
    gzipSync(small).fill(0xff, 40, 60),
    /cannot be unpacked: .* \[GICWB-FILE-GZIP\]/,
  ],
] as const) {
  test(`replay refuses ${what} in a sentence`, () => {
    const { status, stdout, stderr } = gicwb(["replay", file(name, content)]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
}

/** Packed bytes without an end of a line, that many MiB when they are unpacked: one member of gzip after another. */
function bomb(mebibytes: number): Uint8Array {
  const member = gzipSync(new Uint8Array(2 ** 20));
  return Buffer.concat(Array.from({ length: mebibytes }, () => member));
}

test("replay unpacks no more than it says", () => {
  const { status, stdout, stderr } = gicwb(["replay", file("bomb.gz", bomb(300))]);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^0 lines looked at, 64 MiB$/m);
  assert.match(stderr, /bomb\.gz" unpacks to more than 256 MiB\. \[GICWB-FILE-GZIP-TOO-LARGE\]\n.*--max-unpacked MIB/);
});

test("how much replay unpacks can be given", () => {
  const place = file("small-bomb.gz", bomb(3));
  assert.match(gicwb(["replay", place, "--max-unpacked", "2"]).stderr, /unpacks to more than 2 MiB/);
  assert.match(gicwb(["replay", place, "--max-unpacked", "3"]).stderr, /It is not text/);
  const { status, stderr } = gicwb(["replay", place, "--max-unpacked", "0"]);
  assert.equal(status, 2);
  assert.match(stderr, /--max-unpacked is 1 to 1073741824 MiB, not 0/);
  assert.match(gicwb(["replay", "--help"]).stdout, /--max-unpacked MIB .*\(default: 256\)/);
});

test("replay says that a trace was cut between its two readings", async () => {
  const place = file("cut.log", `${small}${"\n".repeat(600_000)}`);
  // The first word about the progress comes in the middle of the first reading.
  const terminal = new PassThrough().on("data", () => truncateSync(place, 900));
  const printed = new PassThrough();
  const context = { out: new Output(printed), err: new Output(terminal), stdin: Readable.from([]) };
  assert.equal(await runCli(["replay", place], commands, context), 1);
  const [verdict] = String(printed.read()).split("\n");
  assert.match(
    verdict,
    /^.*cut\.log: The trace changed while it was read: first it had [\d,]{7} lines .*, then 12 lines with 889 characters in all\. /,
  );
});

test("replay refuses a wrong command line", () => {
  assert.equal(gicwb(["replay"]).status, 2);
  const { status, stderr } = gicwb(["replay", BOOT, "--model", "kvm-7.2"]);
  assert.equal(status, 2);
  assert.match(stderr, /--model is one of qemu-7\.2, qemu, qemu-11\.1, not "kvm-7\.2"/);
  assert.match(gicwb(["replay", path.join(folder, "none.log")]).stderr, /There is no file/);
});
