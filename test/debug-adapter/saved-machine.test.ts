import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import type { ModelName } from "../../architecture/index.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { decodeState, encodeState, type SavedState, saveState } from "../../emulator/index.ts";
import { machineOfScript } from "../../runner/saved-machines/index.ts";
import { DapClient } from "./dap-client.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-saved-machine-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

function stateOf(model: ModelName): SavedState {
  const made = machineOfScript(
    `machine {
  model = ${model}
  cpus = 2
}
MAPC ICID=0, RDbase=1
MAPD DeviceID=2, ITT_addr=0x40400000, Size=7
MAPTI DeviceID=2, EventID=20, pINTID=8195, ICID=0
INT DeviceID=2, EventID=20
`,
  );
  assert.ok("machine" in made, "failure" in made ? made.failure : "the script runs");
  const saved = saveState(made.machine);
  if ("failure" in saved) assert.fail(saved.failure.message);
  return saved.state;
}

const state = stateOf("kvm-6.12");
const json = encodeState(state).json;
const guest = file("guest.json", json);
const script = file("more.itscmd", "CLEAR DeviceID=2, EventID=20\nmachine { cpus = 1 }\nexpect pending[8195] == 0\n");

/** Launched and configured; stopped, unless a script runs to its end. */
async function launched(attributes: object, source = fileSource): Promise<DapClient> {
  const dap = new DapClient(source);
  await dap.initialize();
  await dap.request("launch", attributes);
  await dap.event("initialized");
  await dap.request("configurationDone");
  return dap;
}

describe("a session on a saved machine without a script", () => {
  it("stops at once, and all views are of the machine", async () => {
    const dap = await launched({ state: guest });
    assert.equal((await dap.event("stopped")).body.description, "Saved machine guest.json");
    assert.equal(dap.text("console"), "Saved machine guest.json: KVM of Linux 6.12.107, 2 PEs.\n");
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    const [{ name, source, line }] = stackFrames;
    assert.deepEqual([name, source?.name, line], ["saved machine guest.json", "saved machine guest.json", 1]);
    const { content } = await dap.request("source", { source, sourceReference: source?.sourceReference ?? 0 });
    assert.match(content, /\n {4}EventID 0x14 is LPI 8195, ICID 0x0, enabled, priority 0xa0, pending\n/);
    assert.match(await dap.failure("source", { sourceReference: 9 }), /no such text/);

    const tree = await dap.tree();
    for (const wanted of [
      /^Devices \/ .*0x2\b/,
      /^Collections \//,
      /^Pending LPIs \/ .*8195/,
      /^Registers \(GITS\) \/ GITS_CREADR/,
    ]) {
      assert.ok(
        tree.some((entry) => wanted.test(entry)),
        `${wanted}`,
      );
    }
    const { groups } = await dap.request("gic/registers");
    assert.equal(groups.filter(({ kind, secondary }) => kind === "redistributor" && !secondary).length, 2);
    assert.equal(await dap.evaluate("ite[2, 20].pINTID"), "8195");
    assert.equal(await dap.evaluate("pending[8195]"), "1");
    await dap.evaluate("CLEAR DeviceID=2, EventID=20", "repl");
    assert.equal(await dap.evaluate("pending[8195]"), "0");
    assert.match(await dap.evaluate("who pending[8195]", "repl"), /no line of the script has changed it/);
    const { data } = await dap.request("readMemory", { memoryReference: "0x404000a0", count: 8 });
    assert.equal(Buffer.from(data ?? "", "base64").readBigUInt64LE(), (8195n << 16n) | 0n);
  });

  it("is ended by continue and by a step, and stays where it is when it is to go back", async () => {
    for (const command of ["continue", "next"] as const) {
      const dap = await launched({ state: guest });
      await dap.event("stopped");
      assert.equal(await dap.move("stepBack"), "entry 1");
      assert.equal(await dap.move("reverseContinue"), "entry 1");
      await dap.request(command, { threadId: 1 });
      assert.equal((await dap.event("exited")).body.exitCode, 0);
      await dap.event("terminated");
    }
  });

  it("reads the file anew at a restart", async () => {
    const place = file("restart.json", json);
    const dap = await launched({ state: place });
    await dap.event("stopped");
    await dap.evaluate("CLEAR DeviceID=2, EventID=20", "repl");
    await dap.request("restart", {});
    await dap.event("stopped");
    assert.equal(await dap.evaluate("pending[8195]"), "1");
    file("restart.json", "{}");
    assert.match(await dap.failure("restart", {}), /format is missing\./);
    assert.equal(await dap.evaluate("pending[8195]"), "1", "the session goes on");
  });

  it("needs no file system: the source gives the text", async () => {
    const { json: text, raw } = encodeState(stateOf("qemu-7.2"), "m.bin");
    const source = { ...fileSource, readState: () => Promise.resolve({ text, raw }), name: () => "m" };
    const dap = await launched({ state: "memory:m" }, source);
    assert.equal((await dap.event("stopped")).body.description, "Saved machine m");
    assert.equal(await dap.evaluate("dte[2].valid"), "1");
  });

  it("has no lines for breakpoints", async () => {
    const dap = await launched({ state: guest });
    await dap.event("stopped");
    const { breakpoints } = await dap.request("setBreakpoints", {
      source: { path: guest },
      breakpoints: [{ line: 1 }],
    });
    assert.equal(breakpoints[0].verified, false);
  });
});

const dump = path.join(import.meta.dirname, "..", "..", "examples", "kvm-6.1-device-table.gicdump");

describe("a session on a dump of tables", () => {
  it("restores them into the model that is asked for, and says what else the machine has", async () => {
    const dap = await launched({ state: dump, model: "kvm-6.12" });
    assert.equal((await dap.event("stopped")).body.description, "Saved machine kvm-6.1-device-table.gicdump");
    const said = dap.text("console").split("\n");
    assert.match(said[0], /^Dump kvm-6\.1-device-table\.gicdump, restored into KVM of Linux 6\.12\S*, 1 PE\.$/);
    assert.ok(
      said.some((line) => line.startsWith("ITS 0: no command queue in RAM is known")),
      said.join("\n"),
    );
    assert.equal(await dap.evaluate("dte[0x64].valid"), "1");
    assert.equal(await dap.evaluate("dte[0xa].valid"), "0");
    const { groups, model } = await dap.request("gic/registers");
    assert.match(model, /6\.12/);
    assert.ok(groups.length > 3);
  });

  it("takes the default model of its layout, and a script goes on from there", async () => {
    const program = file(
      "on-dump.itscmd",
      "expect dte[0x64].valid == 1\nMAPD DeviceID=0x64, V=0\nexpect dte[0x64].valid == 0\n",
    );
    const dap = await launched({ state: dump, program });
    assert.equal((await dap.event("exited")).body.exitCode, 0);
  });

  for (const [what, text, attributes, message] of [
    [
      "that does not say where its tables are",
      "40100040: 8002000008080004 80b6000008090000\n",
      {},
      /does not say where its tables are\. Write a line "# gic: table=device-table base=0x…"/,
    ],
    [
      "that the model refuses",
      "# gic: table=device-table layout=kvm-rev0 base=0x40100000\n40100000: 80000000081fffff 0000000000000000\n",
      { model: "kvm-6.12" },
      /kvm-6\.12 refuses the tables: EINVAL/,
    ],
    [
      "of a model that there is not",
      "# gic: table=device-table\n40100040: 8002000008080004\n",
      { model: "kvm-9" },
      /no model "kvm-9"/,
    ],
  ] as const) {
    it(`refuses one ${what}`, async () => {
      const dap = new DapClient(fileSource);
      await dap.initialize();
      assert.match(await dap.failure("launch", { state: file("some.gicdump", text), ...attributes }), message);
    });
  }
});

describe("a script on a saved machine", () => {
  it("begins there, and a machine block further down makes a machine of its own", async () => {
    const dap = await launched({ state: guest, program: script, stopOnEntry: true });
    await dap.event("stopped");
    assert.equal(await dap.evaluate("pending[8195]"), "1");
    assert.equal(await dap.move("next"), "step 2");
    assert.equal(await dap.evaluate("pending[8195]"), "0");
    assert.match((await dap.request("gic/registers")).model, /6\.12/);
    assert.equal(await dap.move("next"), "step 3");
    assert.match((await dap.request("gic/registers")).model, /7\.2/);
    assert.equal(await dap.move("stepBack"), "step 2");
    assert.equal(await dap.move("stepBack"), "step 1");
    assert.equal(await dap.evaluate("pending[8195]"), "1");
    assert.equal(await dap.move("stepBack"), "entry 1");
  });

  it("has it instead of the machine of its first block", async () => {
    const program = file("block.itscmd", "machine { model = qemu-7.2 }\nexpect pending[8195] == 1\n");
    const dap = await launched({ state: guest, program });
    assert.equal((await dap.event("exited")).body.exitCode, 0);
  });
});

const raw = encodeState(state, "raw.bin");
file("raw.json", raw.json);
file("raw.bin", (raw.raw ?? new Uint8Array()).subarray(0, 1000));

/** A state file whose checksum is right for what it says. */
function consistent(text: string): string {
  const decoded = decodeState(text);
  if (!("problem" in decoded)) return text;
  const right = /write (0x[0-9a-f]{8}) here/.exec(decoded.problem.message)?.[1];
  return text.replace(/"checksum": ".*"/, `"checksum": "${right}"`);
}

const bad: readonly (readonly [what: string, attributes: object, message: RegExp])[] = [
  ["a state that is no text", { state: 7 }, /"state" of the launch configuration is not the path of a file/],
  ["an empty path", { state: "" }, /is not the path of a file/],
  ["a missing file", { state: "/nowhere/x.json" }, /^There is no file "\/nowhere\/x\.json"\.$/],
  ["a directory", { state: folder }, /is a directory/],
  ["an empty file", { state: file("empty.json", "") }, /is refused\. The file is cut off or is no JSON/],
  [
    "a newer version",
    { state: file("new.json", json.replace('"version": 1', '"version": 9')) },
    /version is 9; this program reads up to 3\./,
  ],
  ["a file that is cut off", { state: file("cut.json", json.slice(0, 3000)) }, /cut off or is no JSON/],
  [
    "another checksum",
    { state: file("sum.json", json.replace(/"checksum": ".*"/, '"checksum": "0x0"')) },
    /checksum is 0x0, but the contents give/,
  ],
  [
    "a field that is wrong",
    { state: file("field.json", json.replace('"cpus": 2', '"cpus": 0')) },
    /machine\.cpus is 0; it has to be a whole number/,
  ],
  ["memory that is cut off", { state: path.join(folder, "raw.json") }, /of "raw\.bin", which has 1000: it is cut off/],
  [
    "memory that is elsewhere",
    { state: file("up.json", raw.json.replace("raw.bin", "../guest.json")) },
    /memoryFile is "\.\.\/guest\.json", which is not beside it/,
  ],
  [
    "memory that is not there",
    { state: file("gone.json", raw.json.replace("raw.bin", "gone.bin")) },
    /There is no file ".*gone\.bin"/,
  ],
  [
    "memory that is the folder",
    { state: file("dot.json", raw.json.replace("raw.bin", "..")) },
    /memoryFile is "\.\.", which is not beside it/,
  ],
  [
    "a machine that cannot be restored",
    { state: file("restore.json", consistent(json.replace(/"GITS_CREADR": ".*"/, '"GITS_CREADR": "0xffff0"'))) },
    /The machine cannot be restored: EINVAL at GITS_CREADR/,
  ],
  ["a script", { state: script }, /cut off or is no JSON/],
  [
    "a model beside it",
    { state: guest, model: "kvm" },
    /"model" .* cannot stand beside "state": the saved machine has its own/,
  ],
  ["PEs beside it", { state: guest, cpus: 4 }, /"cpus" .* cannot stand beside "state"/],
  ["a script that is missing", { state: guest, program: "/nowhere.itscmd" }, /There is no file/],
];

describe("a launch with a state file", () => {
  for (const [what, attributes, message] of bad) {
    it(`answers ${what} with a sentence`, async () => {
      const dap = new DapClient(fileSource);
      await dap.initialize();
      const text = await dap.failure("launch", attributes);
      assert.match(text, message);
      assert.doesNotMatch(text, /\bat .*\.ts|Error:|undefined/);
      await dap.request("launch", { state: guest });
    });
  }
});
