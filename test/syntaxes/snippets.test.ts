import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { formatDocument, type MachineDescription, ScriptDocument, statementKeywords } from "../../language/index.ts";
import { type Prepared, prepareTarget, RunRules, ScriptRun } from "../../runner/index.ts";

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const file = new URL("../../syntaxes/itscmd.snippets.json", import.meta.url);
const snippets: Readonly<Record<string, Snippet>> = JSON.parse(readFileSync(file, "utf8"));

const mapped = `MAPC ICID=0, RDbase=0
MAPD DeviceID=0x10, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=0
SYNC RDbase=0
`;

/** What stands above a snippet where it is of use. */
const above: Readonly<Record<string, string>> = {
  "move-event": mapped,
  "enable-lpi": mapped,
  "send-msi": mapped,
  "map-vpe": "machine { model = arch  gic = 4.1 }\n",
};

/** The text that a snippet inserts when each of its places is left as it is: of a choice that is its first word. */
function inserted({ body }: Snippet): string {
  return body
    .join("\n")
    .replace(/\$\{\d+\|([^,|]+)[^}]*\|\}/g, "$1")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$0/g, "")
    .replaceAll("\t", "  ");
}

/** The words of each choice of a snippet. */
function choices({ body }: Snippet): string[] {
  return [...body.join("\n").matchAll(/\$\{\d+\|([^|]*)\|\}/g)].flatMap(([, words]) => words.split(","));
}

/** Everything that is found in a script: in its text, by rules, and by running it. */
function problemsOf(document: ScriptDocument): string[] {
  const prepare = (machine: MachineDescription): Prepared => prepareTarget(machine);
  const prepared = prepare(document.machine);
  if ("failure" in prepared) assert.fail(prepared.failure);
  const found = document.diagnostics().list.map(({ code, message }) => `${code} ${message}`);
  const run = new ScriptRun(document, prepared.target, prepare, undefined, new RunRules(document));
  for (let done = run.step(); done !== undefined; done = run.step()) {
    const { problems, remarks = [] } = done.result;
    found.push(...[...problems, ...remarks].map(({ code, message }) => `${code} ${message}`));
  }
  return found;
}

describe("the snippets", () => {
  for (const [name, snippet] of Object.entries(snippets)) {
    test(`${name} runs as it is inserted, and is formatted`, () => {
      const text = `${above[snippet.prefix] ?? ""}${inserted(snippet)}`;
      const document = new ScriptDocument(text);
      assert.ok(document.lines.length > 1);
      assert.deepEqual(problemsOf(document), [], text);
      assert.equal(formatDocument(document), text);
    });
  }

  test("have choices that the language knows", () => {
    const words = choices(snippets.Machine);
    assert.ok(words.length > 0);
    for (const word of words) {
      const property = ["ready", "reset"].includes(word) ? "setup" : "model";
      assert.deepEqual(new ScriptDocument(`machine { ${property} = ${word} }`).diagnostics().list, [], word);
    }
  });

  test("have prefixes of their own: a word of the language is completed by the server", () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
    const words: readonly string[] = statementKeywords.map(({ word }) => word);
    assert.deepEqual(
      prefixes.filter((prefix) => words.includes(prefix)),
      [],
    );
  });
});
