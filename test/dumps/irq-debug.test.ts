import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CaptureFacts, openCapture, walkCapture } from "../../dumps/captures/index.ts";
import { readIrqDebug } from "../../dumps/captures/irq-debug.ts";
import { finish, readDump } from "../../dumps/index.ts";
import { fixture, guestOf } from "./guests/fixtures.ts";

/** What irq_debug_show of Linux prints, made by hand from its format. */
function debugfs(options: { hwirq: number; lpi: number; cpu: number; chip?: string; device?: string }): string {
  const { hwirq, lpi, cpu, chip = "ITS-MSI", device = "0000:00:02.0" } = options;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  return [
    "handler:  handle_fasteoi_irq",
    `device:   ${device}`,
    "status:   0x00000000",
    "istate:   0x00004000",
    "ddepth:   0",
    "wdepth:   0",
    "dstate:   0x37408200",
    "            IRQD_ACTIVATED",
    "            IRQD_SINGLE_TARGET",
    "node:     0",
    "affinity: 0-1",
    `effectiv: ${cpu}`,
    "domain:  :intc@8000000:its@8080000-1-3",
    ` hwirq:   ${hex(hwirq)}`,
    ` chip:    ${chip}`,
    "  flags:   0x70",
    " parent:",
    "    domain:  :intc@8000000:its@8080000-5",
    `     hwirq:   ${hex(lpi)}`,
    "     chip:    ITS",
    "      flags:   0x0",
    "     parent:",
    "        domain:  :intc@8000000-1",
    `         hwirq:   ${hex(lpi)}`,
    "         chip:    GICv3",
    "          flags:   0x15",
    "",
  ].join("\n");
}

const WIRED = debugfs({ hwirq: 33, lpi: 33, cpu: 0 }).replaceAll("ITS-MSI", "GICv3");

function lines(text: string, file = "17") {
  const facts = new CaptureFacts();
  readIrqDebug(text, file, facts);
  return facts.interrupts;
}

test("an interrupt has DeviceID and index in its MSI's hwirq, and its LPI below", () => {
  const [line, ...more] = lines(debugfs({ hwirq: (0x10 << 11) | 5, lpi: 8200, cpu: 1 }));
  assert.deepEqual(more, []);
  assert.deepEqual(line, {
    irq: 17,
    counts: [],
    chip: "ITS-MSI",
    hwirq: (0x10 << 11) | 5,
    actions: "0000:00:02.0",
    intid: 8200,
    effective: 1,
    source: { file: "17", line: 1 },
  });
});

test("several are told apart by grep's prefix and tail's headings; wired ones are passed over", () => {
  const text = debugfs({ hwirq: 0x8000, lpi: 8192, cpu: 0 });
  const grep = text.replaceAll(/^(?=.)/gm, "/sys/kernel/debug/irq/irqs/44:");
  const tail = `==> /sys/kernel/debug/irq/irqs/50 <==\n${text}\n==> /sys/kernel/debug/irq/irqs/51 <==\n${WIRED}`;
  assert.deepEqual(
    lines(`${grep}${tail}`, "all.txt").map(({ irq, intid }) => [irq, intid]),
    [
      [44, 8192],
      [50, 8192],
    ],
  );
  assert.deepEqual(
    lines(text, "some.txt").map(({ irq }) => irq),
    [undefined],
  );
});

test("it is compared with the tables: agrees, another LPI, another CPU, no event", () => {
  const guest = guestOf(fixture("qemu-gicv3").bytes);
  const event = (device: number, index: number) => (device << 11) | index;
  const files = [
    debugfs({ hwirq: event(0x8, 0), lpi: 8192, cpu: 0 }),
    debugfs({ hwirq: event(0x10, 0), lpi: 8194, cpu: 1 }),
    debugfs({ hwirq: event(0x10, 5), lpi: 8200, cpu: 1 }),
    debugfs({ hwirq: event(0x10, 6), lpi: 8201, cpu: 1 }),
    debugfs({ hwirq: 0, lpi: 8192, cpu: 0, chip: "ITS-PCI-MSIX-0000:00:01.0" }),
  ].map((content, index) => ({ name: `${40 + index}`, content: { text: content, dump: readDump(content) } }));
  const report = finish(walkCapture(openCapture([{ name: "guest", content: { guest } }, ...files])));
  assert.deepEqual(
    report.interrupts.map(({ kind, line, target, intid }) => [line.irq, kind, target, intid]),
    [
      [40, "agrees", 0, undefined],
      [41, "other INTID", undefined, 8193],
      [42, "goes elsewhere", 0, undefined],
      [43, "no event", undefined, undefined],
      [44, "agrees", 0, undefined],
    ],
  );
});

test("any text is read", () => {
  const text = debugfs({ hwirq: 0x8000, lpi: 8192, cpu: 0 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(text.length), fc.string())), (changes) => {
      let damaged = text;
      for (const [at, inserted] of changes) damaged = damaged.slice(0, at) + inserted + damaged.slice(at);
      for (const { intid } of lines(damaged)) assert.ok(intid === undefined || Number.isSafeInteger(intid));
    }),
  );
});
