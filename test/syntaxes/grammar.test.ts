import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { ScriptDocument } from "../../language/index.ts";
import { legend, tokensOf } from "../../server/navigation/semantic-tokens.ts";
import { pieces } from "../language/scripts.ts";

const root = path.resolve(import.meta.dirname, "../..");
const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
await oniguruma.loadWASM(readFileSync(wasm));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () =>
    textmate.parseRawGrammar(readFileSync(path.join(root, "syntaxes/itscmd.tmLanguage.json"), "utf8"), "itscmd.json"),
});
const grammar = await registry.loadGrammar("source.itscmd");

/** What the grammar, which knows words but not what they mean, may say of a word of each kind. */
const scopes: Readonly<Record<string, RegExp>> = {
  keyword: /^keyword\.control/,
  function: /^(?:support\.function\.(?:command|state)|entity\.name\.function)/,
  parameter: /^variable\.parameter/,
  variable: /^variable\.other\.constant/,
  class: /^support\.variable\.register/,
  // A field behind a dot, in braces, or of a machine block.
  property: /^variable\.(?:other\.member|parameter|other\.property)/,
  enumMember: /^constant\.(?:language|other)/,
  number: /^constant\.numeric/,
};

/** The bit of words that no script defines. */
const library = 1 << legend.tokenModifiers.indexOf("defaultLibrary");

/** Words whose colour without the server differs in kind from the one with it: `line: word (kind): scope`. */
function disagreements(text: string): string[] {
  assert.ok(grammar);
  const found: string[] = [];
  let stack = textmate.INITIAL;
  for (const line of new ScriptDocument(text).lines) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line.text, stack);
    stack = ruleStack;
    if (line.problem !== undefined) continue;
    const numbers = tokensOf(line);
    let start = 0;
    for (let at = 0; at < numbers.length; at += 4) {
      start += numbers[at];
      const kind = legend.tokenTypes[numbers[at + 2]];
      const isCommand = kind === "function" && (numbers[at + 3] & library) !== 0;
      const scope =
        tokens.find(({ startIndex, endIndex }) => startIndex <= start && start < endIndex)?.scopes.at(-1) ?? "";
      // Clients that augment their grammar's colours are not told commands: the scope must be the one that their name stands for.
      if (!(isCommand ? /^support\.function/ : scopes[kind]).test(scope))
        found.push(`${line.text}: ${line.text.slice(start, start + numbers[at + 1])} (${kind}): ${scope}`);
    }
  }
  return found;
}

describe("the TextMate grammar agrees with the semantic tokens", () => {
  for (const file of globSync("examples/**/*.itscmd", { cwd: root }))
    test(file, () => assert.deepEqual(disagreements(readFileSync(path.join(root, file), "utf8")), []));
  for (const piece of pieces) test(piece, () => assert.deepEqual(disagreements(piece), []));
  for (const text of [
    "set-attr VGIC_V3, REDIST_REGS, 0x1_0000_0014 = 0 => done",
    "get-attr VGIC_ITS, CTRL, RESET",
    "has-attr VGIC_V3, NR_IRQS",
    "begin user, GITS_CTLR = 1 => EBUSY",
    "step user",
    "write GITS_CBASER = { Valid=1, Size=3 }",
    "read32 0x01000000 => MMIO_EXIT",
    "expect active[40] == 1 && running[0] != writing[1]",
    "user-write GITS_IIDR = 0x4b00243b => EINVAL",
    "machine { model = kvm-7.2  cpus = 4  nmi = off  ram = 0x40000000, 64M }",
    "machine {\n  model = qemu-7.2 # why\n  setup = ready\n}\nmapd deviceid=1, v=0 # lower case",
  ])
    test(text, () => assert.deepEqual(disagreements(text), []));
});
