import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { readDump } from "../../dumps/read-dump.ts";
import { ScriptDocument } from "../../language/index.ts";
import { prepareTarget, ScriptRun } from "../../runner/index.ts";
import { gicwb } from "./gicwb.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-import-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const queue = path.join(import.meta.dirname, "linux-queue");

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

/** The statements of an imported script, without machine and comments. */
async function statements(content: string | Uint8Array, ...options: readonly string[]): Promise<string[]> {
  const { out, err, code } = await gicwb("import", file("log", content), ...options);
  assert.deepEqual([code, err], [0, ""]);
  return out
    .split("\n")
    .slice(out.split("\n").indexOf("}") + 2)
    .filter((line) => line !== "");
}

/** Runs a script; its machine afterwards. */
function run(text: string) {
  const document = new ScriptDocument(text);
  assert.deepEqual(document.diagnostics().list, []);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  const script = new ScriptRun(document, prepared.target);
  for (let done = script.step(); done !== undefined; done = script.step()) assert.deepEqual(done.result.problems, []);
  return script.target;
}

describe("the queue of a Linux guest, imported and run", () => {
  /** Every word of a dump that is not zero, and what the machine has there. @param shift what is added to the dump's addresses */
  function same(target: ReturnType<typeof run>, dump: string | Uint8Array, shift = 0): number {
    const { memory } = readDump(dump);
    let words = 0;
    for (const { address, length } of memory.spans())
      for (let at = address; at + 8 <= address + length; at += 8) {
        const expected = memory.read(at, 8);
        assert.deepEqual(target.readMemory(at + Number(memory.origin) + shift, 8), expected, `at 0x${at.toString(16)}`);
        words++;
      }
    return words;
  }

  async function imported(place: string) {
    const { out, code } = await gicwb(
      "import",
      path.join(place, "command-queue.xp.txt"),
      "--registers",
      path.join(place, "registers.txt"),
      "--model",
      "qemu",
    );
    assert.equal(code, 0);
    const page = /^mem64\[0x425a0000\] = 0x80000000([0-9a-f]{8}) {2}# a level-2 page/m.exec(out);
    return { target: run(out), level2: Number.parseInt(page?.[1] ?? "", 16) };
  }

  test("has the captured tables: devices, collections, interrupts", async () => {
    const { target, level2 } = await imported(queue);
    const text = (name: string) => readFileSync(path.join(queue, name), "utf8");
    assert.equal(same(target, text("device-table-l2.txt"), level2), 6);
    assert.ok(same(target, text("collection-table.xp.txt")) >= 4);
    assert.ok(same(target, text("itt.xp.txt")) > 30);
  });

  test("and so has the whole capture, byte for byte, where it is there", async () => {
    const capture = path.resolve(import.meta.dirname, "../../../shared/captures/linux-6.1-qemu-gicv3");
    const { target, level2 } = await imported(existsSync(capture) ? capture : queue);
    const raw = (name: string, address: number) => {
      const place = path.join(capture, name);
      if (!existsSync(place)) return;
      const bytes = readFileSync(place);
      assert.deepEqual(Buffer.from(target.readMemory(address, bytes.length) ?? []), bytes, name);
    };
    raw("device-table-l2-0.bin", level2);
    raw("collection-table.bin", 0x425b0000);
    assert.equal(target.tables(0).event(0x8, 0)?.intid, 8192);
  });
});

describe("logs", () => {
  test("QEMU's trace: commands and MSIs, and what it does not show is said", async () => {
    const text = [
      "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x0 ITT_addr 0x42f6dc V 1",
      "24080@1795180068.038892:gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x0 ICID 0x0 pINTID 0x2000",
      "2025-07-21T18:43:28.089797Z gicv3_its_cmd_invall GICv3 ITS: command INVALL",
      "gicv3_its_write GICv3 ITS write: offset 0x88 data 0x40 size 8",
      "gicv3_its_translation_write GICv3 ITS TRANSLATER write: offset 0x40 data 0x1 size 4 requester_id 0x8",
    ].join("\n");
    assert.deepEqual(await statements(text), [
      "MAPD DeviceID=0x8, ITT_addr=0x42f6dc00, Size=0  # line 1",
      "MAPTI DeviceID=0x8, EventID=0x0, pINTID=8192, ICID=0  # line 2",
      "INVALL ICID=0  # line 3; ICID is not in the trace",
      "msi DeviceID=0x8, EventID=0x1  # line 5",
    ]);
    const { out } = await gicwb("import", file("trace", text));
    assert.match(out, /model = qemu-7\.2/);
    assert.match(out, /# Left out, .*1 of gicv3_its_write/);
  });

  test("kvm-unit-tests", async () => {
    const text = [
      "ITS: MAPD devid=2 size = 0x8 itt=0x40440000 valid=1",
      "INFO: MAPC col_id=3 target_addr = 0x30000 valid=1",
      "MAPTI dev_id=2 event_id=20 -> phys_id=8195, col_id=3",
      "INVALL col_id=3",
      "INV dev_id=2 event_id=20",
      "INT dev_id=2 event_id=20",
      "MOVI dev_id=2 event_id = 20 col_id=3",
      "SYNC target_addr = 0x30000",
      "PASS: gicv3: its-trigger: int",
    ].join("\n");
    assert.deepEqual(
      (await statements(text)).map((line) => line.replace(/ {2}#.*/, "")),
      [
        "MAPD DeviceID=0x2, ITT_addr=0x40440000, Size=7, V=1",
        "MAPC ICID=3, RDbase=3, V=1",
        "MAPTI DeviceID=0x2, EventID=0x14, pINTID=8195, ICID=3",
        "INVALL ICID=3",
        "INV DeviceID=0x2, EventID=0x14",
        "INT DeviceID=0x2, EventID=0x14",
        "MOVI DeviceID=0x2, EventID=0x14, ICID=3",
        "SYNC RDbase=3",
      ],
    );
    run((await gicwb("import", file("kut", text))).out);
  });

  test("Xen and gem5: packets", async () => {
    const words = "0000001000000003 0000000000000001 0000000000000000 0000000000000000";
    const dws = words.split(" ").map((word, number) => `dw${number}: 0x${BigInt(`0x${word}`).toString(16)}`);
    for (const line of [`(XEN) d0v1   cmd 0x03: ${words}`, `1000: system.realview.gic.its: ${dws.join(" ")}`])
      assert.deepEqual(await statements(line), ["INT DeviceID=0x10, EventID=0x1  # line 1"]);
  });

  test("ftrace: lines of devices; of an LPI it is said that its event is not known", async () => {
    const prefix = "qemu-1234  [001] d..1 100.000001:";
    const text = [
      `${prefix} vgic_update_irq_pending: VCPU: 0, IRQ 40, level: 1`,
      `${prefix} vgic_update_irq_pending: VCPU: 1, IRQ 27, level: 0`,
      `${prefix} vgic_update_irq_pending: VCPU: 2, IRQ 8195, level: 1`,
      `${prefix} kvm_irq_line: Inject VGIC SPI interrupt (1), vcpu->idx: 0, num: 40, level: 1`,
    ].join("\n");
    assert.deepEqual(await statements(text), [
      "line 40 = 1  # line 1",
      "line 27, 1 = 0  # line 2",
      "# LPI 8195 became pending on PE 2: its DeviceID and EventID are not in the trace (line 3)",
    ]);
  });

  test("a raw queue, with the address that is given", async () => {
    const bytes = new Uint8Array(96);
    bytes[0] = 5;
    bytes[64] = 13;
    assert.deepEqual(await statements(bytes, "--base", "0x40010000"), [
      "SYNC RDbase=0  # slot 0, at 0x40010000",
      "INVALL ICID=0  # slot 2, at 0x40010040",
    ]);
  });

  test("a file with nothing of it says so", async () => {
    const { code, err } = await gicwb("import", file("zeros", new Uint8Array(64)));
    assert.equal(code, 1);
    assert.match(err, /GICWB-IMPORT-NONE/);
  });
});
