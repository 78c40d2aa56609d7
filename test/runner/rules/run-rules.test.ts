import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRuleSettings, ScriptDocument } from "../../../language/index.ts";
import { prepareTarget, RunRules, ScriptRun, Simulation } from "../../../runner/index.ts";

const device = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000";
const event = `${device}\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0`;

/** Runs a script to its end; what it has found, as `line code severity`. */
function ran(text: string, rules: Readonly<Record<string, string>> = {}): string[] {
  const simulation = new Simulation(new ScriptDocument(text), () => 0, undefined, readRuleSettings(rules).settings);
  while (!simulation.advance(1000));
  return simulation.problems().list.map(({ line, code, severity }) => `${line + 1} ${code} ${severity}`);
}

describe("rules that look at the machine", () => {
  test("commands that memory held are looked at one by one", () => {
    const words = (at: number, ...list: readonly string[]) =>
      list.map((word, index) => `mem64[0x40000000 + ${at * 32 + index * 8}] = ${word}`).join("\n");
    const text = [
      words(0, "0x09", "0", "0x8000000000000000", "0"),
      words(1, "0x800000008", "4", "0x8000000043f00000", "0"),
      words(2, "0x80000000a", "0x200000000000", "0", "0"),
      words(3, "0x80000000a", "0x200100000000", "0", "0"),
      "write GITS_CWRITER = 0x80",
    ].join("\n");
    assert.deepEqual(ran(text), ["17 L-11 warning"]);
  });
  test("a command that is refused breaks none", () =>
    assert.deepEqual(ran(`${event}\nMAPTI DeviceID=8, EventID=0, pINTID=1, ICID=0 => MAPTI_PHYSICALID_OOR`), []));
  test("an event that is gone is none that shares an LPI", () =>
    assert.deepEqual(
      ran(`${event}\nDISCARD DeviceID=8, EventID=0\nMAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0`),
      [],
    ));
  test("a machine of its own knows nothing of the one before", () =>
    assert.deepEqual(ran(`${event}\nmachine { cpus = 2 }\n${event}`), []));
  test("the pending table of a PE is a table", () =>
    assert.deepEqual(ran("MAPD DeviceID=8, Size=4, ITT_addr=0x40210000"), ["1 L-05 warning"]));
  test("a remark of arch's is not shown beside the rule that says the same", () => {
    const text = `machine { model = arch }\n${event}\nMAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0`;
    assert.deepEqual(ran(text), ["5 L-11 warning"]);
  });
  test("one that no rule says is shown", () =>
    assert.deepEqual(ran("machine { model = arch }\nSYNC RDbase=9"), ["2 ITS0516 warning"]));
});

describe("settings and comments", () => {
  const text = `${event}\nMAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0`;
  test("a rule has its severity", () => assert.deepEqual(ran(text), ["4 L-12 warning"]));
  test("and another one by setting", () => assert.deepEqual(ran(text, { "L-12": "error" }), ["4 L-12 error"]));
  test("or none", () => assert.deepEqual(ran(text, { "L-12": "off" }), []));
  test("a comment silences it", () => assert.deepEqual(ran(`${text} # allow L-12`), []));
  test("a comment that silences nothing is told at the end", () =>
    assert.deepEqual(ran(`# allow L-11\n${text} # allow L-12`), ["1 L-91 hint"]));
});

describe("back and forth", () => {
  const text = [
    event,
    "msi DeviceID=8, EventID=0",
    "SYNC RDbase=0",
    "msi DeviceID=8, EventID=0",
    "mem8[0x40020000] = 0x41",
    "msi DeviceID=8, EventID=0",
    "INV DeviceID=8, EventID=0",
    "SYNC RDbase=0",
    "msi DeviceID=8, EventID=0",
    "MAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0 # allow L-12",
    "MAPC ICID=0, RDbase=0, V=0",
  ].join("\n");

  test("each line finds again what it found, wherever the run goes on from", () => {
    const document = new ScriptDocument(text);
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target, undefined, undefined, new RunRules(document));
    const history = (): string[] =>
      run.history.flatMap(({ line, result }) => (result.remarks ?? []).map(({ code }) => `${line + 1} ${code}`));
    while (run.step() !== undefined);
    const whole = history();
    assert.deepEqual(whole, ["4 L-14", "8 L-16", "13 L-10"]);
    for (let line = document.lines.length - 1; line >= 0; line--) {
      assert.ok(run.rewindTo(line));
      while (run.step() !== undefined);
      assert.deepEqual(history(), whole, `from line ${line + 1}`);
      assert.deepEqual(run.rules?.unused(10), []);
    }
  });

  test("an edit changes what the lines below it find", () => {
    const document = new ScriptDocument(text);
    const simulation = new Simulation(document, () => 0);
    while (!simulation.advance(1000));
    const change = { start: { line: 2, column: 0 }, end: { line: 2, column: 0 }, text: "# " };
    const { firstLine } = document.update([change]);
    simulation.changed([change], firstLine);
    while (!simulation.advance(1000));
    const codes = simulation.problems().list.map(({ line, code }) => `${line + 1} ${code}`);
    assert.ok(!codes.includes("4 L-14"), codes.join());
    assert.ok(!codes.includes("8 L-16"), codes.join());
  });
});
