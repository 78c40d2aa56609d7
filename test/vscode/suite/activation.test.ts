import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
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

  it("has loaded for a script its client and that of the language server, and no engine", async () => {
    await openFile("one-command.itscmd");
    await until("activation", () => vscode.extensions.getExtension(id)?.isActive);
    // This suite is the first one, and runs in the process that has loaded the extension.
    const folder = path.join(vscode.extensions.getExtension(id)?.extensionPath ?? "", "dist");
    const loaded = Object.keys(createRequire(__filename).cache).filter((file) => file.startsWith(folder));
    const names = loaded.map((file) => path.basename(file).replace(/^shared-\d+/, "shared-N"));
    // An editor that has assistants asks how to start their server as soon as it runs.
    const asked = names.filter((name) => name !== "mcp-server.cjs");
    assert.deepEqual([...new Set(asked)].sort(), ["client.cjs", "language-node.cjs", "shared-N.cjs"]);
  });

  it("knows a dump by its name", async () => {
    const editor = await openFile("one-entry.gicdump");
    assert.equal(editor.document.languageId, "gicdump");
  });
});
