import assert from "node:assert/strict";
import { test } from "node:test";
import { readLog } from "./qemu-log.ts";
import { eventText } from "./side.ts";

const command = (slot: string, opcode: string): string =>
  `gicv3_its_process_command GICv3 ITS: processing command at offset 0x${slot}: 0x${opcode}\n`;
const texts = (log: string, cpus = 4): string[] => readLog(log, cpus).events.map(eventText);

test("commands have the outcomes that QEMU's log tells", () => {
  const log = [
    command("0", "9"),
    "gicv3_its_cmd_mapc GICv3 ITS: command MAPC ICID 0x1 RDbase 0x2 V 1\n",
    command("1", "a"),
    "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x1 EventID 0x2 ICID 0x3 pINTID 0x5\n",
    "process_mapti: invalid interrupt ID 0x5\n",
    command("2", "1f"),
    "gicv3_its_cmd_unknown GICv3 ITS: unknown command 0x1f\n",
    command("3", "8"),
    "process_cmdq: 0x8 cmd processing failed, stalling\n",
  ].join("");
  assert.deepEqual(texts(log), [
    "command at queue offset 0x0, opcode 0x9: done",
    "command at queue offset 0x20, opcode 0xa: error-ignored",
    "command at queue offset 0x40, opcode 0x1f: unknown-ignored",
    "command at queue offset 0x60, opcode 0x8: stall",
  ]);
});

test("a guest error without a newline hides no event behind it", () => {
  const log = `${command("0", "3")}gicv3_its_cmd_int GICv3 ITS: command INT\ndo_process_its_cmd: invalid command attributes: devid 9>=8${command("1", "5")}gicv3_its_cmd_sync GICv3 ITS: command SYNC\n`;
  assert.deepEqual(texts(log), [
    "command at queue offset 0x0, opcode 0x3: error-ignored",
    "command at queue offset 0x20, opcode 0x5: done",
  ]);
});

test("a collection on a PE that does not exist, and a VMOVP without a vPE, are ignored in silence", () => {
  const cte = "gicv3_its_cte_read GICv3 ITS: Collection Table read for ICID 0x1: valid 1 RDBase 0x4\n";
  const int = `${command("0", "3")}gicv3_its_cmd_int GICv3 ITS: command INT DeviceID 0x1 EventID 0x1\n${cte}`;
  assert.deepEqual(texts(int, 4), ["command at queue offset 0x0, opcode 0x3: silently-ignored"]);
  assert.deepEqual(texts(int, 5), ["command at queue offset 0x0, opcode 0x3: done"]);
  const vmovp = `${command("0", "22")}gicv3_its_cmd_vmovp GICv3 ITS: command VMOVP\n`;
  assert.deepEqual(texts(vmovp), ["command at queue offset 0x0, opcode 0x22: silently-ignored"]);
  assert.deepEqual(texts(command("0", "25")), ["command at queue offset 0x0, opcode 0x25: silently-ignored"]);
});

test("errors behind the write that ran the queue are no command's, and priorities stand where they were told", () => {
  const log = `${command("0", "3")}gicv3_its_cmd_int GICv3 ITS: command INT\ngicv3_cpuif_update GICv3 CPU i/f 0x2 HPPI update: irq 8193 group 2 prio 160\ngicv3_its_write GICv3 ITS write: offset 0x88 data 0x20 size 8\nprocess_cmdq: invalid write offset 900\n`;
  assert.deepEqual(texts(log), [
    "command at queue offset 0x0, opcode 0x3: done",
    "PE 2: highest priority pending interrupt 8193, group 2, priority 0xa0",
  ]);
});

test("a write to flash memory says that the machines cannot be compared further", () => {
  const { foreign } = readLog("pflash_io_write virt.flash0: offset:0x0000 size:4 value:0x0060 wcycle:0\n", 1);
  assert.match(foreign ?? "", /flash/);
});
