import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Diagnostic, noPlace, readRuleSettings, ScriptDocument } from "../../../language/index.ts";
import { prepareTarget, RunRules, ScriptRun, Simulation } from "../../../runner/index.ts";

/** Runs a script to its end; what it has found, as `line code text` that is underlined. */
function ran(text: string): string[] {
  const document = new ScriptDocument(text);
  const simulation = new Simulation(document, () => 0, undefined, readRuleSettings({}).settings);
  while (!simulation.advance(1000));
  return simulation.problems().list.map(({ line, code, start, length }) => {
    return `${line + 1} ${code} ${document.lines[line].text.slice(start, start + length)}`;
  });
}

/** Loads that a register or its frame has not, on a machine of KVM's. */
const wrong: readonly string[] = [
  "read64 GITS_CTLR",
  "read64 GICD_CTLR",
  "read32 0x08080002",
  "read64 0x08080084",
  "read32 0x0808ff00",
  "read32 0x0800e000",
];
/** Loads that are right. */
const right: readonly string[] = [
  "read GITS_CTLR",
  "read32 GITS_CTLR",
  "read GITS_BASER0",
  "read32 GITS_BASER0",
  "read64 0x08080100",
  "read32 0x08080104",
  "read GICR_TYPER[1]",
  "read ICC_IAR1_EL1[1]",
  "read8 0x08000400",
];
/** Where a load may stand in a line. */
const places: readonly ((load: string) => string)[] = [
  (load) => `let value = ${load}`,
  (load) => `let value = 1 + (${load})`,
  (load) => `expect (${load}) == (${load}) || 1`,
  (load) => `expect ${load} + 1`,
  (load) => `if ${load} == 1 {\n}`,
  (load) => `if 0 {\n} else if ${load} == 1 {\n}`,
  (load) => `for i in 0..(${load} & 1) {\n}`,
  (load) => `repeat (${load} & 1) {\n}`,
  (load) => `print "value", ${load}`,
  (load) => `macro show what {\n}\nshow what=(${load})`,
];

describe("a load in an expression", () => {
  for (const load of wrong)
    test(`${load} breaks L-63, at its place`, () => {
      for (const place of places) {
        const text = place(load);
        const found = ran(text);
        const line = text.split("\n").findIndex((one) => one.includes(load)) + 1;
        assert.ok(found.length > 0, text);
        for (const one of found) assert.equal(one, `${line} L-63 ${load}`, text);
      }
    });
  for (const load of right)
    test(`${load} breaks nothing`, () => {
      for (const place of places) assert.deepEqual(ran(place(load)), [], place(load));
    });
  test("breaks what the statement alone breaks", () => {
    const codes = (text: string) => ran(text).map((one) => one.split(" ")[1]);
    const machines = [
      "",
      "machine { model = qemu }\n",
      "machine { model = arch }\n",
      "machine { model = kvm  gic = 2 }\n",
    ];
    for (const machine of machines)
      for (const load of [...wrong, ...right, "read32 0x08010000", "read GICC_CTLR", "read16 GICD_CTLR"])
        assert.deepEqual(codes(`${machine}let value = ${load}`), codes(`${machine}${load}`), `${machine}${load}`);
  });
  test("is looked at where it is made alone", () => {
    assert.deepEqual(ran("expect 1 || read64 GITS_CTLR"), []);
    assert.deepEqual(ran("expect 0 == (0 && read64 GITS_CTLR)"), []);
  });
  test("each of several at its own place", () => {
    assert.deepEqual(ran("expect 1 + (read64 GITS_CTLR) + read64 GICD_CTLR"), [
      "1 L-63 read64 GITS_CTLR",
      "1 L-63 read64 GICD_CTLR",
    ]);
  });
  test("beside an expectation that fails", () => {
    assert.deepEqual(
      ran("expect read64 GITS_CTLR == 7").map((one) => one.split(" ")[1]),
      ["ITS0510", "L-63"],
    );
  });
  test("in each turn of a loop is one finding of its line", () => {
    assert.deepEqual(ran("repeat 3 {\n  let value = read64 GITS_CTLR\n}"), ["2 L-63 read64 GITS_CTLR"]);
  });
  test("of an ITS and a PE that blocks name", () => {
    const two = "machine { its = 0x08080000  its = 0x08060000 }";
    assert.deepEqual(ran(`${two}\nits 1 {\n  let value = read64 GITS_CTLR\n}`), ["3 L-63 read64 GITS_CTLR"]);
    assert.deepEqual(ran(`${two}\nlet value = read32 0x08060002`), ["2 L-63 read32 0x08060002"]);
  });
  test("is silenced by the comment of its line", () => {
    assert.deepEqual(ran("if read64 GITS_CTLR == 1 { # allow L-63\n}"), []);
    assert.deepEqual(ran("# allow L-63\nlet value = read64 GITS_CTLR"), []);
  });
  test("in the default of a macro's parameter is told at the line of the call, the whole", () => {
    const text = "macro show what=(read64 GITS_CTLR) {\n  print what\n}\n  show";
    assert.deepEqual(ran(text), ["4 L-63 show"]);
  });
  test("after which the line cannot be carried out is found all the same, and not in the line below", () => {
    const found = ran("let value = (read64 GITS_CTLR) / 0\nread GITS_CTLR");
    assert.deepEqual(
      found.map((one) => one.split(" ", 2).join(" ")),
      ["1 ITS0402", "1 L-63"],
    );
  });
});

describe("what a line of blocks breaks is told of it", () => {
  test("and not of the line that runs next", () => {
    assert.deepEqual(ran("if pending[5000] == 0 {\n  read GITS_CTLR\n}"), ["1 L-64 if pending[5000] == 0 {"]);
  });
  test("a look at the machine between two lines is of none", () => {
    const document = new ScriptDocument("read GITS_CTLR\nread GITS_CTLR", undefined, noPlace);
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target, undefined, undefined, new RunRules(document));
    const remarks = (): readonly Diagnostic[] => run.step()?.result.remarks ?? [];
    assert.deepEqual(remarks(), []);
    run.state.interrupt("pending", 5000, 0);
    assert.deepEqual(remarks(), []);
  });
});

describe("an answer that a let keeps", () => {
  const device = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000";
  const event = `${device}\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0`;
  const statements: readonly (readonly [above: string, statement: string, rule: string])[] = [
    [
      "write GITS_CTLR.Enabled = 0\nuser-write GITS_CWRITER = 0x20\n",
      "user-write GITS_CBASER = 0x8000000040000000",
      "L-33",
    ],
    [`${event}\n`, "msi DeviceID=8, EventID=0", "L-14"],
    [`${event}\n`, "MAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0", "L-12"],
    [`${event}\n`, "restore", "L-34"],
  ];
  for (const [above, statement, rule] of statements)
    test(`breaks what ${statement} breaks`, () => {
      const codes = (text: string) => ran(text).map((one) => one.split(" ", 2).join(" "));
      assert.ok(
        codes(`${above}${statement}`).some((code) => code.endsWith(rule)),
        codes(`${above}${statement}`).join(),
      );
      assert.deepEqual(codes(`${above}let answer = ${statement}`), codes(`${above}${statement}`));
    });
});
