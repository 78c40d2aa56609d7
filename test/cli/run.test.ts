import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-run-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), "run", ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(path.join(folder, name), content);
  return name;
}

const good = file(
  "good.itscmd",
  "MAPC ICID=0, RDbase=1\nread GITS_CREADR\nread GITS_CTLR.Enabled\nexpect cte[0].valid\n",
);
const bad = file("bad.itscmd", 'MAPC ICID=0, RDbase=9\nMAPC ICID=\nread GITS_CREADR\nexpect 1 == 2, "oops"\n');
const cpus = file("cpus.itscmd", "machine { cpus = 2 }\nMAPC ICID=0, RDbase=1\n");

test("an id that no machine has is a problem of its line", () => {
  const wide = file("wide.itscmd", "expect dte[-1].valid == 1\nread cte[-65535]\nread GITS_CREADR\n");
  const { status, stdout, stderr } = gicwb([wide]);
  assert.equal(status, 1);
  assert.match(stderr, /^wide\.itscmd:1:12: error ITS0409: DeviceID -1 cannot exist: .*\n/);
  assert.match(stderr, /^wide\.itscmd:2:10: error ITS0409: ICID -0xffff cannot exist: .*$/m);
  assert.match(stdout, /^wide\.itscmd:3: GITS_CREADR = 0x0000000000000000$/m);
});

test("a script that holds prints what it reads and a summary, and exits with 0", () => {
  assert.deepEqual(gicwb([good]), {
    status: 0,
    stdout:
      "good.itscmd:2: GITS_CREADR = 0x0000000000000020\ngood.itscmd:3: GITS_CTLR.Enabled = 1\ngood.itscmd: 1 command, no errors\n",
    stderr: "",
  });
});

test("problems have file, line, column, severity, code and a sentence, in the order of the lines", () => {
  const { status, stdout, stderr } = gicwb([bad]);
  assert.equal(status, 1);
  const lines = stderr.trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => line.slice(0, 33).trim()),
    ["bad.itscmd:1:21: error ITS0501: M", "bad.itscmd:2:11: error ITS0105: E", "bad.itscmd:4:1: error ITS0510: oo"],
  );
  assert.equal(lines[2], "bad.itscmd:4:1: error ITS0510: oops: expected == 0x2, found 0x1.");
  assert.match(stdout, /bad\.itscmd: 1 command, 3 errors\n$/);
});

test("--quiet prints problems only, --verbose every command", () => {
  assert.deepEqual(gicwb(["--quiet", good]), { status: 0, stdout: "", stderr: "" });
  assert.match(gicwb(["--quiet", bad]).stderr, /^bad\.itscmd:1:21: /);
  assert.match(
    gicwb(["--verbose", good]).stdout,
    /^line 1 {2}MAPC ICID=0, RDbase=1 {2}→ done\nline 2 {2}read GITS_CREADR {2}= 0x/,
  );
});

test("several scripts run one after another, and one that fails makes the exit code 1", () => {
  const { status, stdout, stderr } = gicwb([good, "nowhere.itscmd", cpus]);
  assert.equal(status, 1);
  assert.match(stdout, /good\.itscmd: 1 command, no errors\ncpus\.itscmd: 1 command, no errors\n$/);
  assert.equal(stderr, 'gicwb: There is no file "nowhere.itscmd". [GICWB-FILE-MISSING]\n');
});

test("--model replaces the model of the script, standard input is -", () => {
  const script = "machine { model = kvm-7.2 }\nMAPC ICID=0, RDbase=9\n";
  assert.match(gicwb(["--model", "kvm-5.10", "-"], script).stderr, /^-:2:21: error ITS0501: .* kvm-5\.10 drops/);
});

test("a warning does not fail a script", () => {
  const waiting = file("waiting.itscmd", "write GITS_CTLR.Enabled = 0\nMAPC ICID=0, RDbase=0\n");
  const { status, stdout, stderr } = gicwb([waiting]);
  assert.equal(status, 0);
  assert.match(stderr, /^waiting\.itscmd:2:1: warning ITS0505: /);
  assert.match(stdout, /no commands, no errors, 1 warning\n$/);
});

test("an endless list of problems is cut, and counted", () => {
  const many = file("many.itscmd", "MAPC ICID=0, RDbase=9\n".repeat(1500));
  const { status, stdout, stderr } = gicwb([many]);
  assert.equal(status, 1);
  assert.equal(stderr.trimEnd().split("\n").length, 1001);
  assert.match(stderr, /many\.itscmd: further problems are counted, not printed\.\n$/);
  assert.match(stdout, /1500 commands, 1500 errors/);
});

const wrong: readonly (readonly [what: string, args: readonly string[], status: number, message: RegExp])[] = [
  ["an unknown option", ["--modle", "kvm", good], 2, /no option --modle\. Did you mean --model\?/],
  ["an unknown model", ["--model", "arm", good], 2, /--model is one of kvm-7\.2, .*, not "arm"\./],
  ["two levels of detail", ["--quiet", "--verbose", good], 2, /--quiet and --verbose exclude each other/],
  ["no file", [], 2, /gicwb run needs FILE\./],
  ["a directory", ["."], 1, /"\." is a directory/],
  ["an empty file", [file("empty.itscmd", "")], 1, /"empty\.itscmd" is empty/],
  ["comments alone", [file("comment.itscmd", "# nothing\n")], 1, /has no statement to run/],
  ["a binary file", [file("binary.itscmd", new Uint8Array([65, 0, 255]))], 1, /cannot be run: .*NUL bytes/],
  [
    "a machine that cannot be built",
    [file("small.itscmd", "# small\nmachine { ram = 0x40000000, 64K }\nMAPC ICID=0, RDbase=0\n")],
    1,
    /^small\.itscmd:2:1: error ITS0514: This machine cannot be built: setup = ready needs 3 MiB/,
  ],
];

for (const [what, args, status, message] of wrong) {
  test(`${what}: a clear line and exit code ${status}`, () => {
    const result = gicwb(args);
    assert.equal(result.status, status);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, "");
    assert.doesNotMatch(result.stderr, /\bat .*\.ts/);
  });
}

const named = file("named.itscmd", "let icid = 1\nMAPC ICID=icid, RDbase=0\nexpect cte[5].valid == 1\n");

test("--let gives names of a script other values", () => {
  assert.equal(gicwb(["--quiet", named]).status, 1);
  assert.deepEqual(gicwb(["--quiet", "--let", "icid=1 + 4", named]), { status: 0, stdout: "", stderr: "" });
  for (const [given, message] of [
    ["icid", /--let takes NAME=VALUE, several of them with commas, not "icid"/],
    ["icid=1 +", /--let icid: /],
    ["icid=5,disk=1", /named\.itscmd has no line "let disk = …" for --let disk/],
  ] as const) {
    const { status, stderr } = gicwb(["--let", given, named]);
    assert.equal(status, 2);
    assert.match(stderr, message);
  }
});
