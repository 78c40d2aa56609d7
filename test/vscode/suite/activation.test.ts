import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { openFile } from "../workspace.ts";

const id = "gic-workbench.gic-workbench";

describe("the installed extension", () => {
  it("comes from the package and not from the sources", () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is installed`);
    const installedAs = process.env.GICWB_SUITE_EXTENSIONS;
    assert.ok(installedAs, "the launcher names the folder of installed extensions");
    assert.ok(extension.extensionPath.startsWith(installedAs), `${extension.extensionPath} is under ${installedAs}`);
  });

  it("becomes active when a command script is opened", async () => {
    const editor = await openFile("one-command.itscmd");
    assert.equal(editor.document.languageId, "itscmd");
    assert.ok(await until("activation", () => vscode.extensions.getExtension(id)?.isActive));
  });

  it("knows a dump by its name", async () => {
    const editor = await openFile("one-entry.gicdump");
    assert.equal(editor.document.languageId, "gicdump");
  });
});
