import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb test "));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), "test", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
  return name;
}

const good = file(
  "good.itscmd",
  "let pe = 1",
  'test "maps" {',
  "  MAPC ICID=0, RDbase=pe => done",
  "  expect cte[0].RDbase == pe",
  "}",
);
const mixed = file(
  "mixed.itscmd",
  'test "<first> & \\"last\\"" {',
  "  expect cte[0].valid == 1",
  "  MAPC ICID=",
  "}",
  'test "second" {',
  "  expect cte[0].valid == 0",
  "}",
  'test "third" {',
  "}",
);
const plain = file("plain.itscmd", "MAPC ICID=0, RDbase=1", "expect cte[0].valid == 1");
const outside = file("outside.itscmd", "expect 1 == 2", 'test "inside" {', "  SYNC RDbase=0", "}");

test("each block is a test, a script without one is one, and all of them have passed", () => {
  assert.deepEqual(gicwb(good, plain), {
    status: 0,
    stdout: "ok    good.itscmd:2: maps\nok    plain.itscmd:1: plain.itscmd\n2 tests, 2 passed, 0 failed\n",
    stderr: "",
  });
});

test("a test that expects the same of other models fails on every model that differs from them", () => {
  const same = file(
    "same.itscmd",
    'test "wraps" {',
    "  queue 2047",
    "  SYNC RDbase=0",
    "  SYNC RDbase=0",
    "  expect same as kvm | qemu | arch",
    "}",
    'test "read" {',
    "  let id = GITS_IIDR.ProductID",
    "  expect same as kvm | arch on kvm",
    "}",
  );
  const { status, stdout } = gicwb(same, "--model", "kvm,qemu,arch", "--quiet");
  assert.equal(status, 1);
  assert.deepEqual(
    stdout.split("\n").filter((line) => /ITS\d/.test(line)),
    [
      "      same.itscmd:9:3: error ITS0510: expected the same as on kvm | arch, but line 8 comes to: kvm-7.2, kvm-5.10, kvm-6.1, kvm-6.12, kvm-7.3: id = 0x4b; arch: id = 0x0.",
    ],
  );
  assert.match(stdout, /6 tests, 5 passed, 1 failed/);
});

test("what fails is told with its problems, those of lines that cannot be read among them", () => {
  const { status, stdout } = gicwb(mixed, "--quiet");
  assert.equal(status, 1);
  assert.deepEqual(
    stdout.split("\n").map((line) => line.replace(/(ITS\d+): .*/, "$1")),
    [
      'FAIL  mixed.itscmd:1: <first> & "last"',
      "      mixed.itscmd:3:13: error ITS0105",
      "      mixed.itscmd:2:3: error ITS0510",
      "2 tests, 1 passed, 1 failed, 1 empty",
      "",
    ],
  );
});

test("lines outside of tests are reported where they fail", () => {
  const { status, stdout } = gicwb(outside);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^FAIL {2}outside\.itscmd:1: outside\.itscmd\n {6}.*ITS0510.*\nok {4}outside\.itscmd:2: inside\n/,
  );
});

test("every file runs on every model", () => {
  const { status, stdout } = gicwb(good, "--model", "kvm,qemu, arch");
  assert.equal(status, 0);
  assert.match(stdout, /good\.itscmd on kvm:2: maps\n.* on qemu:2: maps\n.* on arch:2: maps\n3 tests, 3 passed/);
  assert.match(gicwb(good, "--model", "kvn").stderr, /There is no model "kvn"/);
});

test("titles choose tests", () => {
  assert.match(gicwb(mixed, "--name", "sec").stdout, /^ok {4}mixed\.itscmd:5: second\n1 tests, 1 passed, 0 failed\n$/);
});

test("JSON has what the page says", () => {
  const { files, ...summary } = JSON.parse(gicwb(mixed, good, "--json").stdout);
  assert.deepEqual(summary, { format: "gicwb-test", version: 1, passed: 2, failed: 1, empty: 1 });
  assert.deepEqual(
    files[0].tests.map(({ title, line, endLine, outcome, kept, errors }: Record<string, unknown>) => [
      title,
      line,
      endLine,
      outcome,
      kept,
      errors,
    ]),
    [
      ['<first> & "last"', 1, 4, "failed", 0, 2],
      ["second", 5, 7, "passed", 1, 0],
      ["third", 8, 9, "empty", 0, 0],
    ],
  );
  assert.equal(files[0].tests[0].problems[0].code, "ITS0105");
});

test("the JUnit report is XML whatever a title has in it", () => {
  gicwb(mixed, "--junit", "report.xml");
  const xml = readFileSync(path.join(folder, "report.xml"), "utf8");
  assert.match(xml, /<testsuite name="mixed.itscmd" tests="3" failures="1"/);
  assert.match(xml, /<testcase name="&lt;first&gt; &amp; &quot;last&quot;" classname="mixed.itscmd"/);
  assert.match(gicwb(good, "--junit", "no/such/folder.xml").stderr, /folder\.xml/);
});

test("a file that cannot be read fails alone", () => {
  const { status, stdout, stderr } = gicwb("missing.itscmd", good);
  assert.equal(status, 1);
  assert.match(stderr, /There is no file "missing\.itscmd"\. \[GICWB-FILE-MISSING\]/);
  assert.match(stdout, /ok {4}good\.itscmd:2: maps\n2 tests, 1 passed, 1 failed\n/);
});
