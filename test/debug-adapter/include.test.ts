import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { DapClient } from "./dap-client.ts";

const base = realpathSync(mkdtempSync(path.join(tmpdir(), "gic include ")));
after(() => rmSync(base, { recursive: true, force: true }));
mkdirSync(path.join(base, "scripts"));

function file(name: string, text: string): string {
  const full = path.join(base, name);
  writeFileSync(full, text);
  return full;
}

const common = file(
  "scripts/common.itscmd",
  "macro map e {\n  MAPTI DeviceID=8, EventID=e, pINTID=8192 + e, ICID=0\n}\nMAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x40400000\n",
);
file("scripts/more.itscmd", 'include "common.itscmd"\nlet more = 3\n');
const program = file("scripts/main.itscmd", 'include "more.itscmd"\nmap e=more\nINT DeviceID=8, EventID=3\n');
const outside = file("scripts/outside.itscmd", 'include "../top.itscmd"\nread32 top\n');
file("top.itscmd", "let top = 0x08000000\n");

async function launched(attributes: object, breakpoints: readonly object[] = []): Promise<DapClient> {
  const dap = new DapClient(fileSource);
  await dap.initialize();
  await dap.request("launch", { stopOnEntry: true, ...attributes });
  await dap.event("initialized");
  await dap.request("setBreakpoints", { source: { path: program }, breakpoints });
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

/** The stack: file, line and statement of each frame. */
async function stack(dap: DapClient): Promise<string[]> {
  const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
  return stackFrames.map(({ name, line, source }) => `${path.relative(base, source?.path ?? "")}:${line} ${name}`);
}

describe("debugging included files", () => {
  it("goes into them line by line, and back the same way", async () => {
    const dap = await launched({ program });
    const tops = [(await stack(dap))[0]];
    for (let count = 0; count < 6; count++) {
      await dap.move("next");
      tops.push((await stack(dap))[0]);
    }
    assert.deepEqual(tops, [
      'scripts/main.itscmd:1 include "more.itscmd"',
      'scripts/more.itscmd:1 include "common.itscmd"',
      "scripts/common.itscmd:4 MAPC ICID=0, RDbase=0",
      "scripts/common.itscmd:5 MAPD DeviceID=8, Size=4, ITT_addr=0x40400000",
      "scripts/more.itscmd:2 let more = 3",
      "scripts/main.itscmd:2 map e=more",
      "scripts/common.itscmd:2 MAPTI DeviceID=8, EventID=e, pINTID=8192 + e, ICID=0",
    ]);
    for (let count = 5; count >= 0; count--) {
      await dap.move("stepBack");
      assert.equal((await stack(dap))[0], tops[count]);
    }
  });

  it("shows the way to a line, each frame in its file", async () => {
    const dap = await launched({ program });
    await dap.move("next");
    await dap.move("next");
    assert.deepEqual(await stack(dap), [
      "scripts/common.itscmd:4 MAPC ICID=0, RDbase=0",
      'scripts/more.itscmd:1 include "common.itscmd"',
      'scripts/main.itscmd:1 include "more.itscmd"',
    ]);
  });

  it("lists them among the sources", async () => {
    const dap = await launched({ program });
    const { sources } = await dap.request("loadedSources");
    assert.deepEqual(sources.map(({ name }) => name).sort(), ["common.itscmd", "main.itscmd", "more.itscmd"]);
  });

  it("stops once at a breakpoint on the line that includes, and at function breakpoints inside", async () => {
    const dap = await launched({ program, stopOnEntry: false }, [{ line: 1 }, { line: 2 }]);
    await dap.request("setFunctionBreakpoints", { breakpoints: [{ name: "MAPD" }] });
    assert.equal(await dap.move("continue"), "function breakpoint 5");
    assert.match((await stack(dap))[0], /^scripts\/common\.itscmd:5 MAPD/);
    assert.equal(await dap.move("continue"), "breakpoint 2");
    assert.equal(await dap.evaluate("more"), "3");
  });

  describe("with breakpoints in a file", () => {
    const calls = file(
      "scripts/calls.itscmd",
      'include "common.itscmd"\nmap e=1\nmap e=2\nmap e=3\nmap e=4\nSYNC RDbase=0\n',
    );
    /** Stopped at the first line, with a breakpoint on line 2 of the file, in its macro. */
    const stopped = async (breakpoint: object) => {
      const dap = await launched({ program: calls });
      const { breakpoints } = await dap.request("setBreakpoints", {
        source: { path: common },
        breakpoints: [breakpoint],
      });
      return { dap, breakpoint: breakpoints[0] };
    };
    const top = async (dap: DapClient) => (await stack(dap)).slice(0, 2).map((frame) => frame.split(" ")[0]);

    it("stops there each time, and back again", async () => {
      const { dap, breakpoint } = await stopped({ line: 2 });
      assert.deepEqual(
        [breakpoint.verified, breakpoint.line, breakpoint.source],
        [true, 2, { name: "common.itscmd", path: common }],
      );
      const places: (readonly string[])[] = [];
      for (const way of ["continue", "continue", "reverseContinue"] as const) {
        assert.match(await dap.move(way), /^breakpoint/);
        places.push(await top(dap));
      }
      const inMacro = "scripts/common.itscmd:2";
      assert.deepEqual(places, [
        [inMacro, "scripts/calls.itscmd:2"],
        [inMacro, "scripts/calls.itscmd:3"],
        [inMacro, "scripts/calls.itscmd:2"],
      ]);
    });

    it("asks its condition with the names of the macro", async () => {
      const { dap, breakpoint } = await stopped({ line: 2, condition: "e == 3" });
      assert.equal(breakpoint.verified, true);
      assert.match(await dap.move("continue"), /^breakpoint/);
      assert.deepEqual(await top(dap), ["scripts/common.itscmd:2", "scripts/calls.itscmd:4"]);
    });

    it("counts hits, and uncounts them on the way back", async () => {
      const { dap } = await stopped({ line: 2, hitCondition: "3" });
      for (let round = 0; round < 2; round++) {
        assert.match(await dap.move("continue"), /^breakpoint/);
        assert.deepEqual(await top(dap), ["scripts/common.itscmd:2", "scripts/calls.itscmd:4"]);
        for (let back = 0; back < 4; back++) await dap.move("stepBack");
      }
    });

    it("stops behind a line, and only behind that", async () => {
      const { dap } = await stopped({ line: 4, mode: "after" });
      assert.match(await dap.move("continue"), /^breakpoint/);
      assert.deepEqual(await top(dap), ["scripts/common.itscmd:5", "scripts/calls.itscmd:1"]);
      await dap.request("continue", { threadId: 1 });
      assert.equal((await dap.event("stopped", "terminated")).event, "terminated");
    });

    it("does not stop behind lines of a file for a breakpoint behind the line that includes it", async () => {
      const dap = await launched({ program: calls });
      await dap.request("setBreakpoints", { source: { path: calls }, breakpoints: [{ line: 2, mode: "after" }] });
      assert.match(await dap.move("continue"), /^breakpoint/);
      assert.deepEqual(await top(dap), ["scripts/common.itscmd:2", "scripts/calls.itscmd:2"]);
      await dap.request("continue", { threadId: 1 });
      assert.equal((await dap.event("stopped", "terminated")).event, "terminated");
    });

    it("moves to the next statement, and says where there may be some", async () => {
      const { dap, breakpoint } = await stopped({ line: 3 });
      assert.deepEqual([breakpoint.verified, breakpoint.line], [true, 4]);
      const { breakpoints } = await dap.request("breakpointLocations", {
        source: { path: common },
        line: 1,
        endLine: 5,
      });
      assert.deepEqual(
        breakpoints.map(({ line }) => line),
        [1, 2, 4, 5],
      );
    });

    it("says that a file is not included, also once it is no more", async () => {
      const { dap } = await stopped({ line: 2 });
      const { breakpoints } = await dap.request("setBreakpoints", {
        source: { path: path.join(base, "top.itscmd") },
        breakpoints: [{ line: 1 }],
      });
      assert.match(`${breakpoints[0].verified} ${breakpoints[0].message}`, /^false .*the script does not include it/);
      const text = readFileSync(calls, "utf8");
      file("scripts/calls.itscmd", "SYNC RDbase=0\n");
      await dap.request("restart", {});
      assert.match(
        JSON.stringify(await dap.event("breakpoint")),
        /"verified":false.*The script does not include this file/,
      );
      file("scripts/calls.itscmd", text);
    });
  });

  it("has their lines in the timeline, each with its place", async () => {
    const dap = await launched({ program, stopOnEntry: false }, [{ line: 3 }]);
    const { rows } = await dap.request("gic/timeline", { text: "", failed: false, from: 0, count: 20 });
    assert.deepEqual(
      rows.slice(0, 4).map(({ text }: { readonly text: string }) => text),
      [
        'include "more.itscmd"',
        'more.itscmd:1  include "common.itscmd"',
        "common.itscmd:4  MAPC ICID=0, RDbase=0",
        "common.itscmd:5  MAPD DeviceID=8, Size=4, ITT_addr=0x40400000",
      ],
    );
    assert.equal(new Set(rows.map(({ key }: { readonly key: string }) => key)).size, rows.length);
  });

  it("stops at what fails in a file, and shows it there", async () => {
    const wrong = file("scripts/wrong.itscmd", 'include "fails.itscmd"\n');
    file("scripts/fails.itscmd", "\nexpect 1 == 2\n");
    const dap = await launched({ program: wrong });
    await dap.request("setExceptionBreakpoints", { filters: ["failed-expectations"] });
    assert.match(await dap.move("continue"), /^exception/);
    assert.deepEqual(await stack(dap), [
      "scripts/fails.itscmd:2 failed: expect 1 == 2",
      'scripts/wrong.itscmd:1 include "fails.itscmd"',
    ]);
  });

  it("reads files of the script's folder, and of the workspace folder where one is given", async () => {
    const dap = new DapClient(fileSource);
    await dap.initialize();
    assert.match(await dap.failure("launch", { program: outside }), /outside\.itscmd:1:9.*outside the script's folder/);
    const wide = await launched({ program: outside, filesRoot: base });
    assert.deepEqual(await stack(wide), ['scripts/outside.itscmd:1 include "../top.itscmd"']);
    const other = new DapClient(fileSource);
    await other.initialize();
    assert.match(await other.failure("launch", { program, filesRoot: 3 }), /"filesRoot" of the launch configuration/);
  });
});
