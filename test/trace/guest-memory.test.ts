import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeCommand, formatCommand } from "../../architecture/index.ts";
import type { TraceEvent } from "../../dumps/qemu-trace/event.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";
import { queuedCommands } from "../../runner/trace/commands.ts";
import { LpiProperties } from "../../runner/trace/lpi-properties.ts";
import { PriorityRecord } from "../../runner/trace/priority-record.ts";
import type { TraceTarget } from "../../runner/trace/target.ts";

function events(...lines: string[]): TraceEvent[] {
  return lines.map((line, i) => {
    const event = parseTraceLine(line, i + 1);
    if (typeof event === "string") throw new Error(`${line} is ${event}`);
    return event;
  });
}

describe("a command queue is made of the lines of its commands", () => {
  for (const [opcode, line, command] of [
    [
      "0x8",
      "mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x4 ITT_addr 0x4275ea V 1",
      "MAPD DeviceID=0x8, ITT_addr=0x4275ea00, Size=4",
    ],
    ["0x8", "mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x0 ITT_addr 0x0 V 0", "MAPD DeviceID=0x8, V=0"],
    ["0x9", "mapc GICv3 ITS: command MAPC ICID 0x1 RDbase 0x3 V 1", "MAPC ICID=1, RDbase=3"],
    [
      "0xa",
      "mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x2 ICID 0x1 pINTID 0x2001",
      "MAPTI DeviceID=0x8, EventID=0x2, pINTID=8193, ICID=1",
    ],
    ["0xe", "movall GICv3 ITS: command MOVALL RDbase1 0x1 RDbase2 0x2", "MOVALL RDbase1=1, RDbase2=2"],
    [
      "0x2a",
      "vmapti GICv3 ITS: command VMAPI DeviceID 0x1 EventID 0x2 vPEID 0x3 vINTID 0x2000 Dbell_pINTID 0x2005",
      "VMAPTI DeviceID=0x1, EventID=0x2, vPEID=3, vINTID=8192, Dbell_pINTID=8197",
    ],
    [
      "0x29",
      "vmapp GICv3 ITS: command VMAPP vPEID 0x3 RDbase 0x1 V 1 VPT_addr 0x4123 VPT_size 0xf",
      "VMAPP vPEID=3, RDbase=1, VPT_addr=0x41230000, VPT_size=15",
    ],
    [
      "0x21",
      "vmovi GICv3 ITS: command VMOVI DeviceID 0x1 EventID 0x2 vPEID 0x3 D 1 Dbell_pINTID 0x2006",
      "VMOVI DeviceID=0x1, EventID=0x2, vPEID=3, D=1, Dbell_pINTID=8198",
    ],
  ]) {
    test(command, () => {
      const lines = events(
        `gicv3_its_process_command GICv3 ITS: processing command at offset 0x1f: ${opcode}`,
        `gicv3_its_cmd_${line}`,
      );
      const [queued] = queuedCommands(lines);
      assert.equal(queued.slot, 31);
      assert.equal(formatCommand(queued.words), command);
    });
  }

  test("with an opcode alone where nothing else is known", () => {
    const [first, second] = queuedCommands(
      events(
        "gicv3_its_process_command GICv3 ITS: processing command at offset 0x0: 0x25",
        "gicv3_its_process_command GICv3 ITS: processing command at offset 0x1: 0x77",
        "gicv3_its_cmd_unknown GICv3 ITS: unknown command 0x77",
      ),
    );
    assert.equal(decodeCommand(first.words).command?.name, "VSYNC");
    assert.deepEqual(second.words, [0x77n, 0n, 0n, 0n]);
  });
});

/** A machine with a distributor (one Security state), a property table at 0x1000 and nothing else. */
class PropertyTable {
  readonly bytes = new Map<number, bigint>();
  readonly target: TraceTarget = {
    onEvent: undefined,
    produces: new Set(),
    read: (frame) => (frame === "distributor" ? 0x52n : 0x1000n),
    write: () => undefined,
    readSystemRegister: () => undefined,
    writeSystemRegister: () => false,
    setLine: () => undefined,
    signalMsi: () => undefined,
    changeExceptionLevel: () => undefined,
    readMemory: () => undefined,
    writeMemory: (address, _bytes, value) => void this.bytes.set(address, value),
    checkpoint: () => () => false,
    describe: () => [],
  };
}

const ITE =
  "gicv3_its_ite_read GICv3 ITS: Interrupt Table read for ITTaddr 0x4275ea00 EventID 0x0: valid 1 inttype 1 intid 0x2000 ICID 0x0 vPEID 0x0 doorbell 0x3ff";
const NOTHING = "gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq 8192 group 2 prio 255";
const SHOWN = "gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq 8192 group 2 prio 160";
const OTHER = "gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq 8199 group 2 prio 192";
const INV = "gicv3_its_cmd_inv GICv3 ITS: command INV DeviceID 0x8 EventID 0x0";
const INT = "gicv3_its_cmd_int GICv3 ITS: command INT DeviceID 0x8 EventID 0x0";
const PROPERTY = 0x1000;

describe("an LPI's property", () => {
  function machine() {
    const record = new PriorityRecord();
    record.add(8192, 100, 0xa0);
    const { bytes, target } = new PropertyTable();
    const properties = new LpiProperties(target, record);
    properties.afterRedistributorWrite(0);
    return { properties, bytes };
  }

  test("is what the first update shows, from the start", () => {
    assert.equal(machine().bytes.get(PROPERTY), 0xa1n);
  });

  test("is suspected when the machine tells of the LPI and the trace of nothing, or of another", () => {
    const { properties, bytes } = machine();
    const [shown, nothing, other] = events(SHOWN, NOTHING, OTHER);
    assert.equal(properties.suspect(shown, nothing), 8192);
    assert.equal(properties.suspect(shown, other), 8192);
    assert.equal(properties.suspect(nothing, shown), undefined);
    assert.equal(properties.suspect(other, shown), undefined);
    properties.disable(8192);
    assert.equal(bytes.get(PROPERTY), 0xa0n);
    assert.equal(properties.suspect(shown, nothing), undefined);
  });

  for (const [what, lines, byte] of [
    ["stays disabled when it becomes pending", [INT, ITE, NOTHING], 0xa0n],
    ["is as its next update shows when INV looks at it", [INV, ITE, NOTHING], 0xa1n],
    ["is enabled when an update shows it", [INT, ITE, SHOWN], 0xa1n],
  ] as const) {
    test(what, () => {
      const { properties, bytes } = machine();
      properties.disable(8192);
      properties.beforeInput(events(...lines));
      assert.equal(bytes.get(PROPERTY), byte);
    });
  }

  test("has the priority that comes next", () => {
    const record = new PriorityRecord();
    for (const [line, priority] of [
      [10, 0xa0],
      [20, 0xa0],
      [30, 0x40],
      [40, 0xa0],
    ]) {
      record.add(8192, line, priority);
    }
    assert.deepEqual(
      [1, 20, 21, 30, 31, 99].map((line) => record.at(8192, line)),
      [0xa0, 0xa0, 0x40, 0x40, 0xa0, 0xa0],
    );
    assert.equal(record.at(8193, 1), undefined);
  });
});
