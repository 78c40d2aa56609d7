import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { SemanticTokens, SemanticTokensDelta } from "vscode-languageserver";
import { nodesOf } from "../../language/index.ts";
import { grammarTells, semanticTokens, type TokenChoice, tokensOf } from "../../server/navigation/semantic-tokens.ts";
import { TokenDeltas } from "../../server/navigation/token-deltas.ts";
import { pieces } from "../language/scripts.ts";
import { open } from "./kit.ts";
import { Session, uri } from "./session.ts";

/** Data after the edits of a delta. */
function applied(data: readonly number[], edits: readonly { start: number; deleteCount: number; data?: number[] }[]) {
  const result = [...data];
  for (const { start, deleteCount, data: added = [] } of edits) result.splice(start, deleteCount, ...added);
  return result;
}

const choices = fc.constantFrom<TokenChoice>("all", "beyond grammar");

describe("changes of colours", () => {
  test("an edit gives what the whole script gives", () => {
    const line = fc.constantFrom(...pieces, "", "# comment");
    const lines = fc.array(line, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, fc.nat(12), fc.nat(12), choices, (before, inserted, from, count, choice) => {
        const script = open(before.join("\n"));
        const deltas = new TokenDeltas();
        const told = deltas.full(script, choice);
        const start = Math.min(from, before.length - 1);
        const end = Math.min(start + count, before.length - 1);
        const text = inserted.join("\n");
        script.document.update([{ start: { line: start, column: 0 }, end: { line: end, column: 0 }, text }]);
        const delta = deltas.delta(script, told.resultId ?? "", choice);
        assert.ok("edits" in delta);
        assert.deepEqual(applied(told.data, delta.edits), semanticTokens(script, choice).data);
      }),
      { numRuns: 300 },
    );
  });
  test("nothing has changed", () => {
    const deltas = new TokenDeltas();
    const script = open("let a = 1");
    const { resultId = "" } = deltas.full(script, "all");
    const delta = deltas.delta(script, resultId, "all");
    assert.ok("edits" in delta && delta.edits.length === 0);
  });
  test("an answer that is not known any more gives all", () => {
    const deltas = new TokenDeltas();
    const script = open("let a = 1");
    assert.ok("data" in deltas.delta(script, "other", "all"));
    const { resultId = "" } = deltas.full(script, "all");
    deltas.forget(script.uri);
    assert.ok("data" in deltas.delta(script, resultId, "all"));
  });
});

test("a client that colours words by its grammar is told the others alone", () => {
  /** Places, types and modifiers of words, five numbers each. */
  const words = (data: readonly number[]): string[] => {
    const found: string[] = [];
    let [line, start] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      start = data[at] === 0 ? start + data[at + 1] : data[at + 1];
      line += data[at];
      found.push([line, start, ...data.slice(at + 2, at + 5)].join(" "));
    }
    return found;
  };
  const line = fc.constantFrom(
    ...pieces,
    "",
    "# comment",
    "MAPD DeviceID=nic, V=0 => done",
    "INT DeviceID=1, EventID=base",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const script = open(["let nic = 0x10", "let base = 8192", ...lines].join("\n"));
      const told = script.document.lines.flatMap((source, index) =>
        nodesOf(source).map(({ kind, start }) => ({ place: `${index} ${start} `, isTold: !grammarTells.has(kind) })),
      );
      const all = words(semanticTokens(script, "all").data);
      const kept = all.filter((word) => told.some(({ place, isTold }) => isTold && word.startsWith(place)));
      assert.deepEqual(words(semanticTokens(script, "beyond grammar").data), kept);
    }),
    { numRuns: 40 },
  );
});

test("a command's words are read the short way as they are the long way", () => {
  const line = fc.constantFrom(
    ...pieces.filter((piece) => /^[A-Za-z]+ \w+\s*=/.test(piece)),
    "mapd deviceid = (nic), v=0 => done  # note",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const script = open(["let nic = 0x10", "let base = 8192", ...lines].join("\n"));
      for (const source of script.document.lines) {
        const long = nodesOf(source)
          .sort((one, other) => one.start - other.start)
          .flatMap(({ start, length }) => [start, length]);
        const short: number[] = [];
        let start = 0;
        const numbers = tokensOf(source);
        for (let at = 0; at < numbers.length; at += 4) {
          start += numbers[at];
          short.push(start, numbers[at + 1]);
        }
        assert.deepEqual(short, long, source.text);
      }
    }),
  );
});

describe("a session tells of colours as the client can use them", () => {
  const document = { textDocument: { uri } };
  const text = "let nic = 0x10\nMAPD DeviceID=nic, V=0\nread GITS_CTLR";
  /** Words that are told, full and after an edit of the second line, and on the last line alone. */
  async function told(augmentsSyntaxTokens: boolean | undefined): Promise<number[]> {
    const session = new Session();
    const semanticTokens = { augmentsSyntaxTokens, requests: {}, tokenTypes: [], tokenModifiers: [], formats: [] };
    await session.start({ textDocument: { semanticTokens } });
    await session.open(text);
    const full = await session.request<SemanticTokens>("textDocument/semanticTokens/full", document);
    await session.change(2, 1, 14, 17, "nic + nic");
    const { edits } = await session.request<SemanticTokensDelta>("textDocument/semanticTokens/full/delta", {
      ...document,
      previousResultId: full.resultId,
    });
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 14 } };
    const last = await session.request<SemanticTokens>("textDocument/semanticTokens/range", { ...document, range });
    await session.end();
    const after = applied(full.data, edits);
    return [full.data, after, last.data].map(({ length }) => length / 5);
  }
  test("all of them, where the client has nothing else", async () => {
    // let nic 0x10, MAPD DeviceID nic V 0, read GITS_CTLR
    assert.deepEqual(await told(undefined), [10, 11, 2]);
    assert.deepEqual(await told(false), [10, 11, 2]);
  });
  test("names and registers, where it has a grammar", async () => {
    assert.deepEqual(await told(true), [3, 4, 1]);
  });
});
