import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingTheExample } from "../debugging.ts";
import { focus, shows } from "../live-view.ts";
import { extensionApi } from "../workspace.ts";

/** The line of the row that is marked as next. */
async function next(): Promise<string> {
  const { seen } = await extensionApi();
  return (await seen("timeline"))?.find((line) => line.startsWith("▶")) ?? "none";
}

describe("the live view Timeline", () => {
  const debugging = debuggingTheExample(() => focus("timeline"));
  afterEach(() => vscode.commands.executeCommand("gicWorkbench.timeline.filter", ""));

  /** All rows, as they are copied. */
  async function copied(): Promise<readonly string[]> {
    await vscode.commands.executeCommand("gicWorkbench.timeline.copyTable", "csv");
    return (await vscode.env.clipboard.readText()).trimEnd().split("\r\n");
  }

  it("shows what ran with its outcome, and where the session stands", async () => {
    await shows("timeline", /^▶\|28\|expect pending/);
    await shows("timeline", /^lines that have run: 14$/);
    const told = await copied();
    assert.ok(
      told.some((line) => /,"?MAPTI DeviceID=nic, EventID=1.*"?,done,/.test(line)),
      told.join("\n"),
    );
    assert.ok(told.some((line) => /,"?msi .*"?,MSI delivered,/.test(line)));
    assert.match(told.at(-1) ?? "", /^28,/);
  });

  it("goes back to a row, and forwards to one that was taken back", async () => {
    await shows("timeline", /^▶\|28\|/);
    const wanted = (await copied()).find((line) => /MAPTI DeviceID=nic, EventID=1/.test(line)) ?? "";
    const line = Number(wanted.split(",")[0]);
    await vscode.commands.executeCommand("gicWorkbench.timeline.go", { line });
    assert.equal(await debugging().stopped(), line);
    await shows("timeline", new RegExp(`^▶\\|${line}\\|MAPTI`));
    // What ran after it is still there, and the session goes on over it.
    assert.match((await copied()).at(-1) ?? "", /^28,/);
    await vscode.commands.executeCommand("gicWorkbench.timeline.go", { line: 28 });
    assert.equal(await debugging().stopped(), 28);
    await shows("timeline", /^▶\|28\|/);
  });

  it("finds what its filter takes, and says which word means nothing", async () => {
    await vscode.commands.executeCommand("gicWorkbench.timeline.filter", "mapti event:1");
    const lines = await shows("timeline", /^rows: 1 · lines that have run/);
    assert.equal(lines.filter((line) => /\|MAPTI/.test(line)).length, 1);
    await vscode.commands.executeCommand("gicWorkbench.timeline.filter", "colour:1");
    await shows("timeline", /“colour:1” means nothing here/);
  });

  it("is copied as Markdown", async () => {
    await shows("timeline", /^▶\|28\|/);
    await vscode.commands.executeCommand("gicWorkbench.timeline.copyTable", "markdown");
    assert.match(await vscode.env.clipboard.readText(), /^\| Line \| Statement \| Outcome \|/);
    assert.match(await next(), /^▶\|28\|/);
  });
});
