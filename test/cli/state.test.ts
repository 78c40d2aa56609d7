import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-state-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "cli", "main.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string): string {
  writeFileSync(path.join(folder, name), content);
  return name;
}

const script = file(
  "one.itscmd",
  "MAPC ICID=0, RDbase=1\nMAPD DeviceID=2, ITT_addr=0x40400000, Size=7\nMAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=0\nINT DeviceID=2, EventID=20\n",
);

test("a script's machine is saved, shown and saved again, with the memory in the file or beside it", () => {
  assert.deepEqual(gicwb("state", "save", script, "-o", "one.json"), {
    status: 0,
    stdout: "one.json: a machine of kvm-7.2, 76 KiB of memory\n",
    stderr: "",
  });
  const { status, stdout } = gicwb("state", "show", "one.json");
  assert.equal(status, 0);
  for (const line of [
    "model kvm-7.2, 4 PEs, GICv3",
    "  GITS_CREADR = 0x80  (Offset 0x80)",
    "  ICID 0x0 on PE 1",
    "  DeviceID 0x2, ITT 0x40400000, 8 EventID bits",
    "    EventID 0x14 is LPI 8195, ICID 0x0, enabled, priority 0xa0, pending",
  ]) {
    assert.ok(stdout.split("\n").includes(line), `${line}\n${stdout}`);
  }
  assert.equal(gicwb("state", "save", "one.json", "--raw", "-o", "two.json").status, 0);
  assert.equal(readFileSync(path.join(folder, "two.json.bin")).length, 76 * 1024);
  assert.equal(gicwb("state", "show", "two.json").stdout, stdout);
  assert.equal(gicwb("state", "save", "two.json", "-o", "three.json").status, 0);
  assert.equal(
    readFileSync(path.join(folder, "three.json"), "utf8"),
    readFileSync(path.join(folder, "one.json"), "utf8"),
  );
});

test("a machine of the strict model is saved with its options and a stalled queue; no steps migrate it", () => {
  const strict = file(
    "strict.itscmd",
    "machine { model = arch  gic = 4 }\nwrite GITS_CTLR = 0\nwrite GITS_BASER2 = 0x8000000040600000\nwrite GITS_CTLR = 1\nMAPC ICID=0, RDbase=1\nMAPD DeviceID=2, ITT_addr=0x40400000, Size=7\nMAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=0\nVMAPP vPEID=1, RDbase=1, VPT_addr=0x40500000, VPT_size=15\nINT DeviceID=2, EventID=21 => stalled\n",
  );
  assert.deepEqual(gicwb("state", "save", strict, "-o", "strict.json").stderr, "");
  const { status, stdout } = gicwb("state", "show", "strict.json");
  assert.equal(status, 0);
  for (const line of [
    "saved machine, format version 2",
    "model arch, 4 PEs, GICv4, tables as in qemu",
    "  GITS_CREADR = 0x81  (Offset 0x80, Stalled 1)",
    "    EventID 0x14 is LPI 8195, ICID 0x0, enabled, priority 0xa0",
  ]) {
    assert.ok(stdout.split("\n").includes(line), `${line}\n${stdout}`);
  }
  assert.match(stdout, /\nvPEID 0x1: ITSs 0x1\n/);
  assert.equal(gicwb("state", "save", "strict.json", "-o", "again.json").status, 0);
  assert.equal(
    readFileSync(path.join(folder, "again.json"), "utf8"),
    readFileSync(path.join(folder, "strict.json"), "utf8"),
  );
  const moved = gicwb("migrate", "strict.json");
  assert.equal(moved.status, 1);
  assert.match(
    moved.stderr,
    /a machine of the model arch is not saved step by step: its tables are in RAM at all times/,
  );
});

test("a state file with a fault is refused by the name of the field", () => {
  gicwb("state", "save", script, "-o", "fault.json");
  const text = readFileSync(path.join(folder, "fault.json"), "utf8");
  file("future.json", text.replace('"version": 1', '"version": 9'));
  assert.deepEqual(gicwb("state", "show", "future.json"), {
    status: 1,
    stdout: "",
    stderr:
      'gicwb: "future.json" is refused. version is 9; this program reads up to 3. A newer one wrote the file: use that. [GICWB-STATE]\n',
  });
  file("cut.json", text.slice(0, 5000));
  const cut = gicwb("migrate", "cut.json");
  assert.equal(cut.status, 1);
  assert.match(cut.stderr, /^gicwb: "cut\.json" is refused\. The file is cut off or is no JSON: .* \[GICWB-STATE\]\n$/);
  file("elsewhere.json", text.replace('"memory":', '"memoryFile": "../one.json",\n"memory":'));
  assert.match(
    gicwb("state", "show", "elsewhere.json").stderr,
    /memoryFile is "\.\.\/one\.json", which is not beside it/,
  );
  assert.match(gicwb("state", "show", script).stderr, /It is no JSON object, as a saved machine is\. \[GICWB-STATE\]/);
});

test("damaged tables are refused with errno, table, entry and field", () => {
  const broken = file(
    "broken.itscmd",
    "MAPC ICID=0, RDbase=1\nMAPD DeviceID=2, ITT_addr=0x40400000, Size=7\nMAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=0\n",
  );
  assert.equal(gicwb("state", "save", broken, "--raw", "-o", "damaged.json").status, 0);
  const header = JSON.parse(readFileSync(path.join(folder, "damaged.json"), "utf8")) as {
    machine: { cpus: number };
    redistributors: unknown[];
    cpuInterfaces: unknown[];
    checksum: string;
  };
  header.machine.cpus = 1;
  header.redistributors.length = 1;
  header.cpuInterfaces.length = 1;
  file("damaged.json", JSON.stringify(header));
  const right = /write (0x[0-9a-f]{8}) here/.exec(gicwb("state", "show", "damaged.json").stderr)?.[1];
  file("damaged.json", JSON.stringify({ ...header, checksum: right }));
  assert.match(
    gicwb("migrate", "damaged.json").stderr,
    /EINVAL at RESTORE_TABLES: the ITS refused it: the collection table's entry at 0x40010000 = 0x8000000000010000, field RDbase: there is no PE 1; this machine has 1\./,
  );
});

test("the tables of a saved machine are dumped and decoded, whether its memory is in the file or beside it", () => {
  gicwb("state", "save", script, "-o", "tables.json");
  gicwb("state", "save", script, "--raw", "-o", "tables-raw.json");
  const { status, stdout, stderr } = gicwb("state", "dump", "tables.json");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^# Saved machine of kvm-7\.2, 4 PEs, GICv3\n/);
  assert.match(stdout, /\n# gic: table=itt layout=kvm-rev0 base=0x40400000 device-id=0x2 event-bits=8\n/);
  assert.equal(gicwb("state", "dump", "tables-raw.json").stdout, stdout);
  assert.deepEqual(gicwb("state", "dump", "tables.json", "-o", "tables.gicdump"), {
    status: 0,
    stdout: "",
    stderr: "",
  });
  assert.equal(readFileSync(path.join(folder, "tables.gicdump"), "utf8"), stdout);

  const decoded = gicwb("decode", "tables.json");
  const { stdout: ofDump, ...others } = gicwb("decode", "tables.gicdump");
  // Of a dump it is said how its text was read, too.
  assert.deepEqual(decoded, { stdout: ofDump.slice(ofDump.indexOf("\n") + 1), ...others });
  assert.match(decoded.stdout, /\n +0x14 +8195 +0 +0 +0x404000a0\n/);
  assert.match(
    gicwb("decode", "tables-raw.json", "--as", "itt").stdout,
    /^itt of DeviceID 0x2 at 0x40400000, 1 valid entry/,
  );
  assert.match(gicwb("decode", "tables.json", "--as", "collection-table", "--explain", "0").stdout, /RDbase .*1/);
  assert.match(
    gicwb("decode", "tables.json", "--as", "vpe-table").stderr,
    /registers name no vpe-table in its RAM\. \[GICWB-TABLE\]/,
  );
});

test("what is wrong with a saved machine is told by the commands that read tables and scripts", () => {
  gicwb("state", "save", script, "-o", "wrong.json");
  const text = readFileSync(path.join(folder, "wrong.json"), "utf8");
  file("wrong-version.json", text.replace('"version": 1', '"version": 9'));
  file("wrong-cut.json", text.slice(0, 5000));
  file("wrong-sum.json", text.replace(/"checksum": "0x.*"/, '"checksum": "0x12345678"'));
  file("wrong-place.json", text.replace('"memory":', '"memoryFile": "..\\\\one.json",\n"memory":'));
  file("wrong-stdin.json", text.replace('"memory":', '"memoryFile": "-",\n"memory":'));
  file("no-state.json", '{ "name": "x" }');
  for (const [name, sentence] of [
    ["wrong-version.json", /version is 9; this program reads up to 3\./],
    ["wrong-cut.json", /The file is cut off or is no JSON: /],
    ["wrong-sum.json", /checksum is 0x12345678, but the contents give 0x/],
    ["wrong-place.json", /memoryFile is "\.\.\\one\.json", which is not beside it\./],
    ["wrong-stdin.json", /There is no file ".*-"\./],
    ["no-state.json", /format is missing\. A saved machine has "format": "gic-workbench-state"\./],
  ] as const) {
    for (const args of [
      ["decode", name],
      ["state", "dump", name],
      ["run", "--state", name, script],
    ]) {
      const { status, stdout, stderr } = gicwb(...args);
      assert.deepEqual([status, stdout], [1, ""], args.join(" "));
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /\bat .*\.ts/);
    }
  }
});

test("a script begins on a saved machine, each script on a new one; a machine block further down makes its own", () => {
  gicwb("state", "save", script, "-o", "begin.json");
  const more = file(
    "more.itscmd",
    "machine { model = qemu-7.2 }\nexpect pending[8195] == 1\nCLEAR DeviceID=2, EventID=20\nmachine { cpus = 1 }\nexpect pending[8195] == 0\n",
  );
  assert.deepEqual(gicwb("run", "--state", "begin.json", more, more), {
    status: 0,
    stdout: "more.itscmd: 1 command, no errors\nmore.itscmd: 1 command, no errors\n",
    stderr: "",
  });
  const { status, stderr } = gicwb("run", "--state", "begin.json", "--model", "kvm", more);
  assert.equal(status, 2);
  assert.match(stderr, /--state and --model exclude each other/);
});

test("a migration prints its steps and what is lost, and exits with 1 when something is", () => {
  const whole = gicwb("migrate", script);
  assert.equal(whole.status, 0);
  assert.match(whole.stdout, /\nNothing is lost: registers, tables and LPIs are as on the source\.\n$/);
  const lossy = gicwb("migrate", "--order", "enable-lpis-after-tables", script);
  assert.equal(lossy.status, 1);
  assert.match(
    lossy.stdout,
    /\nlost or changed on the destination:\n {2}LPI 8195 was pending and is not: the interrupt is lost\.\n$/,
  );
  const older = gicwb("migrate", "--to", "kvm-5.10", script);
  assert.equal(older.status, 1);
  assert.match(older.stdout, /\n {2}distributor +EINVAL: GICD_IIDR = 0x4b00343b is refused\n/);
});

test("the orders are listed, each with what goes wrong", () => {
  const { status, stdout } = gicwb("migrate", "--list");
  assert.equal(status, 0);
  assert.equal(stdout.split("\n").filter((line) => /^[a-z-]+: /.test(line)).length, 15);
});

const header = (name: string) =>
  `\n${name} TYP   ID TGT_ID PLAEHCG     HWID   TARGET SRC PRI VCPU_ID\n${"-".repeat(64)}\n`;
const vgic = file(
  "vgic-state",
  `Distributor\n===========\nvgic_model:\tGICv3\nnr_spis:\t32\nnr_lpis:\t1\nenabled:\t1\n${header("VCPU  0")}       SGI    0      0 0001001        0        0   0 160      -1 \n${header("SPI  0")}       LPI 8195      0 1001001        0        0   0 160      -1 \n`,
);
const vgicIts = file(
  "vgic-its-state@8080000",
  `\nDevice ID: 0x10, Event ID Range: [0 - 255]\nEVENT_ID    INTID  HWINTID   TARGET   COL_ID HW\n${"-".repeat(47)}\n      20     8195        0        0        3  0\n`,
);

test("a machine is made of KVM's debugfs files, with what they cannot tell", () => {
  const { status, stdout, stderr } = gicwb("state", "import", "vgic-state", vgic, vgicIts);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /^not in the text:\n {2}RAM of the guest: /);
  assert.match(stdout, /\n {4}EventID 0x14 is LPI 8195, ICID 0x3, enabled, priority 0xa0, pending\n$/);
  assert.equal(gicwb("state", "import", "vgic-state", vgic, vgicIts, "-o", "made.json").status, 0);
  assert.match(gicwb("state", "show", "made.json").stdout, /\n {2}DeviceID 0x10, ITT 0x40210000, 8 EventID bits\n/);
  const bad = gicwb(
    "state",
    "import",
    "vgic-state",
    file("vgic-bad", `${readFileSync(path.join(folder, vgic), "utf8")}what\n`),
  );
  assert.equal(bad.status, 1);
  assert.equal(bad.stderr, 'vgic-bad:15: "what" is no line of vgic-state\n');
  const v2 = gicwb("state", "import", "vgic-state", file("v2", "vgic_model:\tGICv2\n"));
  assert.match(
    v2.stderr,
    /No machine can be made of "v2": a GICv2 has no ITS; a GICv3 is wanted\. \[GICWB-STATE-IMPORT\]/,
  );
});

test("the command line is checked", () => {
  for (const [args, message] of [
    [["migrate"], /gicwb migrate needs FILE, --list or --matrix\./],
    [["migrate", "--list", "--matrix"], /--matrix and --list exclude each other\./],
    [["migrate", script, script], /takes one FILE/],
    [["migrate", "--first", "0", script], /--first is for --matrix\./],
    [["migrate", "--order", "sideways", script], /sideways/],
    [["state", "save", script], /gicwb state save needs --output FILE\./],
    [["state", "show", script, "-o", "x"], /--output and --raw are for save and import; dump takes --output\./],
    [["state", "dump", script, "--raw"], /--raw is for save and import\./],
    [["state", "show", script, script], /gicwb state show takes one FILE/],
    [["state", "show", script, "--model", "kvm"], /--model is for gicwb state import\./],
    [["state", "import", "vgic-state"], /gicwb state import vgic-state needs FILE\./],
    [["state", "import", script], /gicwb state import knows vgic-state and guest, not "one\.itscmd"\./],
    [["state", "eat", script], /gicwb state cannot "eat"/],
  ] as const) {
    const { status, stderr } = gicwb(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message);
  }
  const bad = gicwb("migrate", file("bad.itscmd", "MAPC ICID=0, RDbase=9\n"));
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /^bad\.itscmd:1:\d+: error .*\ngicwb: "bad\.itscmd" cannot be run: it has errors/);
  const qemu = gicwb("migrate", file("qemu.itscmd", "machine { model = qemu-7.2 }\nMAPC ICID=0, RDbase=1\n"));
  assert.match(
    qemu.stderr,
    /"qemu\.itscmd" cannot be migrated: a machine of the model qemu-7\.2 is not saved step by step/,
  );
});
