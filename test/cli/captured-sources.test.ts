import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { gicwb } from "./gicwb.ts";

const LINUX = path.join(import.meta.dirname, "..", "..", "examples", "captures", "linux-6.1-qemu-gicv3");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-sources-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Files of the Linux guest without what says registers or addresses, and a trace instead. */
for (const name of readdirSync(LINUX)) {
  if (!["registers.txt", "boot.log", "addresses.json"].includes(name))
    copyFileSync(path.join(LINUX, name), path.join(folder, name));
}
writeFileSync(
  path.join(folder, "qemu.log"),
  [
    "gicv3_its_write GICv3 ITS write: offset 0x100 data 0xf8000000425a0600 size 8",
    "gicv3_its_write GICv3 ITS write: offset 0x108 data 0xb8000000425b0600 size 8",
    "gicv3_redist_write GICv3 redistributor 0x0 write: offset 0x70 data 0x425c078f size 8 secure 0",
    "gicv3_redist_write GICv3 redistributor 0x0 write: offset 0x78 data 0x425d0780 size 8 secure 0",
    "gicv3_its_write GICv3 ITS write: offset 0x0 data 0x1 size 4",
    "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x0 ITT_addr 0x42f6dc V 1",
    "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x0 ICID 0x0 pINTID 0x2001",
    "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x9 Size 0x0 ITT_addr 0x42f6dc V 1",
    "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x9 EventID 0x0 ICID 0x0 pINTID 0x2001",
    "",
  ].join("\n"),
);

test("decode takes registers of a trace, and says where the trace and the tables differ", async () => {
  const { code, out, err } = await gicwb("decode", folder);
  assert.deepEqual([code, err], [0, ""]);
  for (const line of [
    "device table at 0x425a0000, two-level, pages of 64 KiB; by qemu.log:1",
    "LPI configuration table at 0x425c0000; by qemu.log:3",
    "DeviceID 0x200 (02:00.0), ITT at 0x48111c00, 3 EventID bits",
    "qemu.log: 2 devices, of which 1 agrees with the tables and 2 events, of which 0 agree with the tables",
    "  qemu.log:7: EventID 0 of DeviceID 0x8 has INTID 8193; in the tables it is 8192 at 0x42f6dc00, itt.xp.txt",
    "  qemu.log:8: DeviceID 0x9 is not mapped in the device table",
  ])
    assert.ok(out.split("\n").includes(line), `${line} in\n${out}`);
  assert.ok(!out.includes("qemu.log:9"), "of a device that is not there no event is told");
});

test("decode --json has registers and events that differ with both places", async () => {
  const registers = path.join(folder, "registers.txt");
  writeFileSync(registers, "0000000008080100: 0xf9070000425a0500 0xbc070000425b0600\n");
  try {
    const { values, said } = JSON.parse((await gicwb("decode", "--json", folder)).out);
    assert.deepEqual(values[0], {
      register: "GITS_BASER0",
      believed: { value: "0xf9070000425a0500", source: { file: "registers.txt", line: 0 } },
      other: { value: "0xf9070000425a0600", source: { file: "qemu.log", line: 1 } },
    });
    assert.deepEqual(
      said.map(({ kind }: { kind: string }) => kind),
      ["agrees", "no device", "other INTID", "no device"],
    );
    const { out } = await gicwb("decode", folder);
    assert.match(
      out,
      /GITS_BASER0 is 0xf9070000425a0500 by registers\.txt, 0xf9070000425a0600 by qemu\.log:1; the first is believed/,
    );
  } finally {
    rmSync(registers);
  }
});

test("trace-msi and check go by a trace's registers, too", async () => {
  const { code, out } = await gicwb("trace-msi", folder, "0x8", "0");
  assert.equal(code, 0);
  assert.match(out, /^ok {7}GITS_CTLR at 0x8080000 = 0x80000001: /m);
  assert.match((await gicwb("check", folder)).out, /qemu/);
});
