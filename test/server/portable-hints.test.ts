import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OpenScripts } from "../../server/scripts/documents.ts";
import { Publisher } from "../../server/scripts/publisher.ts";
import { problems, stopped, strict } from "./kit.ts";

const again = [
  "MAPC ICID=0, RDbase=0",
  "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000",
  "MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0",
  "MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0 # allow L-11",
].join("\n");

/** A server's scripts with a clock that moves when the test says so. */
function session(text: string, rules: ReadonlyMap<string, "off" | "warning"> = new Map()) {
  const scripts = new OpenScripts(strict, true, stopped);
  scripts.configure({ simulate: true, rules });
  scripts.open("a", 1, text);
  const published: string[][] = [];
  let waiting: (() => void)[] = [];
  const later = (_milliseconds: number, callback: () => void) => {
    waiting.push(callback);
    return () => {
      waiting = waiting.filter((one) => one !== callback);
    };
  };
  const publisher = new Publisher(
    { now: stopped, turn: (callback) => later(0, callback), later },
    strict,
    scripts,
    (script) => published.push(problems(script)),
  );
  /** Works until nothing waits any more. */
  const work = () => {
    for (let callback = waiting.shift(); callback !== undefined; callback = waiting.shift()) callback();
  };
  publisher.touch("a");
  return { scripts, publisher, published, work };
}

const hint = "4 L-80 MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0";

describe("differs between models, while typing", () => {
  test("is published when everything else is", () => {
    const { published, work } = session(again);
    work();
    assert.deepEqual(published, [[], [hint]]);
  });
  test("is looked for anew when the text changes", () => {
    const { scripts, publisher, published, work } = session(again);
    work();
    const start = { line: 3, character: 0 };
    scripts.change("a", 2, [{ range: { start, end: { line: 3, character: 100 } }, text: "read GITS_CREADR" }]);
    publisher.touch("a");
    work();
    assert.deepEqual(published.at(-1), []);
  });
  test("off by setting", () => {
    const { published, work } = session(again, new Map([["L-80", "off"]]));
    work();
    assert.deepEqual(published, [[]]);
  });
  test("allowed by a comment", () => {
    const { published, work } = session(`${again}, L-80`);
    work();
    assert.deepEqual(published, [[]]);
  });
  test("not in a script that has errors", () => {
    const { published, work } = session(`${again}\nexpect 1 == 2`);
    work();
    assert.equal(published.flat().includes(hint), false);
  });
  test("not in a script of more than 2,000 lines", () => {
    const { published, work } = session(`${again}${"\n".repeat(2000)}`);
    work();
    assert.equal(published.flat().includes(hint), false);
  });
  test("an outcome that is expected is no difference, whether the queue stops at it or not", () => {
    const { published, work } = session("INT DeviceID=8, EventID=0 => INT_UNMAPPED_INTERRUPT");
    work();
    assert.equal(
      published.flat().some((text) => text.includes("L-80")),
      true,
      "arch has another error",
    );
    const same = session("MAPC ICID=0, RDbase=9 => MAPC_PROCNUM_OOR");
    same.work();
    assert.deepEqual(same.published, [[]]);
  });
});
