import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { type CancellationToken, CancellationTokenSource } from "vscode-languageserver";
import { findTests } from "../../server/tests/find-tests.ts";
import { runInThread } from "../../server/tests/run-in-thread.ts";
import { type RunTests, runInSlices, type TestQuestion } from "../../server/tests/test-runs.ts";
import {
  type FindTestsAnswer,
  findTestsRequest,
  type RunTestsAnswer,
  runTestsRequest,
  type TestEvent,
  type TestScript,
} from "../../server/tests-protocol.ts";
import { nodeFiles } from "../../server/workspace/node-files.ts";
import { ScriptPlaces } from "../../server/workspace/script-places.ts";
import { Session } from "./session.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb tests "));
after(() => rmSync(folder, { recursive: true, force: true }));
const folderUri = pathToFileURL(folder).href;
const uriOf = (name: string) => pathToFileURL(path.join(folder, name)).href;

const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;
const passing = (title: string) => lines(`test "${title}" {`, "  expect 1 == 1", "}");
const thread = runInThread(path.join(import.meta.dirname, "..", "..", "server", "tests-main.ts"));

/** A clock on which each look takes a second: every step is a slice. */
function slices(open = new Map<string, string>()): { readonly run: RunTests; readonly turns: () => number } {
  let now = 0;
  let turns = 0;
  const places = new ScriptPlaces(
    nodeFiles,
    () => [folderUri],
    (file) => open.get(file),
  );
  const clock = {
    now: () => (now += 1000),
    turn: (callback: () => void) => {
      turns++;
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
    later: () => () => undefined,
  };
  return { run: runInSlices(clock, places), turns: () => turns };
}

function question(scripts: readonly TestScript[], more: Partial<TestQuestion> = {}): TestQuestion {
  return { scripts, coverage: false, folders: [folderUri], open: [], ...more };
}

const script = (text: string, name = "a.itscmd"): TestScript => ({ uri: uriOf(name), name, text });

async function ask(run: RunTests, asked: TestQuestion, token = new CancellationTokenSource().token) {
  const events: TestEvent[] = [];
  const failed: string[] = [];
  const listener = {
    events: (list: readonly TestEvent[]) => void events.push(...list),
    failed: (work: string) => void failed.push(work),
  };
  const answer = await run(asked, listener, token);
  return { events, failed, answer };
}

const told = (events: readonly TestEvent[]) =>
  events.map((event) =>
    event.kind === "ended"
      ? `${event.script} ${event.line ?? "-"} ${event.outcome}`
      : event.kind === "done"
        ? `${event.script} done${event.refusal === undefined ? "" : `: ${event.refusal}`}`
        : `${event.script} ${event.kind}`,
  );

describe("the tests of a text", () => {
  it("are its blocks, with their places", () => {
    assert.deepEqual(findTests(lines("let a = 1", '  test "x" { # why', "}", 'test "x" {', "}")), {
      tests: [
        { title: "x", line: 1, start: 2, end: 12, endLine: 2 },
        { title: "x", line: 3, start: 0, end: 10, endLine: 4 },
      ],
    });
  });

  it("are the whole script where a line of it says what is to come, in a loop, too, but not in a macro", () => {
    assert.deepEqual(findTests(lines("for a in 0..1 {", "  expect a < 2", "}")).expects, {
      line: 1,
      start: 2,
      end: 14,
    });
    assert.equal(findTests("MAPC ICID=0, RDbase=0 => done\n").expects?.line, 0);
    assert.deepEqual(findTests(lines("macro m {", "  expect 1 == 1", "  SYNC RDbase=0 => done", "}")), { tests: [] });
    assert.deepEqual(findTests("MAPC ICID=0, RDbase=0\n"), { tests: [] });
  });

  it("are found in what names of other files stand in, and in a block that has no end", () => {
    assert.equal(findTests(lines('include "lib.itscmd"', "expect of_lib == 1")).expects?.line, 1);
    assert.equal(findTests('test "open" {\n  expect 1 == 1\n').tests[0]?.title, "open");
  });

  it("of 10,000 blocks are all there", () => {
    const { tests } = findTests(Array.from({ length: 10_000 }, (_one, at) => passing(`t${at}`)).join(""));
    assert.equal(tests.length, 10_000);
  });
});

for (const [where, run] of [
  ["in slices", () => slices().run],
  ["in a thread", () => thread],
] as const) {
  describe(`a run of tests ${where}`, () => {
    it("tells of each test as it ends, script by script", async () => {
      const { events, failed } = await ask(
        run(),
        question([
          script(lines('test "a" {', "  expect 1 == 2", "}", 'test "b" {', "  print 7", "}", 'test "c" {', "}")),
          script("expect 1 == 1\n", "b.itscmd"),
        ]),
      );
      assert.deepEqual(told(events), [
        "0 begun",
        "0 0 failed",
        "0 output",
        "0 3 passed",
        "0 6 empty",
        "0 done",
        "1 begun",
        "1 - passed",
        "1 done",
      ]);
      assert.deepEqual(failed, []);
      assert.ok(events.some((event) => event.kind === "output" && event.text === "a.itscmd:5: 7"));
    });

    it("runs one test alone, and on another model", async () => {
      const text = lines(
        'test "one" {',
        "  expect GITS_IIDR.ProductID == 0x4b",
        "}",
        'test "two" {',
        "  expect 1 == 2",
        "}",
      );
      const asked = question([{ ...script(text), only: "one" }], { model: "arch" });
      assert.deepEqual(told((await ask(run(), asked)).events), ["0 begun", "0 0 failed", "0 done"]);
      const own = question([{ ...script(text), only: "one" }]);
      assert.deepEqual(told((await ask(run(), own)).events), ["0 begun", "0 0 passed", "0 done"]);
    });

    it("reads what is included where it stands, the editor's text of it before the file's", async () => {
      writeFileSync(path.join(folder, "lib.itscmd"), lines("macro check {", "  expect 1 == 1", "}"));
      const text = lines('include "lib.itscmd"', 'test "uses" {', "  check", "}");
      const { events } = await ask(run(), question([script(text)], { coverage: true }));
      assert.deepEqual(told(events), ["0 begun", "0 1 passed", "0 done"]);
      const done = events.at(-1);
      assert.deepEqual(done?.kind === "done" && done.includes, [uriOf("lib.itscmd")]);
    });

    it("refuses an include that leads out of the workspace, as an error of the script", async () => {
      const { events } = await ask(run(), question([script(lines('include "../secret.itscmd"', "expect 1 == 1"))]));
      const ended = events.find((event) => event.kind === "ended");
      assert.ok(ended?.kind === "ended");
      assert.equal(ended.outcome, "broken");
      assert.equal(ended.problems[0].place.line, 0);
    });

    it("counts how often lines have run, over several scripts", async () => {
      writeFileSync(
        path.join(folder, "counted.itscmd"),
        lines("macro twice {", "  repeat 2 {", "    SYNC RDbase=0", "  }", "}"),
      );
      const text = lines('include "counted.itscmd"', "twice", "if 1 == 2 {", "  expect 1 == 2", "}");
      const asked = question([script(text), script(text, "c.itscmd")], { coverage: true });
      const { answer } = await ask(run(), asked);
      assert.deepEqual(
        answer?.coverage.map(({ uri, lines: at, runs }) => [uri, at, runs]),
        [
          [uriOf("a.itscmd"), [0, 1, 2, 3], [1, 1, 1, 0]],
          [uriOf("counted.itscmd"), [1, 2], [6, 4]],
          [uriOf("c.itscmd"), [0, 1, 2, 3], [1, 1, 1, 0]],
        ],
      );
    });

    it("is given up at once", async () => {
      const source = new CancellationTokenSource();
      const long = lines('test "long" {', "  repeat 900000 {", "    SYNC RDbase=0", "  }", "}");
      const asked = ask(run(), question([script(long)]), source.token);
      setImmediate(() => source.cancel());
      assert.equal((await asked).answer, undefined);
    });
  });
}

describe("a run of tests", () => {
  it("lets everything else be done between two slices", async () => {
    const { run, turns } = slices();
    await ask(run, question([script(lines('test "a" {', "  repeat 20 {", "    SYNC RDbase=0", "  }", "}"))]));
    assert.ok(turns() > 5, `${turns()} turns`);
  });

  it("sees the editor's text of an included file in its thread", async () => {
    const file = path.join(folder, "edited.itscmd");
    writeFileSync(file, lines("macro check {", "  expect 1 == 1", "}"));
    const text = lines('include "edited.itscmd"', 'test "uses" {', "  check", "}");
    const open = [{ file, text: lines("macro check {", "  expect 1 == 2", "}") }];
    const { events } = await ask(thread, question([script(text)], { open }));
    assert.deepEqual(told(events), ["0 begun", "0 1 failed", "0 done"]);
  });

  it("goes on behind a script that takes its thread down", async () => {
    const small = runInThread(path.join(import.meta.dirname, "..", "..", "server", "tests-main.ts"), 96);
    const hungry = lines('test "hungry" {', "  repeat 999999 {", "    print 1", "  }", "}");
    const asked = question([script(passing("a")), script(hungry, "b.itscmd"), script(passing("c"), "c.itscmd")]);
    const { events } = await ask(small, asked);
    const list = told(events).filter((line) => !line.endsWith("output"));
    assert.deepEqual(list.slice(0, 4), ["0 begun", "0 0 passed", "0 done", "1 begun"]);
    assert.match(list[4], /^1 done: Running it wants more than 96 MiB of memory here\. gicwb test/);
    assert.deepEqual(list.slice(5), ["2 begun", "2 0 passed", "2 done"]);
  });

  it("tells few of very many problems, and how many there are", async () => {
    const { events } = await ask(
      slices().run,
      question([script(lines('test "a" {', "  repeat 500 {", "    expect 1 == 2", "  }", "}"))]),
    );
    const ended = events.find((event) => event.kind === "ended");
    assert.ok(ended?.kind === "ended");
    assert.deepEqual([ended.problems.length, ended.problemCount], [20, 500]);
    assert.deepEqual(
      ended.problems[1].callers.map(({ text, line }) => [text, line]),
      [["repeat 500: turn 2", 1]],
    );
    assert.deepEqual(ended.problems[0].compared, { expected: "0x2", found: "0x1" });
  });

  it("calls a script broken that would count too much", async () => {
    const { events } = await ask(
      slices().run,
      question([script(lines('test "a" {', "  repeat 2000000 {", "    expect 1 == 1", "  }", "}"))]),
    );
    assert.deepEqual(told(events), ["0 begun", "0 0 broken", "0 done"]);
  });
});

describe("the server", () => {
  async function asking(method: string, params: unknown, token?: CancellationToken) {
    const session = new Session();
    await session.start();
    const events: TestEvent[] = [];
    session.client.onNotification("$/progress", ({ value }: { value: TestEvent[] }) => void events.push(...value));
    const asked =
      token === undefined ? session.request(method, params) : session.client.sendRequest(method, params, token);
    const pumping = setInterval(() => session.clock.run(), 1);
    try {
      return { answer: await asked, events };
    } finally {
      clearInterval(pumping);
      await session.end();
    }
  }

  it("finds and runs tests over the protocol", async () => {
    const found = await asking(findTestsRequest, { texts: [passing("a"), ""] });
    assert.deepEqual(
      (found.answer as FindTestsAnswer).map(({ tests }) => tests.map(({ title }) => title)),
      [["a"], []],
    );
    const scripts = [{ uri: "untitled:a", name: "a", text: passing("a") }];
    const run = await asking(runTestsRequest, { scripts, coverage: true, partialResultToken: "t" });
    assert.deepEqual(told(run.events), ["0 begun", "0 0 passed", "0 done"]);
    assert.deepEqual((run.answer as RunTestsAnswer).coverage[0].runs, [1, 1]);
  });

  for (const [method, params, message] of [
    [findTestsRequest, null, /no 'texts'/],
    [findTestsRequest, { texts: [1] }, /no 'texts'/],
    [runTestsRequest, { scripts: "all" }, /no 'scripts'/],
    [runTestsRequest, { scripts: [{ uri: "a", name: "a" }] }, /no 'scripts'/],
    [runTestsRequest, { scripts: [{ uri: "a", name: "a", text: "", only: 1 }] }, /no 'scripts'/],
    [runTestsRequest, { scripts: [] }, /no 'partialResultToken'/],
    [runTestsRequest, { scripts: [], model: "kvn", partialResultToken: "t" }, /There is no model 'kvn'/],
  ] as const) {
    it(`refuses ${method} of ${JSON.stringify(params)}`, async () => {
      await assert.rejects(asking(method, params), message);
    });
  }
});
