import assert from "node:assert/strict";
import * as vscode from "vscode";
import { debuggingInEachTest } from "../debugging.ts";
import { until } from "../until.ts";
import { extensionApi, openFile, workspaceFile, writeFile } from "../workspace.ts";

const run = <Result>(command: string, ...args: unknown[]) =>
  vscode.commands.executeCommand<Result>(`gicWorkbench.${command}`, ...args);

/** What was opened and never saved would ask whether to be. */
async function closeUntitled(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

/** What the folder has, as sorted paths. */
async function filesIn(folder: vscode.Uri, inside = ""): Promise<string[]> {
  const found: string[] = [];
  for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
    const path = `${inside}${name}`;
    if (type !== vscode.FileType.Directory) found.push(path);
    else found.push(...(await filesIn(vscode.Uri.joinPath(folder, name), `${path}/`)));
  }
  return found.sort();
}

describe("the first five minutes", () => {
  // Before the hook that closes all editors.
  afterEach(closeUntitled);
  const debugging = debuggingInEachTest();

  const activeDocument = (): vscode.TextDocument => {
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document, "an editor is open");
    return document;
  };

  it("step a script and step back, without a folder's file", async () => {
    await run("start.step");
    assert.ok(activeDocument().isUntitled);
    const first = await debugging.stopped();
    await run("start.step");
    assert.ok((await debugging.stopped()) > first);
    await run("start.stepBack");
    assert.equal(await debugging.stopped(), first);
  });

  it("run the sample to its end for a first step back", async () => {
    await run("start.stepBack");
    await until("the step back", () => debugging.reason === "step");
    assert.equal(await debugging.evaluate("pending[8193]"), "0");
  });

  it("decode a dump that is no file", async () => {
    await run("start.decode");
    const dump = await until("the sample dump", () =>
      vscode.workspace.textDocuments.find(({ isUntitled, languageId }) => isUntitled && languageId === "gicdump"),
    );
    const { decodedRows } = await extensionApi();
    const rows = await until("its rows", () => decodedRows(dump.uri, 0, 100));
    assert.ok(rows.length > 0);
  });

  it("say at which link an MSI died", async () => {
    await run("start.trace");
    const { reports } = await extensionApi();
    const report = await until("the report", () => reports().at(-1));
    assert.match(JSON.stringify(report), /LPI 8193 is not enabled in memory/);
  });

  it("open a copy of a review that was chosen", async () => {
    const chosen = run("start.reviews");
    await until("a review to open", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return vscode.window.activeTextEditor?.document.getText().startsWith("# Registers of the GIC for user space");
    });
    await chosen;
    assert.ok(activeDocument().isUntitled);
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
    assert.match(debugging.said, /no errors|expectations/i);
  });

  for (const name of ["first-msi", "driver-bring-up", "save-and-restore", "gicv4.1", ""]) {
    it(`begin a script with the template ${name || "of nothing"}, which F5 runs to its end`, async () => {
      const uri = await run<vscode.Uri>("newScript", name);
      const document = activeDocument();
      assert.equal(document.uri.toString(), uri.toString());
      assert.ok(document.isUntitled && document.languageId === "itscmd");
      await vscode.commands.executeCommand("workbench.action.debug.start");
      await debugging.stopped();
      assert.equal(debugging.problem, undefined);
    });
  }
});

describe("the sample workspace", () => {
  const into = () => workspaceFile("a folder für samples");

  it("is a copy of every example, and is never copied over another", async () => {
    const folder = await run<vscode.Uri>("openSampleWorkspace", into());
    // What other suites have put beside the examples of this workspace is none of them.
    const extension = vscode.extensions.getExtension("gic-workbench.gic-workbench");
    assert.ok(extension);
    const packed = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(extension.extensionUri, "dist", "samples.json"),
    );
    const samples = Object.keys(JSON.parse(new TextDecoder().decode(packed)) as object);
    assert.ok(samples.length > 20);
    assert.deepEqual(await filesIn(folder), samples.sort());
    for (const name of ["first-msi.itscmd", "saved-guest.gicstate.json.bin", "reviews/2016-two-cwriters.itscmd"]) {
      const [copy, example] = await Promise.all([
        vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, ...name.split("/"))),
        vscode.workspace.fs.readFile(workspaceFile("examples", ...name.split("/"))),
      ]);
      assert.deepEqual(Buffer.from(copy), Buffer.from(example), name);
    }
    const changed = vscode.Uri.joinPath(folder, "first-msi.itscmd");
    await vscode.workspace.fs.writeFile(changed, new TextEncoder().encode("# mine\n"));
    const second = await run<vscode.Uri>("openSampleWorkspace", into());
    assert.match(second.path, /\/gic-samples-2$/);
    assert.equal(new TextDecoder().decode(await vscode.workspace.fs.readFile(changed)), "# mine\n");
  });

  it("says why it cannot be copied, and leaves nothing", async () => {
    const file = workspaceFile("one-entry.gicdump");
    const before = await vscode.workspace.fs.readFile(file);
    const answer = await run<vscode.Uri | undefined>("openSampleWorkspace", file).then(
      (uri) => uri,
      (error: Error) => {
        assert.match(error.message, /The samples could not be copied to .*gic-samples/);
        return undefined;
      },
    );
    assert.equal(answer, undefined);
    assert.deepEqual(Buffer.from(await vscode.workspace.fs.readFile(file)), Buffer.from(before));
  });
});

describe("the item of the status bar", () => {
  afterEach(closeUntitled);
  const debugging = debuggingInEachTest();

  const says = async (wanted: string | undefined): Promise<void> => {
    const { modelStatus } = await extensionApi();
    await until(`the status ${wanted}`, () => modelStatus() === wanted).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${modelStatus()}`);
    });
  };

  it("names the script's model as it is edited, and nothing beside other files", async () => {
    await writeFile("MAPC ICID=0, RDbase=0\n", "model-of-a-script.itscmd");
    const editor = await openFile("model-of-a-script.itscmd");
    await says("kvm-7.2");
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "machine { model = qemu }\n"));
    await says("qemu-7.2");
    await editor.document.save();
    await openFile("one-entry.gicdump");
    await says(undefined);
  });

  it("says on which line the session stands, after each step", async () => {
    await openFile("examples", "first-msi.itscmd");
    await run("start.step");
    await debugging.stopped();
    await says("KVM of Linux 7.2.13, line 7");
    for (const line of [8, 9, 12, 13]) {
      await debugging.press("stepOver");
      await says(`KVM of Linux 7.2.13, line ${line}`);
    }
    await debugging.press("stepBack");
    await says("KVM of Linux 7.2.13, line 12");
  });

  it("says that it is at the end, and shows the registers when it is clicked", async () => {
    await openFile("examples", "first-msi.itscmd");
    await vscode.commands.executeCommand("workbench.action.debug.start");
    await debugging.stopped();
    await says("KVM of Linux 7.2.13, at the end");
    await run("status");
    const { seen } = await extensionApi();
    await until("the registers", async () => (await seen("registers"))?.some((line) => /^GITS_CREADR\|/.test(line)));
    await debugging.stop();
    await says("kvm-7.2");
  });
});
