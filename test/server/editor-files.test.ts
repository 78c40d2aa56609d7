import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import type { Location, PublishDiagnosticsParams, WorkspaceSymbol } from "vscode-languageserver/node";
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "../../server/connection.ts";
import { type FileAnswer, type FileParams, fileRequest, scriptsRequest } from "../../server/files-protocol.ts";
import { editorFiles } from "../../server/workspace/editor-files.ts";
import { stopped } from "./kit.ts";

const folder = "vscode-vfs://host/a%20b";
const main = `${folder}/main.itscmd`;

/** A client with files of its own, and what the server says of the main script. */
async function startClient(files: Record<string, string>) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const later = (_milliseconds: number, callback: () => void) => {
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  };
  const clock = { now: stopped, later, turn: (callback: () => void) => later(0, callback) };
  serve(connection, clock, undefined, editorFiles(connection));
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const asked: string[] = [];
  client.onRequest<FileAnswer, void>(fileRequest, ({ uri }: FileParams) => {
    asked.push(uri);
    const text = files[uri];
    return text === undefined ? { code: "ENOENT" } : { base64: Buffer.from(text).toString("base64") };
  });
  client.onRequest(scriptsRequest, () => ({
    files: Object.keys(files).map((uri) => ({ uri, stamp: files[uri] })),
    isWhole: true,
  }));
  let wake = () => {};
  let problems: string[] | undefined;
  client.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    if (uri === main) problems = diagnostics.map(({ message }) => String(message));
    wake();
  });
  client.listen();
  const workspaceFolders = [{ uri: folder, name: "a b" }];
  await client.sendRequest("initialize", { processId: null, rootUri: null, workspaceFolders, capabilities: {} });
  await client.sendNotification("initialized", {});
  const textDocument = { uri: main, languageId: "itscmd", version: 1, text: files[main] };
  await client.sendNotification("textDocument/didOpen", { textDocument });
  /** Waits until the problems of the main script are these. */
  const problemsAre = async (wanted: readonly RegExp[]) => {
    const isSo = () =>
      problems?.length === wanted.length && wanted.every((one, at) => one.test((problems as string[])[at]));
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { client, asked, problemsAre };
}

describe("a server whose editor has the files", () => {
  it("asks for what scripts name, and asks again when files have changed", async () => {
    const common = `${folder}/lib/common.itscmd`;
    const files: Record<string, string> = {
      [main]: 'include "lib/common.itscmd"\nload "lib/fw.bin" at 0x40001000\nexpect mem8[0x40001000] == wanted\n',
      [common]: "let wanted = 0x41\n",
      [`${folder}/lib/fw.bin`]: "A",
    };
    const { client, asked, problemsAre } = await startClient(files);
    await problemsAre([]);
    assert.deepEqual([...new Set(asked)].sort(), [common, `${folder}/lib/fw.bin`]);
    const position = { line: 2, character: files[main].split("\n")[2].indexOf("wanted") };
    const found = await client.sendRequest<Location[]>("textDocument/definition", {
      textDocument: { uri: main },
      position,
    });
    assert.match(JSON.stringify(found), /vscode-vfs:\/\/host\/a%20b\/lib\/common\.itscmd/);
    const symbols = await client.sendRequest<WorkspaceSymbol[]>("workspace/symbol", { query: "wanted" });
    assert.match(JSON.stringify(symbols), /common\.itscmd/);
    files[common] = "let wanted = 0x42\n";
    await client.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: common, type: 2 }] });
    await problemsAre([/./]);
    client.end();
  });

  it("says what is not there", async () => {
    const { client, problemsAre } = await startClient({ [main]: 'include "gone.itscmd"\n' });
    await problemsAre([/no such file beside the script/]);
    client.end();
  });
});
