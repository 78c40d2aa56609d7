import assert from "node:assert/strict";
import * as vscode from "vscode";
import { longQueues } from "../../runner/long-statements.ts";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";

describe("work of a session that takes long", () => {
  const debugging = debuggingInEachTest();

  const told = (event: string) => debugging.progress.find((one) => one.event === event)?.body;

  it("is told of with how far it is, and stops where it is cancelled", async function () {
    this.timeout(120_000);
    await debugging.start(longQueues("kvm-7.2", 100), "long-run", { stopOnEntry: true });
    await debugging.shown();
    assert.deepEqual(debugging.progress, []);
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    const start = await until("word of the run", () => told("progressStart"), 60_000);
    assert.equal(start.title, "Running the script");
    assert.equal(start.cancellable, true);
    assert.match(start.message, /^line \d+ of 109/);
    const update = await until("word of how far it is", () => told("progressUpdate"), 60_000);
    assert.match(update.message, /, [\d,]+ commands? so far$/);
    // As the editor does when its notification is cancelled, which only a mouse can: see scripts/pictures.
    await debugging.session.customRequest("cancel", { progressId: start.progressId });
    const line = await debugging.stopped();
    assert.equal(debugging.reason, "pause");
    assert.match(told("progressEnd").message, new RegExp(`^(Stopped at line ${line}|In the middle of this line, .*)$`));
  });

  it("is told of while a script is read and while what has run is looked through", async function () {
    this.timeout(180_000);
    const lines = 400_000;
    const script = `${Array.from({ length: lines }, (_, at) => `MAPC ICID=${at % 100}, RDbase=0\n`).join("")}let end = 1\n`;
    await debugging.start(script, "long-reading", { stopOnEntry: true });
    const reading = told("progressStart");
    assert.equal(reading?.title, "Reading the script");
    assert.match(reading.message, /^line \d+ of 400002$/);
    assert.equal(debugging.progress.at(-1)?.event, "progressEnd");
    await debugging.shown();
    const { source } = await debugging.frame();
    const breakpoints = [{ line: lines + 1 }];
    await debugging.session.customRequest("setBreakpoints", { source, breakpoints });
    assert.equal(await debugging.press("continue"), lines + 1);
    for (const expression of ["who GITS_BASER0", "back GITS_BASER0"]) {
      debugging.progress = [];
      const asked = debugging.session.customRequest("evaluate", { expression, context: "repl" });
      const search = await until("word of the search", () => told("progressStart"), 60_000);
      assert.equal(search.title, "Looking through what has run");
      assert.match(search.message, /^back from line \d+$/);
      await debugging.session.customRequest("cancel", { progressId: search.progressId });
      await assert.rejects(Promise.resolve(asked), /interrupted|taken back|cancelled/i);
      assert.equal((await until("the end of it", () => debugging.progress.at(-1), 60_000)).event, "progressEnd");
    }
  });
});
