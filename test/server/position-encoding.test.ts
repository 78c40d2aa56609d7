import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DocumentSymbol, Hover, SemanticTokens } from "vscode-languageserver";
import { columnOf, type PositionEncoding, unitsOf } from "../../server/protocol/position-encoding.ts";
import { at, Session, uri } from "./session.ts";

const encodings: readonly PositionEncoding[] = ["utf-8", "utf-16", "utf-32"];
/** Behind the message stand 4 bytes, 2 units, one code point. */
const text = 'expect 1 == 1, "𝔘é"';

describe("positions are counted as the client counts", () => {
  for (const encoding of encodings) {
    test(`${encoding}: what is told and what is asked`, async () => {
      const session = new Session();
      const { capabilities } = await session.start({ general: { positionEncodings: [encoding] } });
      assert.equal(capabilities.positionEncoding, encoding);
      await session.open(`${text} nonsense`);
      await session.problems();
      const range = session.published.at(-1)?.diagnostics[0].range;
      const size = { "utf-8": 6, "utf-16": 3, "utf-32": 2 }[encoding];
      assert.deepEqual(range?.start, { line: 0, character: 15 + 1 + size + 2 });
      await session.end();
    });

    test(`${encoding}: changes and tokens`, async () => {
      const session = new Session();
      await session.start({ general: { positionEncodings: [encoding] } });
      await session.open("# 𝔘é\nlet a = 1");
      const size = { "utf-8": 6, "utf-16": 3, "utf-32": 2 }[encoding];
      await session.change(2, 0, 0, 2 + size, "let b = 0 # 𝔘é");
      await session.change(3, 0, 12 + size, 12 + size, "!");
      const symbols = await session.settled<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri } });
      assert.deepEqual(
        symbols.map(({ name }) => name),
        ["b", "a"],
      );
      assert.equal(symbols[0].range.end.character, 12 + size + 1);
      const { data } = await session.request<SemanticTokens>("textDocument/semanticTokens/full", {
        textDocument: { uri },
      });
      assert.deepEqual(data.slice(5, 8), [0, 4, 1]);
      const hover = await session.request<Hover>("textDocument/hover", at(0, 4));
      assert.deepEqual(hover.range?.start, { line: 0, character: 4 });
      await session.end();
    });
  }

  test("the first of the client's that is known, and UTF-16 where it names none", async () => {
    for (const [offered, chosen] of [
      [["ebcdic", "utf-32", "utf-8"], "utf-32"],
      [[], "utf-16"],
      [undefined, "utf-16"],
    ] as const) {
      const session = new Session();
      const { capabilities } = await session.start({ general: { positionEncodings: offered?.slice() } });
      assert.equal(capabilities.positionEncoding, chosen);
      await session.end();
    }
  });

  test("a column that a client is told is the one that it asks with", () => {
    const character = fc.constantFrom("a", "é", "€", "𝔘", " ");
    fc.assert(
      fc.property(fc.array(character, { maxLength: 20 }), fc.constantFrom(...encodings), (characters, encoding) => {
        const line = characters.join("");
        let units = 0;
        for (const one of characters) {
          assert.equal(unitsOf(line, columnOf(line, units, encoding), encoding), units);
          units += one.length;
        }
        assert.equal(unitsOf(line, columnOf(line, units, encoding), encoding), units);
      }),
    );
  });
});
