import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { openFile, writeFile } from "../workspace.ts";

describe("a command script in the editor", () => {
  it("has its mistakes underlined where they stand, found by running it", async () => {
    const { document } = await openFile("mistakes.itscmd");
    const problems = await problemsOf(document.uri, 5);
    const places = problems.map(({ range }) => `${range.start.line + 1}: ${document.getText(range)}`);
    assert.deepEqual(places.slice(0, 3), ["6: 32", "7: 0x11", "8: 0xffff"]);
    assert.match(problems[0].message, /MAPTI_ID_OOR/);
    assert.ok(problems.every(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
  });

  it("has them at the same places when lines end in \\r\\n, and none where there are none", async () => {
    const uri = await writeFile(
      "MAPC ICID=1, RDbase=0\r\nMAPTI DeviceID=0x11, EventID=0, pINTID=8192, ICID=1\r\n",
      "crlf.itscmd",
    );
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const [problem] = await problemsOf(uri, 1);
    assert.equal(document.getText(problem.range), "0x11");
    const example = await openFile("examples", "first-msi.itscmd");
    await hoverAt(example.document, "MAPC");
    assert.deepEqual(vscode.languages.getDiagnostics(example.document.uri), []);
  });

  it("explains commands and registers on hover", async () => {
    const { document } = await openFile("examples", "first-msi.itscmd");
    assert.match(await hoverAt(document, "MAPTI DeviceID"), /MAPTI/);
    assert.match(await hoverAt(document, "GITS_CREADR"), /\[19:5\]/);
  });

  it("completes commands, and arguments that are not there yet", async () => {
    const uri = await writeFile("MA\nMAPC ICID=1, \n", "completion.itscmd");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const commands = await complete(uri, new vscode.Position(0, 2));
    for (const name of ["MAPD", "MAPC", "MAPTI", "MAPI"]) assert.ok(commands.includes(name), `${name}: ${commands}`);
    const args = await complete(uri, new vscode.Position(1, 13));
    assert.ok(
      args.some((label) => label.startsWith("RDbase")),
      `${args}`,
    );
    assert.ok(!args.some((label) => label.startsWith("ICID")), `${args}`);
  });

  it("shows where an MSI goes, and has lenses over its first statement", async () => {
    const text = "MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4\nMAPC ICID=1, RDbase=2\n";
    const uri = await writeFile(
      `${text}MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1\nmsi DeviceID=0x10, EventID=0\n`,
      "hints.itscmd",
    );
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await until("the hint", async () => {
      const range = new vscode.Range(0, 0, 4, 0);
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        uri,
        range,
      );
      return hints.some(({ label }) => label === "→ LPI 8192, PE 2");
    });
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ["Run", "Debug", "Compare models"],
    );
  });

  it("has an outline with the device and its events", async () => {
    const { document } = await openFile("examples", "first-msi.itscmd");
    const symbols = await until("symbols", async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
      );
      return found !== undefined && found.length > 0 && found;
    });
    const device = symbols.find(({ name }) => name.startsWith("DeviceID"));
    assert.ok(device, symbols.map(({ name }) => name).join());
    assert.deepEqual(
      device.children.slice(0, 2).map(({ name }) => name),
      ["EventID 0", "EventID 1"],
    );
  });

  it("refuses a name with its reason, in which the name is no link", async () => {
    const { document } = await openFile("mistakes.itscmd");
    await hoverAt(document, "nic");
    const position = document.positionAt(document.getText().indexOf("nic"));
    const renamed = vscode.commands.executeCommand(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      position,
      "[a](command:b)",
    );
    await assert.rejects(Promise.resolve(renamed), /'\[a\] \(command:b\)' is no name/);
  });

  it("opens the page of a problem's code", async () => {
    const { document } = await openFile("mistakes.itscmd");
    const [{ code }] = await problemsOf(document.uri, 5);
    assert.ok(typeof code === "object", "the code is a link");
    assert.equal(code.value, "ITS0501");
    assert.equal(code.target.scheme, "command");
    await vscode.commands.executeCommand(code.target.path, ...JSON.parse(code.target.query));
    await until("the text of the page", () =>
      vscode.workspace.textDocuments.some(
        (page) => page.uri.scheme === "gic-rule" && page.getText().startsWith("# ITS0501: The ITS refused a command"),
      ),
    );
    await until("the page", () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes("ITS0501"));
  });

  it("comes back after the server is restarted", async () => {
    const { document } = await openFile("mistakes.itscmd");
    await restart();
    await problemsOf(document.uri, 5);
    assert.match(await hoverAt(document, "MAPC"), /MAPC/);
  });

  it("comes back after restarts that come at once", async () => {
    const { document } = await openFile("mistakes.itscmd");
    await Promise.all([restart(), restart(), restart()]);
    await problemsOf(document.uri, 5);
    assert.equal(servers().length, 1);
  });

  it("comes back by a restart when the server hangs in its start", async () => {
    const { document } = await openFile("mistakes.itscmd");
    const [old] = await runningServers();
    const starting = restart();
    const hung = await until("a server that starts", () => servers().find((pid) => pid !== old));
    process.kill(hung, "SIGSTOP");
    await Promise.all([restart(), starting]);
    assert.ok(!servers().includes(hung), "the server that hung is gone");
    await problemsOf(document.uri, 5);
    assert.match(await hoverAt(document, "MAPC"), /MAPC/);
  });

  it("comes back when the server has been killed", async () => {
    const { document } = await openFile("mistakes.itscmd");
    const [old] = await runningServers();
    process.kill(old, "SIGKILL");
    await until("another server", () => servers().some((pid) => pid !== old));
    await problemsOf(document.uri, 5);
    assert.match(await hoverAt(document, "MAPC"), /MAPC/);
  });

  it("comes back by a restart when the server hangs, with the problems of what is open", async () => {
    const { document } = await openFile("mistakes.itscmd");
    await problemsOf(document.uri, 5);
    const [hung] = await runningServers();
    process.kill(hung, "SIGSTOP");
    await restart();
    assert.ok(!servers().includes(hung), "the server that hung is gone");
    await problemsOf(document.uri, 5);
    assert.match(await hoverAt(document, "MAPC"), /MAPC/);
  });
});

function restart(): Thenable<unknown> {
  return vscode.commands.executeCommand("gicWorkbench.restartServer");
}

/** Process numbers of the language servers that this extension host has started. */
function servers(): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const lines = stdout.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  return lines.flatMap((found) =>
    found !== null && Number(found[2]) === process.pid && /server\.cjs.* --node-ipc/.test(found[3])
      ? [Number(found[1])]
      : [],
  );
}

function runningServers(): Promise<number[]> {
  return until("a server", () => servers().length > 0 && servers());
}

function problemsOf(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(`${count} problems of ${uri}`, () => {
    const problems = vscode.languages.getDiagnostics(uri);
    problems.sort((a, b) => a.range.start.compareTo(b.range.start));
    return problems.length === count && problems;
  });
}

function hoverAt(document: vscode.TextDocument, text: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(text) + 1);
  return until(`a hover on ${text}`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      position,
    );
    const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
    return contents.length > 0 && contents.map(({ value }) => value).join("\n");
  });
}

function complete(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  return until("completion", async () => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      position,
    );
    const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    return labels.length > 0 && labels;
  });
}
