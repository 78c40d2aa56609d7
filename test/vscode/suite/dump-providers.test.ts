import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "../until.ts";
import { openFile, writeFile } from "../workspace.ts";

const TABLES = "broken-tables.gicdump";

/** Asks a provider until it answers with something. */
function ask<T>(what: string, command: string, ...args: readonly unknown[]): Promise<readonly T[]> {
  return until(what, async () => {
    const found = await vscode.commands.executeCommand<readonly T[] | undefined>(command, ...args);
    return found !== undefined && found.length > 0 && found;
  });
}

function at(document: vscode.TextDocument, text: string, offset = 0): vscode.Position {
  const place = document.getText().indexOf(text);
  assert.ok(place >= 0, `${text} is in the dump`);
  return document.positionAt(place + offset);
}

const whole = (document: vscode.TextDocument) => new vscode.Range(0, 0, document.lineCount, 0);

/** Texts and lines (from 1) of what a provider of places answers. */
function placesOf(document: vscode.TextDocument, found: readonly (vscode.Location | vscode.LocationLink)[]): string[] {
  return found.map((place) => {
    const range = "range" in place ? place.range : place.targetRange;
    return `${range.start.line + 1} ${document.getText(range)}`;
  });
}

describe("the text of a dump: providers", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("say behind each line which entries it holds", async () => {
    const { document } = await openFile(TABLES);
    const hints = await ask<vscode.InlayHint>(
      "hints",
      "vscode.executeInlayHintProvider",
      document.uri,
      whole(document),
    );
    const labels = new Map(hints.map(({ position, label }) => [position.line + 1, String(label).trim()]));
    assert.equal(labels.get(6), "DeviceID 0x8 → ITT 0x4040_0000, 2 bits · 0x9 → ITT 0x4048_0000, 1 bit ⚠");
    assert.equal(labels.get(14), "EventID 0x2 → LPI 8194, ICID 0x1");
    assert.equal(labels.get(29), "LPI 8192 pending · 8195 pending");
    assert.equal(labels.get(4), undefined, "a line of zeros has none");
  });

  it("say nothing behind lines when the setting says so", async () => {
    const settings = vscode.workspace.getConfiguration("gicWorkbench");
    await settings.update("dumps.inlayHints", false, vscode.ConfigurationTarget.Workspace);
    try {
      const { document } = await openFile(TABLES);
      const command = "vscode.executeInlayHintProvider";
      const hints = await vscode.commands.executeCommand<readonly unknown[]>(command, document.uri, whole(document));
      assert.deepEqual(hints, []);
    } finally {
      await settings.update("dumps.inlayHints", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("colour digits by field", async () => {
    const { document } = await openFile(TABLES);
    const line = new vscode.Range(5, 0, 5, 80);
    const legend = await until("the legend", () =>
      vscode.commands.executeCommand<vscode.SemanticTokensLegend | undefined>(
        "vscode.provideDocumentRangeSemanticTokensLegend",
        document.uri,
        line,
      ),
    );
    const tokens = await until("tokens", async () => {
      const found = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>(
        "vscode.provideDocumentRangeSemanticTokens",
        document.uri,
        line,
      );
      return found !== undefined && found.data.length > 0 && found;
    });
    const words: string[] = [];
    let character = 0;
    for (let i = 0; i < tokens.data.length / 2; i += 5) {
      const [, ahead, length, type] = tokens.data.slice(i, i + 4);
      character += ahead;
      words.push(`${document.lineAt(5).text.slice(character, character + length)} ${legend.tokenTypes[type]}`);
    }
    assert.deepEqual(words, ["8 gicValid", "00 gicNext", "0000080800 gicAddress", "1 gicSize"]);
  });

  it("lead from a device to its ITT, from an event to its collection, its LPI and the next one", async () => {
    const { document } = await openFile(TABLES);
    for (const [word, offset, target] of [
      ["8002000008080001", 9, "13 0001000020000000"],
      ["0001000020000000", 14, "20 8000000000000000"],
      ["0001000020000000", 6, "26 a1"],
      ["0001000020000000", 2, "13 0001000020010007"],
    ] as const) {
      const position = at(document, word, offset);
      const found = await ask<vscode.Location>(
        "a definition",
        "vscode.executeDefinitionProvider",
        document.uri,
        position,
      );
      assert.deepEqual(placesOf(document, found), [target], `${word}, digit ${offset}`);
    }
    const nowhere = await vscode.commands.executeCommand<readonly vscode.Location[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      at(document, "0001000020010007", 15),
    );
    assert.deepEqual(nowhere, [], "an ICID without a CTE leads nowhere");
  });

  it("find the events of a collection", async () => {
    const { document } = await openFile(TABLES);
    const position = at(document, "8000000000010001", 3);
    const found = await ask<vscode.Location>("references", "vscode.executeReferenceProvider", document.uri, position);
    const events = placesOf(document, found).filter((place) => !place.startsWith("20 "));
    assert.deepEqual(events, ["14 0000000020020001", "17 0000000020040001"]);
  });

  it("list tables and entries in the outline", async () => {
    const { document } = await openFile(TABLES);
    const symbols = await ask<vscode.DocumentSymbol>(
      "the outline",
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      [
        "device-table",
        "itt of DeviceID 0x8",
        "itt of DeviceID 0x9",
        "collection-table",
        "lpi-config",
        "lpi-pending",
        "lpi-pending",
      ],
    );
    assert.equal(symbols[0].detail, "0x40100000 · kvm-rev0 · 3 valid entries");
    const [device] = symbols[0].children;
    assert.equal(`${device.name}: ${device.detail}`, "DeviceID 0x8: ITT 0x4040_0000, 2 bits");
    assert.equal(document.getText(device.range), "8002000008080001");
  });

  it("fold sections and zeros", async () => {
    const { document } = await openFile(TABLES);
    const folds = await ask<vscode.FoldingRange>("folds", "vscode.executeFoldingRangeProvider", document.uri);
    const lines = folds.map(({ start, end }) => `${start + 1}-${end + 1}`);
    assert.deepEqual(lines.slice(0, 4), ["3-10", "8-10", "12-14", "16-17"]);
  });

  it("offer to open, to debug, to check and to compare each section", async () => {
    const { document } = await openFile(TABLES);
    const lenses = await until("the lenses of the dump", async () => {
      const found = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        100,
      );
      return found?.some(({ command }) => command?.title === "Check") && found;
    });
    const [open, debug, check, compare] = lenses
      .filter(({ range }) => range.start.line === 2)
      .map(({ command }) => command);
    assert.deepEqual([open?.command, open?.arguments?.[1]], ["gicWorkbench.decode", "device-table"]);
    assert.deepEqual(
      [debug?.command, check?.command, compare?.command],
      ["gicWorkbench.debugDump", "gicWorkbench.checkDump", "gicWorkbench.compareDumps"],
    );
    const commands = await vscode.commands.getCommands(true);
    for (const { command } of lenses) assert.ok(commands.includes(command?.command ?? ""), command?.command);
  });

  for (const [what, text, offset, pieces] of [
    ["an address", "40100040:", 3, ["This line is DeviceID 0x8 to 0x9", "DTE of DeviceID 0x8", "DTE of DeviceID 0x9"]],
    [
      "a text column",
      "40100050: 0000000000000000 80000000080a0000  ..",
      45,
      ["DeviceID 0xa to 0xb", "DTE of DeviceID 0xb"],
    ],
    ["a digit", "8002000008080001", 9, ["DTE of DeviceID 0x8", "**ITT\\_addr**", "offset 0x40 in the table"]],
    ["a repeat", "\n*\n", 1, ["It stands for DeviceID 0x2 to 0x7"]],
    ["a byte of LPIs", "a1 a0 a1", 3, ["INTID 8195", "Priority"]],
    ["a byte of pending bits", "09 00", 0, ["Pending: 8192, 8195"]],
  ] as const) {
    it(`explain ${what}`, async () => {
      const { document } = await openFile(TABLES);
      const position = at(document, text, offset);
      const [hover] = await ask<vscode.Hover>("a hover", "vscode.executeHoverProvider", document.uri, position);
      const shown = hover.contents.map((content) => (content as vscode.MarkdownString).value).join("\n");
      for (const piece of pieces) assert.ok(shown.includes(piece), `${piece} in:\n${shown}`);
    });
  }

  it("say of a dump that does not say its table what it was taken for", async () => {
    const text = (await openFile(TABLES)).document.getText().split("\n").slice(3, 10).join("\n");
    const { document } = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(await writeFile(text, "bare table.gicdump")),
    );
    const hints = await ask<vscode.InlayHint>(
      "hints",
      "vscode.executeInlayHintProvider",
      document.uri,
      whole(document),
    );
    assert.match(String(hints[0].label), /^\u00a0DeviceID 0x8 → ITT 0x4040_0000/);
    const guess = await until("the guess", () =>
      vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === "GIC-DUMP-GUESS"),
    );
    assert.match(guess.message, /Taken for device-table: 3 of 3 entries/);
  });
});
