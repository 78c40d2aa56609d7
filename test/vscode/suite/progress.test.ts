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
});
