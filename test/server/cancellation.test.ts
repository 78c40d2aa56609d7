import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancellationTokenSource, LSPErrorCodes, type ResponseError } from "vscode-languageserver/node";
import { at, Session, uri } from "./session.ts";

const document = { textDocument: { uri } };
const everything = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };

describe("requests that are given up", () => {
  for (const [method, params] of [
    ["textDocument/documentSymbol", document],
    ["textDocument/semanticTokens/full", document],
    ["textDocument/hover", at(0, 0)],
    ["textDocument/references", { ...at(0, 0), context: { includeDeclaration: true } }],
    ["textDocument/inlayHint", { ...document, range: everything }],
    ["textDocument/diagnostic", document],
    ["textDocument/formatting", { ...document, options: { tabSize: 2, insertSpaces: true } }],
    ["workspace/symbol", { query: "" }],
    ["workspace/diagnostic", { previousResultIds: [] }],
  ] as const) {
    test(`twenty of ${method} compute nothing`, async () => {
      const session = new Session();
      await session.start();
      await session.open("let a = 1\nMAPC ICID=3, RDbase=0");
      const asked = Array.from({ length: 20 }, () => {
        const source = new CancellationTokenSource();
        const answer = session.client.sendRequest(method, params, source.token).then(
          () => "computed",
          ({ code }: ResponseError<void>) => code,
        );
        source.cancel();
        return answer;
      });
      await session.problems();
      assert.deepEqual(new Set(await Promise.all(asked)), new Set([LSPErrorCodes.RequestCancelled]));
      await session.end();
    });
  }

  test("one that waits for the run is given up while it waits", async () => {
    const session = new Session();
    await session.start();
    await session.open("let a = 1\nMAPC ICID=3, RDbase=0");
    const source = new CancellationTokenSource();
    const asked = session.client.sendRequest("textDocument/documentSymbol", document, source.token);
    const given = assert.rejects(asked, { code: LSPErrorCodes.RequestCancelled });
    await session.request("textDocument/foldingRange", document);
    source.cancel();
    await session.problems();
    await given;
    await session.end();
  });
});

test("nothing is sent unasked but diagnostics: no progress, no messages, no status that flickers", async () => {
  const session = new Session();
  const unasked: string[] = [];
  session.client.onUnhandledNotification(({ method }) => unasked.push(method));
  await session.start();
  await session.open("nonsense");
  for (let version = 2; version < 20; version++) await session.change(version, 0, 0, 0, "x");
  await session.problems();
  assert.deepEqual(unasked, []);
  assert.deepEqual(session.called, ["client/registerCapability"]);
  await session.end();
});
