import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { contextLines, differenceLines, LineSplitter, summaryLines, TraceRun } from "../../runner/trace/index.ts";
import { levelChangeEnd, replayed, timerInterrupt, update } from "./small-trace.ts";

function linesOf(name: string): string[] {
  const packed = readFileSync(path.join(import.meta.dirname, "../traces", `${name}.log.gz`));
  return gunzipSync(packed).toString("latin1").trimEnd().split("\n");
}

const boot = linesOf("linux-6.1-qemu-gicv3-trace");

/** Line number, from 1, of the first line with a text. */
function lineOf(lines: readonly string[], text: string): number {
  const index = lines.findIndex((line) => line.includes(text));
  assert.ok(index >= 0, text);
  return index + 1;
}

/** The lines with one of them changed. */
function changed(lines: readonly string[], line: number, from: string, to: string): string[] {
  assert.ok(lines[line - 1].includes(from), lines[line - 1]);
  return lines.with(line - 1, lines[line - 1].replace(from, to));
}

describe("a whole Linux boot", () => {
  const result = replayed(boot);

  test("is replayed without a difference", () => {
    assert.equal(result.difference, undefined);
    assert.equal(result.problem, undefined);
    assert.equal(result.passedOver, 0);
  });

  test("has the machine's shape in it", () => {
    assert.equal(result.machine, "qemu-7.2 with 2 PEs, GICv3, one Security state");
  });

  test("compares every read, acknowledge, HPPI update and table access", () => {
    const compared = Object.fromEntries(result.rows.map((row) => [row.name, row.compared]));
    assert.equal(compared.gicv3_cpuif_update, 11458);
    assert.equal(compared.gicv3_cpuif_set_irqs, 11458);
    assert.equal(compared.gicv3_icc_iar1_read, 1541);
    assert.equal(compared.gicv3_redist_send_sgi, 382);
    assert.equal(compared.gicv3_its_process_command, 72);
    assert.equal(compared.gicv3_its_dte_read + compared.gicv3_its_ite_read + compared.gicv3_its_cte_read, 190);
    assert.equal(compared.gicv3_its_dte_write + compared.gicv3_its_ite_write + compared.gicv3_its_cte_write, 24);
    assert.equal(compared.gicv3_dist_read + compared.gicv3_redist_read + compared.gicv3_its_read, 251);
    assert.equal(result.compared, 32243);
    assert.equal(result.compared + result.given, 36971);
  });

  test("takes as given what no line shows", () => {
    assert.deepEqual(result.assumptions, { lpis: 7, disabled: 0, level1Entries: 1 });
  });

  test("needs no lines of virtual interrupts to tell updates apart", () => {
    const without = replayed(boot.filter((line) => !line.startsWith("gicv3_cpuif_virt")));
    assert.equal(without.difference, undefined);
    assert.equal(without.compared, 32243 - 2 * 3428);
  });

  for (const [text, from, to] of [
    ["command MAPTI DeviceID 0x300 EventID 0x1", "pINTID 0x", "pINTID 0x1"],
    ["Device Table read for DeviceID 0x100:", "ITTaddr 0x", "ITTaddr 0x1"],
    ["Interrupt Table read", "intid 0x2000", "intid 0x2001"],
    ["ICC_IAR1 read cpu 0x1 value 0x1b", "0x1b", "0x1c"],
    ["irq 8192 group 2 prio 160", "irq 8192", "irq 8193"],
    ["generating SGI 1 IRM 0", "targetlist 0x1", "targetlist 0x2"],
    ["ITS read: offset 0x90 data 0x40", "data 0x40", "data 0x60"],
  ]) {
    test(`is not replayed with ${to} for ${from} in "${text}"`, () => {
      const line = lineOf(boot, text);
      const { difference } = replayed(changed(boot, line, from, to).slice(0, line + 100));
      assert.ok(difference !== undefined);
      assert.ok(Math.abs(difference.line - line) <= 3, `line ${difference.line} for ${line}`);
    });
  }
});

describe("LPIs that a guest masks, moves and gives other priorities at random", () => {
  const lines = linesOf("lpis-qemu-gicv3-trace");

  test("are replayed", () => {
    const result = replayed(lines);
    assert.equal(result.difference, undefined);
    assert.equal(result.passedOver, 0);
    assert.deepEqual(result.assumptions, { lpis: 7, disabled: 7, level1Entries: 0 });
  });

  test("are not disabled to hide a difference", () => {
    const line = lineOf(lines, "irq 8192 group 2 prio 160");
    const { difference } = replayed(changed(lines, line, "irq 8192", "irq 8191"));
    assert.equal(difference?.line, line);
  });
});

test("commands for virtual LPIs are replayed", () => {
  const result = replayed(linesOf("vlpis-qemu-gicv4-trace"));
  assert.equal(result.difference, undefined);
  assert.equal(result.machine, "qemu-7.2 with 4 PEs, GICv4, one Security state");
  assert.ok(result.rows.some(({ name, compared }) => name === "gicv3_its_vte_write" && compared > 0));
});

describe("a small trace", () => {
  test("is replayed", () => {
    const result = replayed(timerInterrupt);
    assert.equal(result.difference, undefined);
    assert.equal(result.compared + result.given, timerInterrupt.length);
  });

  test("shows a wrong value at its line, with what both say and the state there", () => {
    const line = lineOf(timerInterrupt, "irq 27 group 2 prio 160");
    const { difference } = replayed(changed(timerInterrupt, line, "prio 160", "prio 128"));
    assert.ok(difference !== undefined);
    assert.equal(difference.line, line);
    assert.deepEqual(differenceLines(difference), [
      `The machine does something else than line ${line} says.`,
      "  trace:   gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq 27 group 2 prio 128",
      "  machine: gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq 27 group 2 prio 160",
      `  given:   gicv3_redist_set_irq GICv3 redistributor 0x0 interrupt 27 level changed to 1 (line ${line - 1})`,
    ]);
    const state = difference.state.join("\n");
    assert.match(state, /PE 0: highest priority pending INTID 27, group 2, priority 0xa0, IRQ 1, FIQ 0/);
    assert.match(state, /ICC_PMR_EL1 0xf0, ICC_RPR_EL1 0xff/);
    assert.match(state, /GICR_ISENABLER0 0x8000000/);
  });

  test("shows a read that the machine answers otherwise", () => {
    const line = lineOf(timerInterrupt, "offset 0x10300 data 0x0");
    const { difference } = replayed(changed(timerInterrupt, line, "data 0x0", "data 0x8000000"));
    assert.equal(difference?.line, line);
    assert.match(difference?.actual ?? "", /offset 0x10300 data 0x0 size 4/);
  });

  test("shows an update that the machine does not make", () => {
    const line = lineOf(timerInterrupt, "ICC_IGRPEN1 write") + 3;
    const lines = timerInterrupt.toSpliced(line - 1, 0, ...update(27, 160, 1));
    assert.equal(replayed(lines).difference?.line, line);
    // With the lines of virtual interrupts in the trace, it cannot be a change of the Exception level.
    const { difference } = replayed([...lines, ...levelChangeEnd]);
    assert.equal(difference?.line, line);
    assert.equal(difference?.actual, undefined);
  });

  test("shows an update that the trace does not have", () => {
    const line = lineOf(timerInterrupt, "ICC_EOIR1 write") + 1;
    const { difference } = replayed(timerInterrupt.toSpliced(line - 1, 4));
    assert.equal(difference?.line, line);
    assert.equal(difference?.expected, undefined);
    assert.match(difference?.actual ?? "", /irq 27 group 2 prio 255/);
  });

  test("knows a change of the Exception level, and that nothing changed with it", () => {
    const line = lineOf(timerInterrupt, "ICC_IAR1 read") - 2;
    const good = timerInterrupt.toSpliced(line - 1, 0, ...update(27, 160, 1), ...levelChangeEnd);
    assert.equal(replayed(good).difference, undefined);
    const bad = timerInterrupt.toSpliced(line - 1, 0, ...update(27, 160, 0), ...levelChangeEnd);
    assert.equal(replayed(bad).difference?.line, line + 1);
  });

  test("may end in the middle of what follows from an access", () => {
    const cut = replayed(timerInterrupt.slice(0, lineOf(timerInterrupt, "ICC_IAR1 read") - 1));
    assert.equal(cut.difference, undefined);
    assert.equal(cut.passedOver, 2);
  });

  test("says that a trace begins too late", () => {
    const { difference } = replayed(
      timerInterrupt.slice(lineOf(timerInterrupt, "interrupt 27 level changed to 1") - 1),
    );
    assert.ok(difference?.atReset);
    assert.match(differenceLines(difference).at(-1) ?? "", /a trace must begin there, too/);
  });

  test("gives an SGI to the register whose group the redistributor has", () => {
    const sgi = "gicv3_icc_generate_sgi GICv3 CPU i/f 0x0 generating SGI 3 IRM 0 target affinity 0x0xx targetlist 0x1";
    const taken = [sgi, "gicv3_redist_send_sgi GICv3 redistributor 0x0 pending SGI 3", ...update(27, 255, 0)];
    assert.equal(replayed([...timerInterrupt, ...taken]).difference, undefined);
    assert.equal(replayed([...timerInterrupt, sgi]).difference, undefined);
  });

  test("counts lines that are no event and passes over them", () => {
    const result = replayed([
      ...timerInterrupt,
      "",
      "Booting Linux",
      "gicv3_new_event GICv3 news 0x1",
      "gicv3_dist_re",
    ]);
    assert.equal(result.difference, undefined);
    assert.deepEqual(summaryLines(result).slice(-2), [
      `1 line with an event that is not known or not whole, line ${timerInterrupt.length + 3} first`,
      "3 lines without an event",
    ]);
  });
});

describe("what is no trace", () => {
  const problemOf = (...lines: string[]) => {
    const run = new TraceRun();
    for (const line of lines) run.survey.line(line);
    return run.begin("qemu-7.2") ?? "";
  };
  for (const [what, lines, sentence] of [
    ["text", ["hello", "world"], /no gicv3_\* event is in its 2 lines\. Record one with/],
    ["the start of a line", ["gicv3_dist_read GICv3 distri"], /line 1 begins an event, but no line has a whole one/],
    ["consequences alone", update(0, 255, 0, 0), /no line of an access or input/],
    [
      "commands without arguments",
      ["gicv3_its_process_command GICv3 ITS: processing command at offset 0x0: 0x9", ...timerInterrupt],
      /no gicv3_its_cmd_\* line/,
    ],
    [
      "a PE of another machine",
      ["gicv3_icc_pmr_write GICv3 ICC_PMR write cpu 0x80000011 value 0xf0"],
      /affinity 0x80000011, which no PE of QEMU's virt machine has/,
    ],
  ] as const) {
    test(`${what} is refused in a sentence`, () => assert.match(problemOf(...lines), sentence));
  }

  test("a model that is not QEMU's is refused", () => {
    const run = new TraceRun();
    run.survey.line(timerInterrupt[0]);
    assert.match(run.begin("kvm-7.2") ?? "", /no model of QEMU/);
  });

  test("hostile addresses, sizes and numbers end in a difference or a sentence, not in an exception", () => {
    const big = "0xffffffffffffffff";
    const lines = [
      ...timerInterrupt,
      `gicv3_its_write GICv3 ITS write: offset 0x80 data ${big} size 8`,
      `gicv3_its_write GICv3 ITS write: offset 0x100 data ${big} size 8`,
      "gicv3_its_process_command GICv3 ITS: processing command at offset 0xffffffff: 0x8",
      `gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0xffffffff Size 0x1fffff ITT_addr ${big} V -1`,
      `gicv3_its_write GICv3 ITS write: offset 0x88 data ${big} size 8`,
    ];
    const { difference } = replayed(lines);
    assert.equal(difference?.line, timerInterrupt.length + 3);
  });
});

for (const [what, second] of [
  ["cut", timerInterrupt.slice(0, 11)],
  ["cut within its last line", [...timerInterrupt.slice(0, -1), (timerInterrupt.at(-1) ?? "").slice(0, 20)]],
  ["longer", [...timerInterrupt, timerInterrupt.at(-1) ?? ""]],
] as const)
  test(`a trace that is ${what} at its second reading is no agreement`, () => {
    const run = new TraceRun();
    for (const line of timerInterrupt) run.survey.line(line);
    assert.equal(run.begin("qemu-7.2"), undefined);
    for (const line of second) assert.ok(run.replayLine(line));
    const { difference, problem } = run.finish();
    assert.equal(difference, undefined);
    assert.match(problem ?? "", /^The trace changed while it was read: /);
  });

describe("lines", () => {
  function split(...chunks: string[]): string[] {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const chunk of chunks) splitter.push(new TextEncoder().encode(chunk));
    splitter.end();
    return lines;
  }

  test("are cut wherever the pieces of a file end", () => {
    assert.deepEqual(split("ab", "c\n\nde\n", "f"), ["abc", "", "de", "f"]);
  });

  test("without an end are kept in bounded memory", () => {
    assert.deepEqual(
      split(
        ..."x"
          .repeat(30)
          .split("")
          .map(() => "y".repeat(10_000)),
        "\nz",
      ).map((line) => line.length),
      [4096, 1],
    );
  });

  test("around a difference are numbered, marked and printable", () => {
    assert.deepEqual(contextLines(["a", "b\u001b[31m", "c"], 99, 100), ["   99  a", "> 100  b.[31m", "  101  c"]);
  });
});
