import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { capabilities } from "../../server/capabilities.ts";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/language-server.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| feature"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map((cells) => ({ feature: cells[1], here: cells[7], shown: cells[8] }));

/** Words of a row, and the member of the capabilities that declares it; absent: no capability stands for it. */
const declared: Readonly<Record<string, keyof typeof capabilities>> = {
  "incremental changes": "textDocumentSync",
  "diagnostics asked for: document": "diagnosticProvider",
  "completion, resolve": "completionProvider",
  hover: "hoverProvider",
  "signature help": "signatureHelpProvider",
  definition: "definitionProvider",
  "declaration, type definition": "typeDefinitionProvider",
  "references, highlights": "referencesProvider",
  "rename, prepare": "renameProvider",
  "document symbols": "documentSymbolProvider",
  "workspace symbols": "workspaceSymbolProvider",
  "semantic tokens: full, range": "semanticTokensProvider",
  "inlay hints": "inlayHintProvider",
  "code lenses": "codeLensProvider",
  "code actions, `only`": "codeActionProvider",
  "formatting: document, range, on type": "documentOnTypeFormattingProvider",
  folding: "foldingRangeProvider",
  "selection ranges": "selectionRangeProvider",
  "document links": "documentLinkProvider",
  "call hierarchy": "callHierarchyProvider",
  "linked editing": "linkedEditingRangeProvider",
  "inline values": "inlineValueProvider",
};

describe("docs/language-server.md", () => {
  test("has a row of eight cells for each feature", () => {
    assert.ok(rows.length > 30);
    for (const { feature, here } of rows) assert.match(here ?? "", /^(?:y|-)/, feature);
  });
  for (const { feature, here, shown } of rows) {
    test(feature, () => {
      if (!here.startsWith("y")) {
        assert.equal(shown, "");
        return;
      }
      const file = /^`(test\/[\w/-]+\.test\.ts)`$/.exec(shown)?.[1] ?? "";
      assert.ok(existsSync(path.join(root, file)), `${feature} names its test`);
      const capability = declared[feature];
      if (capability !== undefined) assert.ok(capabilities[capability], capability);
    });
  }
  test("has a row for every capability that is declared", () => {
    const said = new Set<string>(Object.values(declared));
    const others = ["positionEncoding", "workspace", "documentFormattingProvider", "documentRangeFormattingProvider"];
    const inRows = ["declarationProvider", "documentHighlightProvider", ...others];
    for (const name of Object.keys(capabilities)) assert.ok(said.has(name) || inRows.includes(name), name);
  });
});
