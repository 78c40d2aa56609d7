import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { openFile, writeFile } from "../workspace.ts";

const BROKEN = "broken-tables.gicdump";

/** Opens the tables with a mistake, and waits until they have been checked. */
async function openBroken(): Promise<vscode.TextEditor> {
  const editor = await openFile(BROKEN);
  await checkFindings(editor.document, 2);
  return editor;
}

/** Errors and warnings that the check of a dump has found, once there are so many. */
function checkFindings(document: vscode.TextDocument, count: number): Promise<readonly vscode.Diagnostic[]> {
  return until(`${count} findings in ${document.uri.path}`, () => {
    const found = vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source, severity }) => source === "gicwb check" && severity <= vscode.DiagnosticSeverity.Warning);
    return found.length === count && found;
  });
}

/** Codes of what the check of a dump has found beside notes. */
function codesOf(document: vscode.TextDocument): string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source, severity }) => source === "gicwb check" && severity <= vscode.DiagnosticSeverity.Warning)
    .map(({ code }) => (typeof code === "object" ? String(code.value) : String(code)));
}

describe("the text of a dump: problems", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("are the rules' findings and what kernels answer, at the entry", async () => {
    const { document } = await openBroken();
    const found = await checkFindings(document, 2);
    assert.deepEqual(
      found.map(({ range }) => document.getText(range)),
      ["0001000020010007", "0001000020010007"],
    );
    const answer = found.find(({ code }) => code === "GIC-RESTORE-EINVAL");
    const rule = found.find(({ code }) => typeof code === "object");
    assert.ok(answer !== undefined && rule !== undefined, found.map(({ message }) => message).join("\n"));
    assert.match(answer.message, /^RESTORE_TABLES answers EINVAL because of this entry \(kvm-5\.10 to kvm-7\.3\)/);
    assert.ok(typeof rule.code === "object");
    assert.equal(rule.code.value, "L-26-no-cte");
    const page = await vscode.workspace.openTextDocument(rule.code.target.with({ fragment: "" }));
    const line = Number(rule.code.target.fragment.slice(1)) - 1;
    assert.match(page.lineAt(line).text, /^\| L-26-no-cte \|/);
  });

  it("follow the text: mended in one place, another mistake comes to light", async () => {
    const text = (await openBroken()).document.getText();
    const copy = await writeFile(text, "mended.gicdump");
    const { document } = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(copy));
    await checkFindings(document, 2);
    const at = document.getText().indexOf("20010007");
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + 8)), "20010001");
    await vscode.workspace.applyEdit(edit);
    const [last] = await checkFindings(document, 1);
    assert.deepEqual(codesOf(document), ["L-23-last"]);
    assert.equal(document.getText(last.range), "8000000008090000");
    const [other] = last.relatedInformation ?? [];
    assert.equal(document.getText(other.location.range), "80000000080a0000");
    // Closed with its change, the editor would ask whether to save it.
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("ask the kernels that the settings name", async () => {
    const settings = vscode.workspace.getConfiguration("gicWorkbench");
    await settings.update("dumps.checkModels", [], vscode.ConfigurationTarget.Workspace);
    try {
      const { document } = await openFile(BROKEN);
      // The answer of all kernels, which was asked for with the setting before, may still show.
      await until("the rule alone", () => codesOf(document).join() === "L-26-no-cte");
    } finally {
      await settings.update("dumps.checkModels", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});

describe("a layout file that a dump names", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  const WORD = "mine.giclayout.json";
  const layout = (name: string) =>
    JSON.stringify({
      name,
      "device-table": {
        bytes: 8,
        valid: "Mapped",
        fields: [
          { name: "Mapped", bits: "0" },
          { name: "Table", bits: "47:8", shift: 8, role: "itt-address", summary: "where the events are" },
          { name: "Events", bits: "5:1", plus: 1, role: "event-bits" },
        ],
      },
    });
  const text = `# gic: table=device-table layout=${WORD} base=0x40100000 levels=1
40100000: 0000000000000000 0000000040400009
`;

  it("decodes it, is followed when it changes, and what is wrong in it is said", async () => {
    const file = await writeFile(layout("mine"), WORD);
    const { document } = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(await writeFile(text, "named-layout.gicdump")),
    );
    const hover = () => hoverAt(document, 1, 35);
    await until("a hover by the file", async () => /\bmine \\*\(given/.test(await hover()));
    assert.match(await hover(), /Table.*0x40400000/s);
    assert.match(await hover(), /Where the events are/);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(layout("other")));
    await until("a hover by the file that has changed", async () => /\bother \\*\(given/.test(await hover()));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(layout("other").replace('"5:1"', '"70:1"')));
    const told = await until("the problem of the file", () => hintProblem(document));
    assert.match(told.message, /mine\.giclayout\.json, device-table\.fields\[2\]\.bits: bit 70 is beyond the DTE/);
  });

  it("outside of the workspace is refused", async () => {
    const { document } = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(
        await writeFile(text.replace(WORD, `../../${WORD}`), "outside-layout.gicdump"),
      ),
    );
    const told = await until("the refusal", () => hintProblem(document));
    assert.match(told.message, /is outside the workspace; put it beside the dump/);
  });

  it("is checked by its schema as it is written", async () => {
    const bad = await writeFile('{ "name": "x", "itt": { "bytes": 99 } }', "bad.giclayout.json");
    const document = await vscode.workspace.openTextDocument(bad);
    await vscode.window.showTextDocument(document);
    const found = await until("problems by the schema", () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.length > 0 && all;
    });
    assert.match(found.map(({ message }) => message).join("\n"), /16|valid|fields/);
  });
});

function hintProblem(document: vscode.TextDocument): vscode.Diagnostic | false {
  return vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === "GIC-DUMP-HINT") ?? false;
}

async function hoverAt(document: vscode.TextDocument, line: number, column: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    new vscode.Position(line, column),
  );
  return hovers
    .flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value)))
    .join("\n");
}
