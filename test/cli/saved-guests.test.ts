import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fixture } from "../dumps/guests/fixtures.ts";
import { kvmState } from "../dumps/guests/kvm-guest.ts";
import { cloudHypervisorState, firecrackerText, memoryFile } from "../dumps/guests/vmm-files.ts";

const root = path.join(import.meta.dirname, "..", "..");
const main = path.join(root, "cli", "main.ts");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-guests-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function gicwb(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const { bytes } = fixture("qemu-gicv3");
const stream = file("guest.stream", bytes);

test("decode walks a guest that QEMU saved", () => {
  const { status, stdout, stderr } = gicwb("decode", stream);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  const lines = stdout.split("\n");
  assert.equal(lines[0], "QEMU migration stream, machine virt-7.2: GICv3, 2 PEs, 1 ITS");
  for (const line of [
    "memory mach-virt.ram: 16 MiB at 0x40000000",
    "SPIs, GICD_CTLR = 0x52: enabled 33 36 40 287; pending 40; active 36 66",
    "PE 1, in EL1: enabled 1 28; pending 2",
    "device table at 0x40110000, two-level, pages of 64 KiB; by guest.stream",
    "DeviceID 0x2001 (20:00.1), ITT at 0x40170200, 5 EventID bits",
    "     17   9000     1   1      yes      0x40     PE 1  ",
  ])
    assert.ok(
      lines.some((found) => found.trimEnd() === line.trimEnd()),
      `${line} in\n${stdout}`,
    );
});

test("decode --json has its registers", () => {
  const { guests, devices } = JSON.parse(gicwb("decode", "--json", stream).stdout);
  assert.equal(guests.length, 1);
  assert.equal(guests[0].distributor.GICD_ISENABLER8, "0x80000000");
  assert.equal(guests[0].its[0].GITS_BASER1, "0x8407000040130200");
  assert.equal(devices.length, 3);
});

test("trace-msi follows an MSI through it", () => {
  const { status, stdout } = gicwb("trace-msi", stream, "0x2001", "17");
  assert.equal(status, 0);
  assert.match(stdout, /GICR_CTLR at 0x80c0000 = 0x00000003: LPIs are enabled on PE 1/);
});

test("a stream that is cut off is read as far as it goes, with exit code 1", () => {
  const { status, stdout, stderr } = gicwb("decode", file("cut.stream", bytes.subarray(0, 380_000)));
  assert.equal(status, 1);
  assert.match(stderr, /^cut\.stream: the stream does not end with its description \(JSON\)/);
  assert.match(stdout, /memory mach-virt\.ram: 16 MiB/);
  assert.match(stdout, /No device table/);
});

test("names in a stream do not steer the terminal", () => {
  const text = Buffer.from(bytes).toString("latin1").replaceAll("virt-7.2", "v\x1b[2J\x1b[m");
  const { stdout } = gicwb("decode", file("steering.stream", Buffer.from(text, "latin1")));
  assert.ok(!stdout.includes("\x1b"));
});

test("a compressed stream of libvirt says what to do", () => {
  const header = Buffer.alloc(200);
  header.write("LibvirtQemudSave");
  header.writeUInt32LE(2, 16);
  header.writeUInt32LE(1, 28);
  const { status, stderr } = gicwb("decode", file("libvirt.save", header));
  assert.equal(status, 1);
  assert.match(stderr, /cannot be read\. libvirt compressed the stream\. Unpack it/);
});

test("a guest stands beside other files of a capture", () => {
  const log = file("interrupts.txt", " 30:  5  0  ITS-MSI 32768 Edge  nvme0q0\n");
  const { status, stdout } = gicwb("decode", stream, log);
  assert.equal(status, 0);
  assert.match(stdout, /1 lines of ITS interrupts/);
});

test("state show and run take it as a machine, and say what the machine has otherwise", () => {
  const { status, stdout, stderr } = gicwb("state", "show", stream);
  assert.equal(status, 0);
  assert.match(stdout, /^model qemu-7\.2, 2 PEs, GICv3$/m);
  assert.match(stdout, /^ {4}EventID 0x11 is LPI 9000, ICID 0x1, enabled, priority 0x40, pending$/m);
  assert.match(stderr, /not taken over: devices timer, /);
  const script = file("next.itscmd", "INT DeviceID=0x8, EventID=0\n");
  const run = gicwb("run", script, "--state", stream);
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

test("state import writes it as a state file", () => {
  const output = path.join(folder, "guest.gicstate.json");
  const { status, stdout } = gicwb("state", "import", "guest", stream, "-o", output);
  assert.equal(status, 0);
  assert.match(stdout, /a machine of qemu-7\.2/);
  assert.match(gicwb("state", "show", output).stdout, /LPI 9000/);
  const newer = gicwb("state", "import", "guest", stream, "--model", "qemu-11.1");
  assert.match(newer.stdout, /^model qemu-11\.1, /m);
});

test("state import refuses what is no guest", () => {
  const text = gicwb("state", "import", "guest", file("no.txt", "nothing"));
  assert.equal(text.status, 1);
  assert.match(text.stderr, /it is no guest that another program saved/);
});

test("decode takes the folder of a snapshot of cloud-hypervisor, or its state.json", () => {
  const state = kvmState();
  mkdirSync(path.join(folder, "snapshot"));
  file("snapshot/config.json", "{}");
  const json = file("snapshot/state.json", cloudHypervisorState(state));
  file("snapshot/memory-ranges", memoryFile(state));
  for (const place of [path.join(folder, "snapshot"), json]) {
    const { status, stdout, stderr } = gicwb("decode", place);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^cloud-hypervisor snapshot: GICv3, 2 PEs, 1 ITS$/m);
    assert.match(stdout, /^ {6}3 {3}8192 {5}1 {3}1 .* PE 1/m);
    assert.doesNotMatch(stdout, /is left out/);
  }
  const shown = gicwb("state", "show", json);
  assert.match(shown.stdout, /EventID 0x3 is LPI 8192, ICID 0x1, enabled, priority 0xa0, pending/);
});

test("decode takes what Firecracker's snapshot-editor prints, with the memory beside it", () => {
  const state = kvmState();
  mkdirSync(path.join(folder, "firecracker"));
  const text = file("firecracker/vmstate.txt", firecrackerText(state));
  assert.match(gicwb("decode", text).stdout, /note: the file with the guest's memory is not beside it/);
  file("firecracker/mem_file", memoryFile(state));
  const { status, stdout } = gicwb("decode", path.join(folder, "firecracker"));
  assert.equal(status, 0);
  assert.match(stdout, /^Firecracker snapshot: GICv3, 2 PEs, 1 ITS$/m);
  assert.match(stdout, /^ {6}3 {3}8192 {5}1 {3}1 .* PE 1/m);
});

test("decode prints findings, with exit code 1", () => {
  mkdirSync(path.join(folder, "shared"));
  const state = kvmState();
  const json = file(
    "shared/state.json",
    cloudHypervisorState(state, (gic) => {
      const words = gic.rdist as number[];
      gic.rdist = [...words.slice(0, 7), ...words.slice(0, 7), ...words.slice(14)];
    }),
  );
  file("shared/memory-ranges", memoryFile(state));
  const { status, stdout } = gicwb("decode", json);
  assert.equal(status, 1);
  assert.match(stdout, /^finding: PEs 0, 1 have the LPI pending table at 0x40200000 in common/m);
  const { guests } = JSON.parse(gicwb("decode", "--json", json).stdout);
  assert.deepEqual(guests[0].findings[0].pes, [0, 1]);
});
