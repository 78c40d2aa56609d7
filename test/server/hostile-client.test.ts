import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Hover, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { at, Session, uri } from "./session.ts";

const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
const hostile: readonly unknown[] = [null, 5, "x", [], {}, { textDocument: null }, { textDocument: { uri } }];

/** A process of the server with a client that knows nothing: it refuses every request of the server. */
function refusing() {
  const server = spawn(process.execPath, [main, "--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
  const client = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published: PublishDiagnosticsParams[] = [];
  let arrived = () => {};
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.push(params);
    arrived();
  });
  client.listen();
  const until = async (wanted: (params: PublishDiagnosticsParams) => boolean) => {
    while (!published.some(wanted))
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
  };
  const end = async () => {
    const ended = new Promise((resolve) => server.on("exit", resolve));
    await client.sendRequest("shutdown");
    await client.sendNotification("exit");
    const code = await ended;
    client.dispose();
    return code;
  };
  return { server, client, published, until, end };
}

const opened = (text: string) => ({ textDocument: { uri, languageId: "itscmd", version: 1, text } });

describe("nothing that a client sends or refuses ends the server", () => {
  test("a client that refuses client/registerCapability and workspace/configuration", { timeout: 60_000 }, async () => {
    const { client, until, end } = refusing();
    const workspace = {
      configuration: true,
      workspaceFolders: true,
      didChangeConfiguration: { dynamicRegistration: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
      diagnostics: { refreshSupport: true },
      codeLens: { refreshSupport: true },
    };
    await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: { workspace } });
    await client.sendNotification("initialized", {});
    await client.sendNotification("textDocument/didOpen", opened("nonsense"));
    await until(({ diagnostics }) => diagnostics.length === 1);
    assert.equal(await end(), 0);
  });

  test("a client without window/showMessageRequest that sends malformed changes", { timeout: 60_000 }, async () => {
    const { client, published, until, end } = refusing();
    await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    await client.sendNotification("initialized", {});
    await client.sendNotification("textDocument/didOpen", opened("nonsense"));
    await until(({ diagnostics }) => diagnostics.length === 1);
    for (const body of hostile) await client.sendNotification("textDocument/didChange", body as object);
    for (const body of hostile) await client.sendNotification("textDocument/didOpen", body as object);
    for (const body of hostile) await client.sendNotification("textDocument/didClose", body as object);
    await client.sendNotification("textDocument/didOpen", opened("nonsense\nnonsense"));
    await until(({ diagnostics }) => diagnostics.length === 2);
    assert.ok(published.length >= 3);
    assert.equal(await end(), 0);
  });

  test("bytes that are no message", { timeout: 60_000 }, async () => {
    const { server, client, end } = refusing();
    await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    const body = (text: string) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
    for (const text of [
      "{",
      "null",
      "[]",
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","method":"$/cancelRequest","params":null}',
    ])
      server.stdin.write(body(text));
    server.stdin.write(body('{"jsonrpc":"2.0","id":77,"method":"textDocument/hover","params":null}'));
    assert.equal(await end(), 0);
  });

  test("requests that are not as the protocol has them are refused with what is wrong", async () => {
    const session = new Session();
    await session.start();
    await session.open("let a = 1");
    for (const params of hostile)
      await assert.rejects(
        session.request("textDocument/hover", params),
        /names no text|has no 'position'|by position/,
      );
    const wrong = { ...at(0, 0), position: { line: "x", character: 0 } };
    await assert.rejects(session.request("textDocument/hover", wrong), /'position' of the request/);
    for (const place of [at(-1, -1), at(1e9, 1e9), at(0, -5)])
      assert.equal(await session.request<Hover | null>("textDocument/hover", place).then(() => "answered"), "answered");
    await session.end();
  });

  test("a text that is given up loses its squiggles, and comes back when it is opened again", async () => {
    const session = new Session();
    await session.start();
    await session.open("nonsense");
    assert.deepEqual(await session.problems(), ["1 ITS0102"]);
    const broken = { textDocument: { uri, version: 2 }, contentChanges: [{ text: 5 }] };
    await session.client.sendNotification("textDocument/didChange", broken);
    assert.deepEqual(await session.problems(), []);
    assert.match(JSON.stringify(session.shown), /GICS05.*Close it and open it again/);
    session.shown.length = 0;
    await session.open("nonsense\nnonsense");
    assert.deepEqual(await session.problems(), ["1 ITS0102", "2 ITS0102"]);
    await session.end();
  });

  test("changes outside the text, backwards and without end are taken as far as they go", async () => {
    const session = new Session();
    await session.start();
    await session.open("let a = 1");
    for (const [from, to] of [
      [
        [5, 0],
        [9, 9],
      ],
      [
        [0, 4],
        [0, 1],
      ],
      [
        [-3, -3],
        [1e6, 1e6],
      ],
    ]) {
      const range = { start: { line: from[0], character: from[1] }, end: { line: to[0], character: to[1] } };
      const change = { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: "let b = 2\n" }] };
      await session.client.sendNotification("textDocument/didChange", change);
    }
    assert.deepEqual(await session.problems(), []);
    await session.end();
  });
});
