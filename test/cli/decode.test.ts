import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const main = path.join(root, "cli", "main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
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

const EXAMPLE = "examples/kvm-6.1-device-table.gicdump";
const LINUX = "examples/captures/linux-6.1-qemu-gicv3";

test("decode prints DeviceIDs, ITT addresses, EventID bits and next in stable columns", () => {
  const { status, stdout, stderr } = gicwb(["decode", EXAMPLE, "--as", "device-table"]);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.deepEqual(stdout.split("\n"), [
    "xxd -e or U-Boot md: groups are little-endian numbers (3 of 3 words are whole entries so, 0 the other way); hexadecimal addresses (2 neighbouring lines follow each other so)",
    "device-table at 0x40100000, flat, 3 valid entries; layout kvm-rev0 (given)",
    "DeviceID  ITT address  EventID bits  next    entry at  notes",
    "     0x8   0x40400000             5     1  0x40100040",
    "     0x9   0x40480000             1    91  0x40100048",
    "    0x64   0x40500000             8     0  0x40100320",
    "",
  ]);
});

test("decode --json prints one object with exact 64-bit values", () => {
  const { status, stdout } = gicwb(["decode", EXAMPLE, "--json"]);
  assert.equal(status, 0);
  const { tables } = JSON.parse(stdout);
  assert.equal(tables.length, 1);
  assert.equal(tables[0].rowCount, 3);
  assert.deepEqual(tables[0].rows[2].words, ["0x80000000080a0007"]);
  assert.deepEqual(tables[0].rows[1].fields.next, { raw: "0x5b", value: "0x5b", text: "91 DeviceIDs" });
});

test("decode --explain takes one entry apart", () => {
  const { stdout } = gicwb(["decode", EXAMPLE, "--explain", "9"]);
  assert.match(stdout, /^DTE of DeviceID 0x9 at 0x40100048: 0x80b6000008090000\n/);
  assert.match(stdout, /\n {2}ITT_addr {2}\[48:5\] {3}0x40480000\n/);
  const none = gicwb(["decode", EXAMPLE, "--explain", "0xa"]);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /no valid entry 0xa\. \[GICWB-ENTRY\]/);
});

test("options overrule the dump, standard input is -", () => {
  const dump = readFileSync(path.join(root, EXAMPLE), "utf8");
  const { status, stdout } = gicwb(["decode", "-", "--as", "device-table", "--first-id", "0x100"], dump);
  assert.equal(status, 0);
  assert.match(stdout, /\n {3}0x108 {3}0x40400000 /);
});

test("a broken line is reported with file, line and column, and the rest is decoded", () => {
  const broken = file("broken.txt", "40100000: 8000000008080004\nnot a line\n40100008: 0000000000000000\n");
  const { status, stdout, stderr } = gicwb(["decode", broken, "--as", "device-table", "--order", "little"]);
  assert.equal(status, 0);
  assert.match(stderr, /broken\.txt:2:1: No hex line: .* \[GIC-DUMP-LINE\]/);
  assert.match(stdout, /1 valid entry; layout kvm-rev0 \(guessed/);
});

const wrong: readonly (readonly [what: string, args: readonly string[], status: number, message: RegExp])[] = [
  [
    "an unknown option",
    ["decode", EXAMPLE, "--layuot", "qemu"],
    2,
    /^gicwb: gicwb decode has no option --layuot\. Did you mean --layout\?/,
  ],
  [
    "a wrong choice",
    ["decode", EXAMPLE, "--as", "devices"],
    2,
    /^gicwb: --as is one of device-table, .*, not "devices"\./,
  ],
  ["a missing value", ["decode", EXAMPLE, "--base"], 2, /^gicwb: --base needs a value: ADDRESS\./],
  [
    "a number that is none",
    ["decode", EXAMPLE, "--base", "here"],
    2,
    /--base needs a number \(decimal or 0x…\), not "here"\./,
  ],
  ["a flag with a value", ["decode", EXAMPLE, "--json=yes"], 2, /--json takes no value\./],
  ["no file", ["decode"], 2, /gicwb decode needs FILE\./],
  [
    "files that are no capture",
    ["decode", "examples/kvm-6.1-collection-table.gicdump", "examples/kvm-6.1-itt.gicdump"],
    1,
    /Nothing in ".*" tells where the device table is\. \[GICWB-CAPTURE\]/,
  ],
  [
    "an option of one table for a capture",
    ["decode", "examples/captures/linux-6.1-qemu-gicv3", "--as", "itt"],
    2,
    /--as is about one table/,
  ],
  ["an unknown command", ["decod"], 2, /There is no command "decod"\. Did you mean gicwb decode\?/],
  ["a command with two letters changed about", ["rnu"], 2, /There is no command "rnu"\. Did you mean gicwb run\?/],
  ["an unknown global option", ["--colour"], 2, /There is no option "--colour"\./],
  ["a missing file", ["decode", "nowhere.txt"], 1, /There is no file "nowhere\.txt"\. \[GICWB-FILE-MISSING\]/],
  [
    "a folder without a capture",
    ["decode", "media"],
    1,
    /Nothing in "media" tells where the device table is\. \[GICWB-CAPTURE\]/,
  ],
  ["a directory", ["disassemble", "examples"], 1, /"examples" is a directory\. \[GICWB-FILE-DIRECTORY\]/],
  [
    "a base far below",
    ["decode", EXAMPLE, "--base", "0x1000"],
    1,
    /holds no entry of a table at 0x1000; .* \[GICWB-TABLE\]/,
  ],
  [
    "a base beyond",
    ["decode", EXAMPLE, "--base", "0x50000000"],
    1,
    /base 0x50000000 is outside the memory .* \[GICWB-TABLE\]/,
  ],
];

for (const [what, args, status, message] of wrong) {
  test(`${what}: one clear line and exit code ${status}`, () => {
    const result = gicwb(args);
    assert.equal(result.status, status);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, "");
    assert.ok(result.stderr.trimEnd().split("\n").length <= 2, result.stderr);
  });
}

test("an empty file, a binary file, text without hex, a dump that nothing names", () => {
  const cases: readonly (readonly [string, string | Uint8Array, number, RegExp])[] = [
    ["empty.txt", "", 1, /is empty\. \[GICWB-FILE-EMPTY\]/],
    ["binary.bin", new Uint8Array(4096), 1, /is not text\. \[GICWB-FILE-BINARY\]\nRaw bytes are decoded with --base/],
    ["prose.txt", "Dear reader,\n", 1, /no line that is a hex dump line\. Line 1: .*\[GICWB-DUMP-NONE\]/],
    ["nameless.txt", "000000 0000000000000001\n", 2, /Nothing says which table .*\nGive --as/],
  ];
  for (const [name, content, status, message] of cases) {
    const result = gicwb(["decode", file(name, content)]);
    assert.equal(result.status, status, name);
    assert.match(result.stderr, message);
    assert.doesNotMatch(result.stderr, /\n\s+at /);
  }
});

test("help and version", () => {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  assert.equal(gicwb(["--version"]).stdout, `gicwb ${version}\n`);
  assert.match(gicwb(["--help"]).stdout, /Commands:\n(.*\n)* {2}decode +print the table/);
  assert.match(gicwb(["decode", "--help"]).stdout, /Usage: gicwb decode \[OPTIONS\] FILE/);
  assert.equal(gicwb([]).status, 2);
});

// A device that is always full, on Linux.
if (existsSync("/dev/full")) {
  test("output that cannot be written is one clear line", () => {
    const full = openSync("/dev/full", "w");
    try {
      const stdio: ["ignore", number, "pipe"] = ["ignore", full, "pipe"];
      const { status, stderr } = spawnSync(process.execPath, [main, "decode", EXAMPLE], {
        cwd: root,
        stdio,
        encoding: "utf8",
      });
      assert.equal(stderr, "gicwb: The output cannot be written: ENOSPC. [GICWB-OUTPUT]\n");
      assert.equal(status, 1);
    } finally {
      closeSync(full);
    }
  });
}

test("a reader that goes away ends the output without an error", async () => {
  const lines = Array.from({ length: 40000 }, (_, i) => {
    return `${(0x40100000 + i * 16).toString(16)}: 8002000008080004 8002000008090000`;
  });
  const child = spawn(process.execPath, [main, "decode", file("large.txt", lines.join("\n")), "--as", "device-table"], {
    cwd: root,
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((done) => child.once("close", done));
  assert.equal(errors, "");
  assert.equal(code, 0);
});

test("another reading that explains the words, when the one that was asked for does not, is said, and the exit code is 3", () => {
  const { status, stdout } = gicwb(["decode", EXAMPLE, "--as", "device-table", "--layout", "qemu"]);
  assert.equal(status, 3);
  assert.match(stdout, /\nwarning: .* with layout kvm-rev0\.\n/);
  const { tables, readingText } = JSON.parse(gicwb(["decode", EXAMPLE, "--json", "--layout", "qemu"]).stdout);
  assert.equal(tables[0].doubts.length, 1);
  assert.match(readingText, /little-endian numbers/);
});

test("of tables that begin at the same offset --part takes one, and an entry that is not in the dump is unknown", () => {
  const log = ["00000000: 8002000008080004 80b6000008090000", "00000000: 0000000000000000 80000000080a0007", ""].join(
    "\n",
  );
  const args = ["decode", "-", "--as", "device-table", "--order", "little"];
  const both = gicwb(args, log).stdout;
  assert.match(both, /table 1 of 2[\s\S]*table 2 of 2/);
  const second = gicwb([...args, "--part", "2", "--base", "0x40100000"], log);
  assert.match(second.stdout, /device-table at 0x40100000, flat, 1 valid entry/);
  assert.doesNotMatch(second.stdout, /table 1 of 2/);
  const unknown = gicwb([...args, "--part", "2", "--explain", "9"], log);
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /does not hold entry 0x9: whether it is valid is unknown/);
});

test("decode of a folder finds the devices of a capture, and what /proc/interrupts says of them", () => {
  const { status, stdout, stderr } = gicwb(["decode", LINUX]);
  assert.deepEqual([status, stderr], [0, ""]);
  const lines = stdout.split("\n");
  assert.equal(lines.filter((line) => line.startsWith("DeviceID 0x")).length, 6);
  assert.ok(lines.includes("      2   8209     1   1      yes      0xa0       no  irq 33 nvme0q2"));
  assert.ok(lines.includes("/proc/interrupts: 16 lines of ITS interrupts, 16 agree with the tables"));
  const { devices, interrupts, layout } = JSON.parse(gicwb(["decode", LINUX, "--json"]).stdout);
  assert.deepEqual([layout, devices.length, interrupts.length], ["qemu", 6, 16]);
  assert.equal(devices[3].events[2].entry, "0x3ff0000000100008047");
});

test("what a capture's files say cannot steer the terminal", () => {
  const capture = mkdtempSync(path.join(folder, "capture-"));
  for (const name of readdirSync(path.join(root, LINUX)))
    copyFileSync(path.join(root, LINUX, name), path.join(capture, name));
  const log = readFileSync(path.join(capture, "boot.log"), "utf8").replaceAll("nvme0q2", "nvme\u001b[2Jq2");
  writeFileSync(path.join(capture, "boot.log"), log);
  writeFileSync(path.join(capture, "x.giccap.json"), '\u001b[2J{"its": 1}');
  const { stdout, stderr } = gicwb(["decode", capture]);
  assert.ok(stdout.includes("nvme.[2Jq2"));
  assert.match(stderr, /x\.giccap\.json: is no JSON/);
  assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
});

test("trace-msi follows an MSI to the link that is broken", () => {
  const arrives = gicwb(["trace-msi", LINUX, "01:00.0", "2"]);
  assert.deepEqual([arrives.status, arrives.stderr], [0, ""]);
  assert.match(arrives.stdout, /\nok {7}ITE at 0x42face18 = 0x000003ff0000000100008047: EventID 2 is mapped\n/);
  assert.match(arrives.stdout, /\nunknown {2}GITS_CTLR at 0x8080000: .*\n {9}xp \/1wx 0x8080000\n/);
  const broken = gicwb(["trace-msi", LINUX, "0x19", "0", "--json"]);
  assert.equal(broken.status, 1);
  const { link, state, address } = JSON.parse(broken.stdout).steps.at(-1);
  assert.deepEqual([link, state, address], ["DTE", "broken", "0x438100c8"]);
  const wrong = gicwb(["trace-msi", LINUX, "01:20.0", "2"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /DEVICEID "01:20\.0" is no number/);
});

test("trace-msi goes on to the CPU interface of a script's machine, by its ITS and PCI function", () => {
  const script = path.join(folder, "msi.itscmd");
  const lines = ["MAPC ICID=1, RDbase=0", "MAPD DeviceID=8, ITT_addr=0x43f00000, Size=4"];
  writeFileSync(script, [...lines, "MAPTI DeviceID=8, EventID=2, pINTID=8200, ICID=1"].join("\n"));
  const { status, stdout } = gicwb(["trace-msi", script, "00:01.0", "2"]);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /\nok {7}GICD_CTLR at 0x8000000 = 0x[0-9a-f]{8}: .*\nBROKEN {3}ICC_IGRPEN1_EL1: .*\n {9}Set it on that PE\.\n$/,
  );
  const absent = gicwb(["trace-msi", script, "8", "2", "--its", "1"]);
  assert.deepEqual([absent.status, absent.stdout], [2, ""]);
  assert.match(absent.stderr, /has no ITS 1; the first one is 0/);
});

test("trace-msi knows a saved machine by what is in it, whatever it is called", () => {
  for (const name of ["saved-guest.gicstate.json.bin", "saved-guest.gicstate.json"]) {
    copyFileSync(path.join(root, "examples", name), path.join(folder, name.endsWith(".bin") ? name : "guest.txt"));
  }
  const { stdout } = gicwb(["trace-msi", path.join(folder, "guest.txt"), "0x10", "1"]);
  assert.match(stdout, /\nBROKEN {3}ICC_IGRPEN1_EL1: /);
});

test("decode reads raw bytes at a base, and says the same as of their hex dump", () => {
  const raw = gicwb(["decode", `${LINUX}/itt-dev-0100.bin`, "--base", "0x42face00", "--as", "itt", "--layout", "qemu"]);
  assert.deepEqual([raw.status, raw.stderr], [0, ""]);
  const bytes = readFileSync(path.join(root, LINUX, "itt-dev-0100.bin"));
  const lines = Array.from({ length: bytes.length / 16 }, (_, line) => {
    const part = [...bytes.subarray(line * 16, line * 16 + 16)].map((byte) => byte.toString(16).padStart(2, "0"));
    return `${(0x42face00 + line * 16).toString(16)}: ${part.join(" ")}`;
  });
  const text = gicwb(["decode", file("itt.txt", `${lines.join("\n")}\n`), "--as", "itt", "--layout", "qemu"]);
  assert.deepEqual(raw.stdout.split("\n"), text.stdout.split("\n").slice(1));
  assert.match(raw.stdout, /^itt at 0x42face00, 5 valid entries; layout qemu \(given\)\n/);
  // Bytes without a zero among them are no text either.
  const config = gicwb(["decode", `${LINUX}/lpi-config.bin`, "--base", "0x425c0000", "--as", "lpi-config"]);
  assert.deepEqual([config.status, config.stderr], [0, ""]);
});
