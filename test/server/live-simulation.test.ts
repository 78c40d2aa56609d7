import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hover } from "../../server/hover/hover.ts";
import { mapped, open, problems, settle, workspace } from "./kit.ts";

const broken = "INT DeviceID=0x99, EventID=0";
const change = (line: number, from: number, to: number, text: string) => ({
  range: { start: { line, character: from }, end: { line, character: to } },
  text,
});

describe("running while the script is edited", () => {
  test("an edit that mends a line below takes its problem away", () => {
    const scripts = workspace();
    scripts.open("a", 1, `${mapped}\n${broken}`);
    const script = scripts.get("a");
    assert.ok(script);
    settle(script);
    assert.deepEqual(problems(script), ["4 ITS0501 0x99"]);
    scripts.change("a", 2, [change(3, 13, 17, "0x10")]);
    settle(script);
    assert.deepEqual(problems(script), []);
  });

  test("lines are compared with other models in slices, while requests are answered, and anew after an edit", () => {
    const scripts = workspace();
    const loop = "for i in 0..2000 {\n  INV DeviceID=0x10, EventID=0\n}";
    scripts.open("a", 1, `${mapped}\n${loop}\nexpect same as arch | qemu\n${broken}`);
    const script = scripts.get("a");
    assert.ok(script?.simulation);
    let slices = 0;
    for (; !script.simulation.advance(0); slices++) assert.ok(hover(script, { line: 0, character: 1 }) !== null);
    assert.ok(slices > 100, `${slices} slices`);
    assert.deepEqual(problems(script), ["8 ITS0501 0x99"]);
    const last = script.document.lines[2].text.length;
    scripts.change("a", 2, [change(2, 0, last, "read GITS_IIDR")]);
    settle(script);
    assert.deepEqual(
      problems(script).filter((text) => text.includes("ITS0510")),
      ["7 ITS0510 expect same as arch | qemu"],
    );
  });

  test("until lines have run again, what they did wrong stays known where it is now", () => {
    const scripts = workspace();
    const filler = Array.from({ length: 500 }, () => "read GITS_CTLR").join("\n");
    scripts.open("a", 1, `${filler}\n${broken}\n${filler}`);
    const script = scripts.get("a");
    assert.ok(script);
    settle(script);
    scripts.change("a", 2, [change(0, 0, 0, "# one\n# two\n")]);
    assert.equal(script.simulation?.complete, false);
    assert.deepEqual(problems(script), ["503 ITS0501 0x99"]);
    settle(script);
    assert.deepEqual(problems(script), ["503 ITS0501 0x99"]);
  });

  test("the number of all problems stays near while thousands of lines have not run again, and is right at the end", () => {
    const scripts = workspace();
    const count = 6000;
    scripts.open("a", 1, Array.from({ length: count }, () => broken).join("\n"));
    const script = scripts.get("a");
    assert.ok(script?.simulation);
    settle(script);
    assert.equal(script.simulation.problems(10).total, count);
    scripts.change("a", 2, [change(0, 0, broken.length, "")]);
    assert.equal(script.simulation.problems(10).list.length, 10);
    assert.ok(Math.abs(script.simulation.problems(10).total - count) <= 1);
    settle(script);
    assert.equal(script.simulation.problems(10).total, count - 1);
    hover(script, { line: 3000, character: 1 });
    settle(script);
    assert.equal(script.simulation.problems().list.length, count - 1);
  });

  test("a hover leaves the problems as they are", () => {
    const script = open(`read GITS_CREADR\n${mapped}\n${broken}`);
    const before = problems(script);
    assert.ok(hover(script, { line: 0, character: 6 }));
    assert.deepEqual(problems(script), before);
    settle(script);
    assert.deepEqual(problems(script), before);
  });

  test("after any edits and hovers, what is found is what a fresh run finds", () => {
    const pieces = [
      ...mapped.split("\n"),
      broken,
      "let a = GITS_CREADR",
      "expect a == 0x20",
      "machine { cpus = 2 }",
      "machine {",
      "}",
      "",
      "nonsense",
      "write GITS_CTLR.Enabled = 0",
      "save",
    ];
    const edit = fc.record({
      line: fc.nat(12),
      span: fc.nat(3),
      text: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }),
      hover: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
        fc.array(edit, { maxLength: 8 }),
        (lines, edits) => {
          const scripts = workspace();
          scripts.open("a", 1, lines.join("\n"));
          const script = scripts.get("a");
          assert.ok(script);
          settle(script);
          for (const [version, { line, span, text, hover: hovers }] of edits.entries()) {
            const last = script.document.lines.length - 1;
            const start = { line: Math.min(line, last), character: 0 };
            const end = { line: Math.min(line + span, last), character: 0 };
            scripts.change("a", version + 2, [
              { range: { start, end }, text: text.map((piece) => `${piece}\n`).join("") },
            ]);
            if (hovers) hover(script, { line: start.line, character: 8 });
          }
          settle(script);
          assert.deepEqual(problems(script), problems(open(script.document.text)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("open scripts", () => {
  test("a change without a range is the whole text", () => {
    const scripts = workspace();
    scripts.open("a", 1, "nonsense");
    scripts.change("a", 2, [{ text: "let a = 1" }, change(0, 8, 9, "2")]);
    assert.equal(scripts.get("a")?.document.text, "let a = 2");
    assert.equal(scripts.get("a")?.version, 2);
  });
  test("a script that is closed is unknown", () => {
    const scripts = workspace();
    scripts.open("a", 1, "let a = 1");
    scripts.close("a");
    scripts.change("a", 2, [change(0, 0, 0, "x")]);
    assert.equal(scripts.get("a"), undefined);
  });
});
