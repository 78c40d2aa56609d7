import assert from "node:assert/strict";
import type { CompletionList, Position } from "vscode-languageserver";
import { completion } from "../../server/completion/completion.ts";
import { codeActions } from "../../server/editing/code-actions.ts";
import { Failures } from "../../server/failures.ts";
import { hover } from "../../server/hover/hover.ts";
import { definition } from "../../server/navigation/definition.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { OpenScripts } from "../../server/scripts/documents.ts";
import type { Script } from "../../server/scripts/script.ts";

/** Failures end a test: no text may cause one. */
export const strict = new Failures({
  show: (message) => assert.fail(message),
  log: (text) => assert.fail(text),
});

/** A clock that stands still: budgets never run out. */
export const stopped = () => 0;

/** A set of open scripts for tests. */
export function workspace(): OpenScripts {
  return new OpenScripts(strict, true, stopped);
}

/** A text as an open script that has been run. */
export function open(text: string): Script {
  const scripts = workspace();
  scripts.open("file:///test.itscmd", 1, text);
  const script = scripts.get("file:///test.itscmd");
  assert.ok(script, "the script is open");
  settle(script);
  return script;
}

/** Runs a script to its end. */
export function settle(script: Script): void {
  while (script.simulation?.advance(1000) === false);
}

/** A text with `<|>` where the cursor is. */
export function marked(text: string): { readonly script: Script; readonly position: Position } {
  const at = text.indexOf("<|>");
  assert.ok(at >= 0 && at === text.lastIndexOf("<|>"), "one <|> in the text");
  const before = text.slice(0, at).split(/\r\n|\n|\r/);
  const position = { line: before.length - 1, character: before[before.length - 1].length };
  return { script: open(text.replace("<|>", "")), position };
}

/** Every piece of text is in the hover at `<|>`; no text: there is none. */
export function expectHover(text: string, ...pieces: readonly (string | RegExp)[]): void {
  const { script, position } = marked(text);
  const found = hover(script, position);
  if (pieces.length === 0) {
    assert.equal(found, null);
    return;
  }
  const contents = found?.contents;
  assert.ok(contents !== undefined && typeof contents === "object" && "value" in contents, "a hover");
  for (const piece of pieces) {
    if (typeof piece === "string") assert.ok(contents.value.includes(piece), `${piece} in:\n${contents.value}`);
    else assert.match(contents.value, piece);
  }
  settle(script);
}

export function complete(text: string, snippets = false): CompletionList {
  const { script, position } = marked(text);
  return completion(script, position, { snippets }) ?? { isIncomplete: false, items: [] };
}

/** The labels at `<|>` begin with these, in this order. */
export function expectCompletion(text: string, ...labels: readonly string[]): void {
  const found = complete(text).items.map(({ label }) => label);
  assert.deepEqual(found.slice(0, labels.length), labels);
  if (labels.length === 0) assert.deepEqual(found, []);
}

/** Every diagnostic as `line code underlined text`, lines from 1. */
export function problems(script: Script, maxProblems = 1000): string[] {
  return scriptDiagnostics(script, { maxProblems }).map(({ range, code }) => {
    const line = script.document.lines[range.start.line]?.text ?? "";
    return `${range.start.line + 1} ${code} ${line.slice(range.start.character, range.end.character)}`.trim();
  });
}

export function expectProblems(text: string, ...expected: readonly string[]): void {
  assert.deepEqual(problems(open(text)), expected);
}

/** Line and text that the definition of what stands at `<|>` points to, lines from 1. */
export function expectDefinition(text: string, expected: string | undefined): void {
  const { script, position } = marked(text);
  const [link] = definition(script, position);
  const range = link?.targetSelectionRange;
  const found =
    range &&
    `${range.start.line + 1} ${script.document.lines[range.start.line].text.slice(range.start.character, range.end.character)}`;
  assert.equal(found, expected);
}

/** Applies the quick fix of a title to a text; the text then. */
export function fix(text: string, title: string | RegExp): string {
  const script = open(text);
  const actions = codeActions(script, scriptDiagnostics(script, { maxProblems: 1000 }));
  const titles = actions.map((action) => action.title);
  const action = actions.find((entry) => (typeof title === "string" ? entry.title === title : title.test(entry.title)));
  assert.ok(action, `a fix ${title} among ${titles.join(" | ")}`);
  const edits = action.edit?.changes?.[script.uri] ?? [];
  script.document.update(
    edits.map(({ range: { start, end }, newText }) => ({
      start: { line: start.line, column: start.character },
      end: { line: end.line, column: end.character },
      text: newText,
    })),
  );
  return script.document.text;
}

/** A device with 32 events, one of them mapped, and a collection. */
export const mapped = [
  "MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=4",
  "MAPC ICID=0, RDbase=1",
  "MAPTI DeviceID=0x10, EventID=0, pINTID=8195, ICID=0",
].join("\n");
