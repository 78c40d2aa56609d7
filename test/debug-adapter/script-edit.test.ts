import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "gicwb-edit-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const script = `machine { cpus = 2 }
MAPC ICID=0, RDbase=0
MAPC ICID=1, RDbase=0
MAPC ICID=2, RDbase=0
MAPC ICID=3, RDbase=0
`;
let stamp = 1_000_000;

class Edited {
  readonly file: string;
  readonly dap: DapClient;

  constructor(file: string, dap: DapClient) {
    this.file = file;
    this.dap = dap;
  }

  /** A session over a file, stopped before line 4. */
  static async at4(name: string): Promise<Edited> {
    const file = path.join(folder, name);
    const dap = new DapClient(fileSource);
    const edited = new Edited(file, dap);
    edited.write(script);
    await edited.launch();
    return edited;
  }

  /** Launches the file, to a stop before line 4. */
  async launch(): Promise<void> {
    const { dap, file } = this;
    await dap.initialize();
    await dap.request("launch", { program: file });
    await dap.event("initialized");
    await dap.request("setBreakpoints", { source: { path: file }, breakpoints: [{ line: 4 }] });
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 4");
  }

  /** Writes the file; each time with a later stamp, however fast that goes. */
  write(text: string): void {
    writeFileSync(this.file, text);
    stamp += 10;
    utimesSync(this.file, stamp, stamp);
  }
}

describe("a script that is edited while it is paused", () => {
  it("goes on with the new text where the lines that have run are as they were", async () => {
    const edited = await Edited.at4("below.itscmd");
    const { dap } = edited;
    edited.write(script.replace("ICID=3, RDbase=0", "ICID=3, RDbase=1\nMAPC ICID=4, RDbase=1"));
    assert.equal(await dap.move("next"), "step 5");
    assert.match(dap.text("console"), /The script has changed from line 5 on: the session goes on with the new text\./);
    assert.ok(dap.events.some(({ event, body }) => event === "loadedSource" && body.reason === "changed"));
    assert.equal(await dap.move("next"), "step 6");
    assert.equal(await dap.evaluate("cte[3].RDbase"), "1");
    assert.equal(await dap.move("next"), "step 6");
    assert.equal(await dap.evaluate("cte[4].valid"), "1");
  });

  it("says which line that has run differs, goes on as it was, and runs again to here when it is asked to", async () => {
    const edited = await Edited.at4("above.itscmd");
    const { dap } = edited;
    await dap.request("evaluate", { expression: "mem64[0x43000000] = 7", context: "repl" });
    edited.write(script.replace("MAPC ICID=1, RDbase=0", "let pe = 1\nMAPC ICID=1, RDbase=pe"));
    assert.equal(await dap.move("next"), "step 5");
    assert.match(
      dap.text("console"),
      /Line 3 has run, and is another one now\.\n {2}It ran as: MAPC ICID=1, RDbase=0\n {2}It is now: {2}let pe = 1\n.*Write rerun/,
    );
    assert.equal(await dap.evaluate("cte[1].RDbase"), "0");
    const stopped = dap.event("stopped");
    assert.equal(await dap.evaluate("rerun", "repl"), "Back to line 3, and again to line 6.");
    assert.equal(await dap.where((await stopped).body.reason), "goto 6");
    assert.equal(await dap.evaluate("cte[1].RDbase"), "1");
    assert.equal(await dap.evaluate("cte[2].valid"), "1");
    assert.match(await dap.failure("evaluate", { expression: "rerun", context: "repl" }), /as it was when it ran/);
  });

  it("keeps its text when the new one cannot be run", async () => {
    const edited = await Edited.at4("wrong.itscmd");
    edited.write(script.replace("ICID=3, RDbase=0", "ICID=3, RDbase="));
    assert.equal(await edited.dap.move("next"), "step 5");
    assert.match(
      edited.dap.text("console"),
      /cannot be run: wrong\.itscmd:5:\d+: .* The session goes on with the text that it has\./,
    );
    await edited.dap.move("next");
    assert.equal(await edited.dap.evaluate("cte[3].RDbase"), "0");
  });

  it("of another machine asks for a restart", async () => {
    const edited = await Edited.at4("machine.itscmd");
    edited.write(script.replace("cpus = 2", "cpus = 4"));
    await edited.dap.move("next");
    assert.match(edited.dap.text("console"), /Line 1 has run, and is another one now/);
    assert.match(await edited.dap.failure("evaluate", { expression: "rerun", context: "repl" }), /Restart it/);
  });

  for (const [name, text] of [
    ["longer", `${script}MAPC ICID=9, RDbase=1`],
    ["shorter", script.split("\n").slice(0, 4).join("\n")],
    ["with other line ends", script.replaceAll("\n", "\r\n")],
  ]) {
    it(`${name} is taken character for character`, async () => {
      const edited = await Edited.at4(`${name}.itscmd`);
      edited.write(text);
      await edited.dap.move("next");
      assert.match(
        edited.dap.text("console"),
        name === "with other line ends" ? /has run, and is another one/ : /goes on with the new text/,
      );
    });
  }
});

describe("state that is changed in the past", () => {
  it("says first what is dropped, once", async () => {
    const dap = await DapClient.stopped(script, 5);
    await dap.move("stepBack");
    await dap.move("stepBack");
    await dap.request("setExpression", { expression: "GICD_CTLR", value: "0" });
    const said = /Lines 3 to 4 had run\. With this change what came of that is gone: from here on they run anew\./g;
    assert.equal(dap.text("console").match(said)?.length, 1);
    await dap.request("setExpression", { expression: "GICD_CTLR", value: "1" });
    assert.equal(dap.text("console").match(said)?.length, 1);
    assert.equal(await dap.move("next"), "step 4");
  });

  it("before the first line is undone by going to the start", async () => {
    const dap = await DapClient.stopped(script);
    const before = await dap.evaluate("GICD_CTLR");
    await dap.request("setExpression", { expression: "GICD_CTLR", value: "0" });
    assert.notEqual(await dap.evaluate("GICD_CTLR"), before);
    await dap.move("next");
    await dap.request("restartFrame", { frameId: 1 });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 2");
    assert.equal(await dap.evaluate("GICD_CTLR"), before);
  });

  it("is nothing to speak of where nothing had run further on", async () => {
    const dap = await DapClient.stopped(script, 5);
    await dap.request("setExpression", { expression: "GICD_CTLR", value: "0" });
    assert.doesNotMatch(dap.text("console"), /had run/);
  });

  it("says what it does as the golden has it: below what has run, above it, wrong, and run again", async () => {
    const edited = await Edited.at4("golden.itscmd");
    const { dap } = edited;
    const transcript = new Transcript(dap);
    transcript.say("Below the lines that have run");
    edited.write(script.replace("ICID=3, RDbase=0", "ICID=3, RDbase=1"));
    await transcript.move("next");
    transcript.say("A line that has run is another one");
    edited.write(script.replace("ICID=1, RDbase=0", "ICID=1, RDbase=1"));
    await transcript.move("stepBack");
    await transcript.ask("evaluate", { expression: "cte[1].RDbase", context: "watch" });
    transcript.say("Run again to here");
    await transcript.ask("evaluate", { expression: "rerun", context: "repl" });
    await dap.event("stopped");
    await transcript.where();
    await transcript.ask("evaluate", { expression: "cte[1].RDbase", context: "watch" });
    await transcript.ask("evaluate", { expression: "rerun", context: "repl" });
    transcript.say("A text that cannot be run");
    edited.write(script.replace("ICID=3, RDbase=0", "ICID=3, RDbase="));
    await transcript.move("next");
    transcript.matches("editing-while-paused", folder);
  });
});

describe("a file that a paused script includes", () => {
  const including = `MAPC ICID=0, RDbase=0
include "above.itscmd"
MAPC ICID=1, RDbase=0
MAPC ICID=2, RDbase=0
include "below.itscmd"
MAPC ICID=4, RDbase=pe
`;

  /** A session over {@link including}, stopped before line 4. */
  async function at4(name: string): Promise<{ dap: DapClient; file: string; write(file: string, text: string): void }> {
    const beside = path.join(folder, name);
    mkdirSync(beside);
    const write = (file: string, text: string) => {
      writeFileSync(path.join(beside, file), text);
      stamp += 10;
      utimesSync(path.join(beside, file), stamp, stamp);
    };
    write("above.itscmd", "MAPC ICID=7, RDbase=0\n");
    write("below.itscmd", "let pe = 0\n");
    write("script.itscmd", including);
    const edited = new Edited(path.join(beside, "script.itscmd"), new DapClient(fileSource));
    await edited.launch();
    return { dap: edited.dap, file: edited.file, write };
  }

  it("is taken as it is now where the line that includes it has not run", async () => {
    const { dap, file, write } = await at4("taken");
    write("below.itscmd", 'include "further.itscmd"\nlet pe = more\n');
    write("further.itscmd", "let more = 1\n");
    assert.equal(await dap.move("next"), "step 5");
    assert.match(
      dap.text("console"),
      /"below\.itscmd", which line 5 includes, has changed: the session goes on with it/,
    );
    write("further.itscmd", "let more = 0\n");
    write("further.itscmd", "let more = 1\nMAPC ICID=5, RDbase=more\n");
    await dap.request("setBreakpoints", { source: { path: file }, breakpoints: [{ line: 6 }] });
    assert.equal(await dap.move("continue"), "breakpoint 6");
    assert.equal(dap.text("console").match(/has changed: the session goes on/g)?.length, 2);
    assert.equal(await dap.evaluate("cte[5].RDbase"), "1");
    await dap.move("next");
    assert.equal(await dap.evaluate("cte[4].RDbase"), "1");
  });

  it("that has run is said to have changed, once, and the session goes on with what it has read", async () => {
    const { dap, write } = await at4("ran");
    write("above.itscmd", "MAPC ICID=8, RDbase=0\n");
    assert.equal(await dap.move("next"), "step 5");
    assert.equal(await dap.move("stepBack"), "step 4");
    assert.equal(dap.text("console").match(/has changed/g)?.length, 1);
    assert.match(
      dap.text("console"),
      /"above\.itscmd", which line 2 includes and which has run, has changed\..* Restart it/,
    );
    assert.equal(await dap.evaluate("cte[7].valid"), "1");
  });

  it("is not taken when it cannot be run", async () => {
    const { dap, write } = await at4("wrong");
    write("below.itscmd", "let pe = \n");
    assert.equal(await dap.move("next"), "step 5");
    assert.match(dap.text("console"), /includes has changed and cannot be run: script\.itscmd:5:/);
    await dap.move("next");
    await dap.move("next");
    await dap.move("next");
    assert.equal(await dap.evaluate("cte[4].RDbase"), "0");
  });
});
