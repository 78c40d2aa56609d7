import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { completion } from "../../server/completion/completion.ts";
import { signatureHelp } from "../../server/completion/signature-help.ts";
import { codeActions, FIX_ALL } from "../../server/editing/code-actions.ts";
import { formatting, formattingOnType } from "../../server/editing/formatting.ts";
import { linkedEditing } from "../../server/editing/linked-editing.ts";
import { prepareRename, rename } from "../../server/editing/rename.ts";
import { Failures, failureCodes } from "../../server/failures.ts";
import { codeLenses } from "../../server/hover/code-lenses.ts";
import { hover } from "../../server/hover/hover.ts";
import { inlayHints } from "../../server/hover/inlay-hints.ts";
import { inlineValues } from "../../server/hover/inline-values.ts";
import { prepareCallHierarchy } from "../../server/navigation/call-hierarchy.ts";
import { declaration } from "../../server/navigation/declaration.ts";
import { definition } from "../../server/navigation/definition.ts";
import { documentLinks } from "../../server/navigation/document-links.ts";
import { folding } from "../../server/navigation/folding.ts";
import { highlight } from "../../server/navigation/highlight.ts";
import { references } from "../../server/navigation/references.ts";
import { selectionRanges } from "../../server/navigation/selection-ranges.ts";
import { semanticTokens } from "../../server/navigation/semantic-tokens.ts";
import { symbols } from "../../server/navigation/symbols.ts";
import { typeDefinition } from "../../server/navigation/type-definition.ts";
import { workspaceSymbols } from "../../server/navigation/workspace-symbols.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { OpenScripts } from "../../server/scripts/documents.ts";
import { Publisher } from "../../server/scripts/publisher.ts";
import type { Script } from "../../server/scripts/script.ts";
import { defaultSettings, hintKinds, readInitializationOptions, readSettings } from "../../server/settings.ts";
import { pieces } from "../language/scripts.ts";
import { open, problems, settle, stopped } from "./kit.ts";

/** Asks every provider about a place. */
function askAll(script: Script, line: number, character: number): void {
  const position = { line, character };
  hover(script, position);
  completion(script, position, { snippets: true });
  signatureHelp(script, position);
  definition(script, position);
  references(script, position, true);
  highlight(script, position);
  prepareRename(script, position);
  rename(script, position, "other");
  symbols(script);
  folding(script);
  semanticTokens(script, "all");
  formatting(script);
  const diagnostics = scriptDiagnostics(script, { maxProblems: 100 });
  codeActions(script, diagnostics);
  const range = { start: position, end: position };
  codeActions(script, diagnostics, { range });
  codeActions(script, [], { only: [FIX_ALL] });
  declaration(script, position);
  typeDefinition(script, position);
  linkedEditing(script, position);
  selectionRanges(script, [position]);
  documentLinks(script);
  codeLenses(script);
  inlayHints(script, { start: { line: 0, character: 0 }, end: { line: line + 1, character: 0 } }, new Set(hintKinds));
  inlineValues(script, range, range);
  formattingOnType(script, position, "\n");
  prepareCallHierarchy(script, position);
  workspaceSymbols([script], "a");
  for (const { range, message } of diagnostics) {
    assert.ok(range.start.line >= 0 && range.start.character >= 0 && range.end.character >= range.start.character);
    assert.ok(typeof message === "string" && message.length > 5);
  }
}

describe("no text makes a provider fail", () => {
  test("lines of scripts in any order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
        fc.nat(14),
        fc.nat(60),
        (lines, line, column) => {
          const script = open(lines.join("\n"));
          askAll(script, line, column);
          settle(script);
          askAll(script, line, column);
        },
      ),
      { numRuns: 100 },
    );
  });
  test("any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.nat(5), fc.nat(60), (text, line, column) => {
        askAll(open(text), line, column);
      }),
      { numRuns: 100 },
    );
  });
  test("places outside the text", () => {
    for (const place of [
      [0, 1e9],
      [1e9, 0],
    ])
      askAll(open("let a = 1"), place[0], place[1]);
  });
  test("nothing, a binary file, a text that is too large", () => {
    for (const text of ["", "\0\0", "x".repeat(16 * 1024 * 1024 + 1)]) askAll(open(text), 0, 0);
  });
});

describe("failures inside", () => {
  test("are shown once, with a code, and logged each time", () => {
    const shown: string[] = [];
    const logged: string[] = [];
    const failures = new Failures({ show: (text) => shown.push(text), log: (text) => logged.push(text) });
    const fail = () => {
      throw new Error("broken");
    };
    for (let count = 0; count < 3; count++)
      assert.equal(failures.guard<string | undefined>(failureCodes.request, "a hover", fail, "none"), "none");
    assert.equal(shown.length, 1);
    assert.match(shown[0], /^GICS03: /);
    assert.doesNotMatch(shown[0], /\bat .*:\d+/);
    assert.equal(logged.length, 3);
  });
});

describe("a run that fails inside", () => {
  const failing = () => {
    const shown: string[] = [];
    const failures = new Failures({ show: (text) => shown.push(text), log: () => {} });
    const scripts = new OpenScripts(failures, true, stopped);
    for (const uri of ["a", "b"]) scripts.open(uri, 1, "INT DeviceID=1, EventID=1\nnonsense");
    const fail = () => {
      throw new Error("broken");
    };
    const broken = scripts.get("a");
    assert.ok(broken?.simulation);
    Object.assign(broken.simulation, { advance: fail, changed: fail });
    const published: string[] = [];
    const callbacks: (() => void)[] = [];
    const later = (_milliseconds: number, callback: () => void) => {
      callbacks.push(callback);
      return () => {};
    };
    const publisher = new Publisher(
      { now: stopped, turn: (callback) => later(0, callback), later },
      failures,
      scripts,
      (script) => {
        published.push(`${script.uri}: ${problems(script).join(", ")}`);
      },
    );
    const work = () => {
      for (let callback = callbacks.shift(); callback !== undefined; callback = callbacks.shift()) callback();
    };
    return { scripts, publisher, work, published, shown };
  };
  test("is shown once; what reading finds is published, and other scripts are run", () => {
    const { scripts, publisher, work, published, shown } = failing();
    publisher.touch("a");
    publisher.touch("b");
    work();
    scripts.change("a", 2, [{ text: "nonsense" }]);
    assert.deepEqual(published, ["a: 2 ITS0102 nonsense", "b: 2 ITS0102 nonsense, 1 ITS0501 1"]);
    assert.equal(shown.length, 1);
    assert.match(shown[0], /^GICS04: /);
  });
  test("is tried again when the script changes", () => {
    const { scripts, publisher, work, published } = failing();
    publisher.touch("a");
    work();
    const start = { line: 1, character: 0 };
    scripts.change("a", 2, [{ range: { start, end: start }, text: "# " }]);
    publisher.touch("a");
    work();
    assert.deepEqual(published, ["a: 2 ITS0102 nonsense", "a: 1 ITS0501 1"]);
  });
  test("at a change leaves the text right", () => {
    const { scripts, shown } = failing();
    const start = { line: 1, character: 0 };
    scripts.change("a", 2, [{ range: { start, end: start }, text: "# " }]);
    assert.equal(scripts.get("a")?.document.lines[1].text, "# nonsense");
    assert.equal(shown.length, 1);
  });
});

describe("settings", () => {
  test("are read from what the editor sends", () => {
    assert.deepEqual(readSettings({ diagnostics: { simulate: false }, maxProblems: 7 }), {
      ...defaultSettings,
      simulate: false,
      maxProblems: 7,
      rules: new Map(),
    });
  });
  test("that are missing or wrong have their defaults", () => {
    for (const wrong of [
      undefined,
      null,
      1,
      "x",
      {},
      { diagnostics: 1, maxProblems: "many" },
      { maxProblems: Number.NaN },
    ])
      assert.deepEqual(readSettings(wrong), defaultSettings);
  });
  test("are bounded", () => {
    assert.equal(readSettings({ maxProblems: 1e12 }).maxProblems, 100_000);
    assert.equal(readSettings({ maxProblems: -5 }).maxProblems, defaultSettings.maxProblems);
  });
  test("of initialization may be anything", () => {
    assert.deepEqual(readInitializationOptions({ documentation: 5 }), {});
    assert.deepEqual(readInitializationOptions(null), {});
    assert.deepEqual(readInitializationOptions({ documentation: "file:///x.md" }), { documentation: "file:///x.md" });
  });
});
