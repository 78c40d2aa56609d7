import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { eventText, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import { eventSpecs } from "../../dumps/qemu-trace/event-table.ts";
import { parseTraceLine } from "../../dumps/qemu-trace/parse-line.ts";

function parsed(text: string): TraceEvent {
  const event = parseTraceLine(text, 1);
  assert.ok(typeof event !== "string", `${text} is ${String(event)}`);
  return event;
}

const READ = "gicv3_dist_read GICv3 distributor read: offset 0x4 data 0x37a0007 size 4 secure 0";

describe("a line of a trace", () => {
  test("gives name and fields", () => {
    const { spec, values, line } = parsed(READ);
    assert.equal(spec.name, "gicv3_dist_read");
    assert.equal(line, 1);
    assert.deepEqual(values, [4, 0x37a0007n, 4, 0]);
  });

  test("has 64-bit values and negative numbers", () => {
    assert.deepEqual(parsed("gicv3_its_write GICv3 ITS write: offset 0x100 data 0xf907000042590600 size 8").values, [
      0x100,
      0xf907_0000_4259_0600n,
      8,
    ]);
    const update = "gicv3_cpuif_virt_update GICv3 CPU i/f 0x1 virt HPPI update LR index -1 HPPVLPI 0 grp 0 prio 255";
    assert.deepEqual(parsed(update).values, [1, -1, 0, 0, 255]);
  });

  test("has no digit behind an SGI's affinity", () => {
    const sgi = "gicv3_icc_generate_sgi GICv3 CPU i/f 0x1 generating SGI 1 IRM 0 target affinity 0x10xx targetlist 0x1";
    assert.deepEqual(parsed(sgi).values, [1, 1, 0, 0x10, 1]);
  });

  test("tells VMAPTI from VMAPI, which have the same word", () => {
    const line = "GICv3 ITS: command VMAPI DeviceID 0x1 EventID 0x2 vPEID 0x3 vINTID 0x2000 Dbell_pINTID 0x3ff";
    assert.equal(parsed(`gicv3_its_cmd_vmapti ${line}`).values[3], 0x2000);
    assert.equal(parseTraceLine(`gicv3_its_cmd_vmapi ${line}`, 1), "unreadable");
  });

  for (const [what, prefix] of [
    ["thread and time of QEMU up to 10.0", "24080@1795180068.038892:"],
    ["the time of QEMU 10.1", "2025-07-21T18:43:28.089797Z "],
    ["a journal's prefix", "Nov 20 15:11:02 host qemu[812]: "],
    ["a guest error without a line's end", "process_mapti: invalid command attributes: devid 9>=8"],
    ["a guest error of the same name", "gicv3_dist_read: invalid guest read at offset 0c size 4 "],
  ]) {
    test(`may stand behind ${what}`, () => assert.equal(parsed(prefix + READ).spec.name, "gicv3_dist_read"));
  }

  test("may end as DOS lines do", () => assert.equal(eventText(parsed(`${READ}\r`)), READ));

  for (const [text, kind] of [
    ["gicv3_dist_read: invalid guest read at offset 000000000000000c size 4", "other"],
    ["", "other"],
    ["[    0.000000] GICv3: 256 SPIs implemented", "other"],
    ["gicv3_dist_read GICv3 distributor read: offset 0x4 data 0x37a", "unreadable"],
    ["gicv3_dist_read GICv3 distributor read: offset 4 data 0x37a size 4 secure 0", "unreadable"],
    [`${READ}4294967296429496729642949672964294967296`, "unreadable"],
    ["gicv3_new_event GICv3 something new 0x4", "unreadable"],
  ]) {
    test(`is no event: ${text.slice(0, 60)}`, () => assert.equal(parseTraceLine(text, 1), kind));
  }
});

test("every event is read back from the line that it makes", () => {
  for (const spec of eventSpecs.values()) {
    const values = spec.fields.map(({ wide }, i) => (wide ? 0xfedc_ba98_7654_3210n - BigInt(i) : 17 + i));
    const event = { line: 7, spec, values };
    assert.deepEqual(parseTraceLine(eventText(event), 7), event);
  }
});

test("no text makes the parser throw", () => {
  const pieces = fc.constantFrom(...[...eventSpecs.values()].flatMap(({ name, literals }) => [name, ...literals]));
  const text = fc
    .array(fc.oneof(pieces, fc.string(), fc.constantFrom("0x", "ffffffffffffffffff", "-", " ")))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (line) => void parseTraceLine(line, 1)),
    { numRuns: 2000 },
  );
});

test("every event of a real boot is read, and written as it was", () => {
  const file = path.join(import.meta.dirname, "../traces/linux-6.1-qemu-gicv3-trace.log.gz");
  const lines = gunzipSync(readFileSync(file)).toString("latin1").trimEnd().split("\n");
  const others = lines.filter((line, i) => {
    const event = parseTraceLine(line, i + 1);
    if (typeof event === "string") return true;
    assert.equal(eventText(event), line);
    return false;
  });
  assert.deepEqual(others, ["gicv3_dist_read: invalid guest read at offset 000000000000000c size 4"]);
});
