import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { toolErrors } from "../../cli/mcp/tool-errors.ts";
import manifest from "../../package.json" with { type: "json" };
import { withTools } from "../../scripts/mcp-page.ts";

const page = readFileSync(path.join(import.meta.dirname, "..", "..", "docs", "mcp.md"), "utf8");

test("docs/mcp.md has the tools as they are: node scripts/generate-mcp.ts writes them", () => {
  assert.equal(page, withTools(page));
});

test("docs/mcp.md names the tools for the live session", () => {
  for (const { name, toolReferenceName } of manifest.contributes.languageModelTools)
    assert.ok(page.includes(`| \`${name}\` | \`#${toolReferenceName}\` |`), name);
});

test("docs/mcp.md shows a refusal as it is", () => {
  const { message, code, next } = toolErrors.outside(
    "../x.gicdump",
    "the folder /home/me/port, in which the server was started",
  );
  assert.ok(page.includes(`    ${message} [${code}]\n    ${next}\n`));
});

test("docs/mcp.md has the oldest VS Code that has servers", () => {
  assert.ok(page.includes(`from VS Code ${manifest.engines.vscode.replace(/^\^|\.0$/g, "")} on`));
});
