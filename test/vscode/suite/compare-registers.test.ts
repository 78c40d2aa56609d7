import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingTheExample } from "../debugging.ts";
import { focus, shows } from "../live-view.ts";
import { until } from "../until.ts";
import { workspaceFile } from "../workspace.ts";

const compareWith = (given: unknown) => vscode.commands.executeCommand("gicWorkbench.registers.compareWith", given);

describe("the registers compared with another moment", () => {
  // Before the session ends.
  after(() => vscode.commands.executeCommand("gicWorkbench.registers.filter", ""));
  debuggingTheExample(async () => {
    await focus("registers");
    await shows("registers", /^GITS_CTLR\|/);
  });

  /** The rows that are open, as they are copied: with the column of what they are compared with. */
  async function copied(): Promise<readonly string[]> {
    await vscode.commands.executeCommand("gicWorkbench.registers.copyTable", "csv");
    return (await vscode.env.clipboard.readText()).trimEnd().split("\r\n");
  }

  it("show the value of a past line where it differs", async () => {
    await compareWith({ line: 12 });
    await until("the column to come", async () => (await copied())[0].startsWith("Register,Value,Compared,"));
    const rows = await copied();
    assert.ok(
      rows.some((line) => /^GITS_CREADR,0x0000_0000_0000_00c0,0x0000_0000_0000_0000,/.test(line)),
      rows.join("\n"),
    );
    assert.ok(rows.some((line) => /^GITS_BASER0,[^,]*,,/.test(line)));
    await shows("registers", /^GITS_CREADR\|/);
  });

  it("are compared with a file, and with nothing any more", async () => {
    await compareWith(workspaceFile("examples", "saved-guest.gicstate.json"));
    await until("values of the file", async () =>
      (await copied()).some((line) => /^GITS_CBASER,0x\w+,0x\w+,/.test(line)),
    );
    await compareWith({ off: true });
    await until("the column to go", async () => (await copied())[0].startsWith("Register,Value,Access,"));
  });

  it("are recreated by a script, which opens and comes to the same", async () => {
    await vscode.commands.executeCommand("gicWorkbench.recreateScript");
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.isUntitled, true);
    assert.equal(editor?.document.languageId, "itscmd");
    const text = editor?.document.getText() ?? "";
    assert.match(text, /^# A machine recreated, as it was at one moment: KVM of Linux/);
    assert.match(text, /\nrestore\nuser-write GITS_CTLR = /);
    const errors = vscode.languages
      .getDiagnostics(editor?.document.uri ?? vscode.Uri.file("/"))
      .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    assert.deepEqual(errors, []);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
