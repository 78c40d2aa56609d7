import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
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

  it("says that breakpoints in included files are not there", async () => {
    const dap = await launched({ program });
    const { breakpoints } = await dap.request("setBreakpoints", {
      source: { path: common },
      breakpoints: [{ line: 4 }],
    });
    assert.deepEqual(
      [breakpoints[0].verified, breakpoints[0].message?.split(".")[0]],
      [false, "Breakpoints in included files are not supported"],
    );
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
