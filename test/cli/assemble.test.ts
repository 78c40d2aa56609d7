import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(args: readonly string[], input?: string | Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), ...args], {
    cwd: root,
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const SCRIPT = `let itt = 0x43f00000
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, Size=4, ITT_addr=itt
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
# An argument that only the machine knows: the LPI after the one that the line above mapped.
MAPTI DeviceID=0x10, EventID=1, pINTID=ite[0x10, 0].pINTID + 1, ICID=1
INT DeviceID=0x10, EventID=33 => INT_ID_OOR
raw 0x8000000000000005, 0, 0x20000, 0
`;

const zero = Array(4).fill("0x0000000000000000").join(" ");

const LINES = [
  "MAPC ICID=1, RDbase=2",
  "MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4",
  "MAPTI DeviceID=0x10, EventID=0x0, pINTID=8192, ICID=1",
  "MAPTI DeviceID=0x10, EventID=0x1, pINTID=8193, ICID=1",
  "INT DeviceID=0x10, EventID=0x21",
];

test("a script becomes the bytes of its commands, and these the script again", () => {
  const script = file("queue.itscmd", SCRIPT);
  const binary = path.join(folder, "queue.bin");
  const { status, stdout, stderr } = gicwb(["assemble", script, "-o", binary]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /queue\.bin: 6 commands, 192 bytes\n$/);
  const bytes = readFileSync(binary);
  assert.equal(bytes.readBigUInt64LE(32), 0x1000000008n);
  assert.equal(bytes.readBigUInt64LE(3 * 32 + 8), 0x200100000001n);

  const text = gicwb(["disassemble", binary]);
  assert.equal(text.stderr, "");
  assert.deepEqual(text.stdout.split("\n").slice(0, 5), LINES);
  assert.match(text.stdout, /\nraw 0x8000000000000005, 0x0, 0x20000, 0x0 {2}# SYNC/);
  const again = path.join(folder, "again.bin");
  assert.equal(gicwb(["assemble", "-", "--output", again], text.stdout).status, 0);
  assert.deepEqual(readFileSync(again), bytes);
});

test("--hex is a dump that decode and disassemble read", () => {
  const dump = gicwb(["assemble", "-", "--hex", "--base", "0x40000000"], SCRIPT).stdout;
  assert.match(dump, /^# gic: table=command-queue base=0x40000000\n40000000: 0x0000000000000009 /);
  assert.match(gicwb(["decode", "-"], dump).stdout, /\ncommand-queue at 0x40000000, 6 valid entries/);
  const all = gicwb(["disassemble", "-", "--addresses"], dump).stdout.split("\n");
  assert.equal(all[1], `${LINES[1]}  # at 0x40000020`);
  const part = gicwb(["disassemble", "-", "--base", "0x40000060"], dump).stdout.split("\n");
  assert.equal(part[0], LINES[3]);
});

test("empty slots, gaps, half commands and kernel addresses", () => {
  const packet = "0x0000000000000005 0x0000000000000000 0x0000000000020000 0x0000000000000000";
  const dump = `ffff000012340000: ${packet}\nffff000012340020: ${zero}\nffff000012340050: 0x0000000000000005 0x0000000000000000\nffff000012340060: ${packet}\nffff000012340080: 0x0000000000000001\n`;
  const { status, stdout, stderr } = gicwb(["disassemble", "-", "--addresses"], dump);
  assert.equal(status, 0);
  assert.deepEqual(stdout.split("\n"), [
    "SYNC RDbase=2  # at 0xffff000012340000",
    "# an empty slot",
    "# the dump lacks 0xffff000012340040 to 0xffff00001234004f",
    "SYNC RDbase=2  # at 0xffff000012340060",
    "",
  ]);
  assert.match(stderr, /the last 8 bytes, at 0xffff000012340080, are no whole command\./);
});

const wrong: readonly (readonly [
  what: string,
  args: readonly string[],
  input: string,
  status: number,
  message: RegExp,
])[] = [
  ["two outputs", ["assemble", "-", "--hex", "-o", "x"], SCRIPT, 2, /--output and --hex exclude each other/],
  ["an error in the script", ["assemble", "-"], "MAPD DeviceId=1\nMAPC ICID=x, RDbase=0\n", 1, /2 lines have errors/],
  [
    "a value that is only known to be wrong while running",
    ["assemble", "-"],
    "let a = ite[1, 2].pINTID\nINT DeviceID=a, EventID=1 / (a - a)\n",
    1,
    /-:\d:\d+: error /,
  ],
  ["no command", ["assemble", "-"], "let a = 1\n", 1, /has no command to assemble\. \[GICWB-SCRIPT-COMMANDS\]/],
  [
    "a place that cannot be written",
    ["assemble", "-", "-o", "/nowhere/q.bin"],
    SCRIPT,
    1,
    /ENOENT\. \[GICWB-FILE-WRITE\]/,
  ],
  ["no packet", ["disassemble", "-"], `40000000: ${zero}\n`, 1, /holds no command\. \[GICWB-QUEUE\]/],
  ["a base beyond", ["disassemble", "-", "--base", "0x50000000"], `40000000: ${zero}\n`, 1, /\[GICWB-QUEUE\]/],
  ["a file that is missing", ["disassemble", "nowhere.bin"], "", 1, /There is no file/],
];

for (const [what, args, input, status, message] of wrong) {
  test(`${what}: a clear message and exit code ${status}`, () => {
    const result = gicwb(args, input);
    assert.equal(result.status, status, result.stderr);
    assert.match(result.stderr, message);
    assert.doesNotMatch(result.stderr, /\n\s+at /);
  });
}
