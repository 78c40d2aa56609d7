import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandErrorByName } from "../../architecture/index.ts";
import { createMachine } from "../../emulator/index.ts";
import { stalled } from "../../emulator/outcome.ts";
import { ScriptDocument } from "../../language/index.ts";
import { explainFault } from "../../runner/explain-outcome.ts";
import { faultSentence } from "../../runner/fault.ts";
import { EmulatorTarget, ScriptRun, setUpTarget } from "../../runner/index.ts";
import { TableInspector } from "../../runner/inspect/index.ts";
import { started } from "./support.ts";

/** A script that has run to its end without a problem. */
function ran(text: string): ScriptRun {
  const run = started(text);
  for (let step = run.step(); step !== undefined; step = run.step()) assert.deepEqual(step.result.problems, []);
  return run;
}

/** What the `read` lines of a script show, in order; what is wrong with a line stands in its place. */
function reads(text: string): string[] {
  const run = started(text);
  const found: string[] = [];
  for (let step = run.step(); step !== undefined; step = run.step()) {
    const { shown, problems } = step.result;
    for (const problem of problems) found.push(problem.message);
    if (shown !== undefined) found.push(`0x${shown.value.toString(16)}`);
  }
  return found;
}

describe("entries of tables are what stands in guest memory", () => {
  for (const model of ["qemu", "arch"]) {
    const mapped = `machine {
  model = ${model}
  gic = 4
}
write GITS_CTLR = 0
write GITS_BASER2 = 0x8000000042000200
write GITS_CTLR = 1
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
VMAPP vPEID=3, RDbase=1, VPT_addr=0x43e00000, VPT_size=15
VMAPTI DeviceID=0x10, EventID=1, vPEID=3, vINTID=8200, Dbell_pINTID=8201
`;
    const wanted: readonly (readonly [expression: string, value: string])[] = [
      ["ite[0x10, 0]", "0x3ff0000000100008003"],
      ["ite[0x10, 0] & 0xffffffffffffffff", "0x100008003"],
      ["mem64[0x43f00000]", "0x100008003"],
      ["ite[0x10, 0].type", "0x1"],
      ["ite[0x10, 0].INTID", "0x2000"],
      ["ite[0x10, 1].type", "0x0"],
      ["ite[0x10, 1].vPEID", "0x3"],
      ["ite[0x10, 1].doorbell", "0x2009"],
      ["ite[0x10, 1]", "0x20090003000000008021"],
      ["ite[0x10, 2]", "0x0"],
      ["cte[1]", "0x5"],
      ["dte[0x10]", "0x10fc0009"],
    ];
    for (const [expression, value] of wanted) {
      it(`${model}: ${expression} is ${value}`, () => {
        assert.deepEqual(reads(`${mapped}read ${expression}\n`), [value]);
      });
    }

    it(`${model}: bits that software has set in an entry are there`, () => {
      const text = `${mapped}mem64[0x43f00000] = mem64[0x43f00000] | 0x8000000000000000\nread ite[0x10, 0].vPEID\n`;
      assert.deepEqual(reads(text), ["0x8000"]);
    });
  }
});

describe("virtual events", () => {
  for (const model of ["qemu", "arch"]) {
    const text = `machine {
  model = ${model}
  gic = 4
}
write GITS_CTLR = 0
write GITS_BASER2 = 0x8000000042000200
write GITS_CTLR = 1
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8200, ICID=1
VMAPP vPEID=3, RDbase=1, VPT_addr=0x43e00000, VPT_size=15
VMAPTI DeviceID=0x10, EventID=1, vPEID=3, vINTID=8200, Dbell_pINTID=8201
VMAPTI DeviceID=0x10, EventID=2, vPEID=3, vINTID=8202
`;

    it(`${model}: are told with their vPE and doorbell, as the ITE says`, () => {
      const { target } = ran(text);
      assert.deepEqual(
        [...target.tables(0).events(0x10)],
        [
          { eventId: 0, intid: 8200, icid: 1 },
          { eventId: 1, intid: 8200, icid: undefined, virtual: { vpeId: 3, doorbell: 8201 } },
          { eventId: 2, intid: 8202, icid: undefined, virtual: { vpeId: 3, doorbell: undefined } },
        ],
      );
      assert.deepEqual(target.tables(0).event(0x10, 1)?.virtual, { vpeId: 3, doorbell: 8201 });
    });

    it(`${model}: follow what software writes into the ITE`, () => {
      const { target } = ran(`${text}mem32[0x43f00014] = 9000\nmem32[0x43f00010] = 0x70000\n`);
      assert.deepEqual(target.tables(0).event(0x10, 1)?.virtual, { vpeId: 7, doorbell: 9000 });
    });

    it(`${model}: are shown with them, and without the LPI of the same number`, () => {
      const inspector = new TableInspector(ran(`${text}msi DeviceID=0x10, EventID=0\n`).target);
      assert.deepEqual(
        inspector
          .eventsOf(0x10)
          .indexed?.slice(0, 3, {})
          .map(({ name, value }) => `${name}: ${value}`),
        [
          "EventID 0x0: INTID 8200, ICID 0x1 → PE 2, pending",
          "EventID 0x1: INTID 8200, vPEID 0x3, doorbell LPI 8201",
          "EventID 0x2: INTID 8202, vPEID 0x3, no doorbell",
        ],
      );
      const fields = inspector.eventNode(0x10, 1).children?.named?.({}) ?? [];
      assert.deepEqual(
        fields.map(({ name }) => name),
        ["doorbell", "vPEID", "ICID", "INTID", "type", "V"],
      );
    });
  }

  it("a physical command on one is not blamed on a collection", () => {
    const { target } = ran(`machine {
  model = arch
  gic = 4
}
write GITS_CTLR = 0
write GITS_BASER2 = 0x8000000042000200
write GITS_CTLR = 1
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
VMAPP vPEID=3, RDbase=1, VPT_addr=0x43e00000, VPT_size=15
VMAPTI DeviceID=0x10, EventID=1, vPEID=3, vINTID=8200
`);
    const ids = { deviceId: 0x10, eventId: 1, raw: () => undefined };
    const fault = (name: string) =>
      faultSentence(explainFault(stalled(commandErrorByName(name)?.code ?? assert.fail(name)), ids, target).fault);
    assert.equal(fault("MOVI_UNMAPPED_INTERRUPT"), "EventID 0x1 of DeviceID 0x10 is a virtual one, of vPEID 0x3");
    assert.doesNotMatch(fault("INT_ITE_INVALID"), /collection is not mapped/);
  });
});

describe("whether an entry is mapped", () => {
  it("is the machine's answer where its words are zeros: Xen's of a collection on PE 0", () => {
    const machine = createMachine({ model: "arch", cpus: 2, layout: "xen" });
    const target = new EmulatorTarget(machine);
    assert.equal(setUpTarget(target, 0x4000_0000, 0x400_0000), undefined);
    const run = new ScriptRun(new ScriptDocument("MAPC ICID=0, V=0\nMAPC ICID=0, RDbase=0\n"), target);
    run.step();
    assert.deepEqual(target.tables(0).entry("collection", 0), { mapped: false, words: undefined });
    run.step();
    assert.deepEqual(target.tables(0).entry("collection", 0), { mapped: true, words: 0n });
  });

  it("is told apart from having an entry, where SAVE_TABLES has none to write", () => {
    const text = (model: string) => `machine { model = ${model} }
MAPC ICID=4, RDbase=1
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x10, EventID=3, pINTID=8193, ICID=4
MAPC ICID=4, V=0
`;
    const entry = (model: string) => ran(text(model)).target.tables(0).entry("itt", 0x10, 3);
    assert.deepEqual(entry("kvm-7.2"), { mapped: true, words: 0n });
    assert.deepEqual(entry("kvm-5.10"), { mapped: true, words: undefined });
  });
});

describe("entries of a KVM model are what SAVE_TABLES would write", () => {
  const mapped = (model: string): string => `machine { model = ${model} }
MAPC ICID=1, RDbase=2
MAPC ICID=4, RDbase=1
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=15
MAPD DeviceID=0x15, ITT_addr=0x43f80000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
MAPTI DeviceID=0x10, EventID=3, pINTID=8193, ICID=4
MAPTI DeviceID=0x10, EventID=7, pINTID=8194, ICID=1
MAPTI DeviceID=0x10, EventID=2000, pINTID=8195, ICID=1
MAPTI DeviceID=0x10, EventID=0xffff, pINTID=8196, ICID=4
`;
  /** An entry, and where SAVE_TABLES puts it. */
  const places: readonly (readonly [entry: string, place: string])[] = [
    ["dte[0x10]", "mem64[0x40100080]"],
    ["dte[0x15]", "mem64[0x401000a8]"],
    ["ite[0x10, 0]", "mem64[0x43f00000]"],
    ["ite[0x10, 3]", "mem64[0x43f00018]"],
    ["ite[0x10, 7]", "mem64[0x43f00038]"],
    ["ite[0x10, 2000]", "mem64[0x43f03e80]"],
    ["ite[0x10, 0xffff]", "mem64[0x43f7fff8]"],
    ["cte[1]", "mem64[0x40010000]"],
    ["cte[4]", "mem64[0x40010008]"],
  ];
  for (const model of ["kvm-5.10", "kvm-7.2", "kvm-7.3"]) {
    for (const [entry, place] of places) {
      it(`${model}: ${entry}`, () => {
        const [before, written, after] = reads(`${mapped(model)}read ${entry}\nsave\nread ${place}\nread ${entry}\n`);
        assert.deepEqual([before, after], [written, written]);
        assert.notEqual(written, "0x0");
      });
    }
  }

  for (const model of ["kvm-7.2", "kvm-7.3"]) {
    it(`${model}: next to an event whose collection is gone`, () => {
      const gone = `${mapped(model)}MAPC ICID=4, V=0\n`;
      const [before, written] = reads(`${gone}read ite[0x10, 0].next\nsave\nread mem64[0x43f00000] >> 48\n`);
      assert.equal(before, written);
    });
  }

  it("an event whose collection is gone is mapped, and has no entry", () => {
    const text = `${mapped("kvm-7.2")}MAPC ICID=4, V=0\nread ite[0x10, 3].valid\nread ite[0x10, 3]\nread ite[0x10, 3].pINTID\n`;
    assert.deepEqual(reads(text), [
      "0x1",
      "0x0",
      "The ITE has no pINTID: its collection is gone, and SAVE_TABLES writes 0 for it.",
    ]);
  });

  it("where the kernel would crash at such an event, it says so", () => {
    assert.deepEqual(reads(`${mapped("kvm-5.10")}MAPC ICID=4, V=0\nread ite[0x10, 3]\n`), [
      "There is no ITE to read: its collection is gone, and SAVE_TABLES crashes the host there.",
    ]);
  });
});
