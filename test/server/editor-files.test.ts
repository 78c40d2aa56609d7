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
import { eitherFiles } from "../../server/workspace/either-files.ts";
import { nodeFiles } from "../../server/workspace/node-files.ts";
import type { ScriptFiles } from "../../server/workspace/script-files.ts";
import { stopped } from "./kit.ts";

const folder = "vscode-vfs://host/a%20b";
const main = `${folder}/main.itscmd`;

/** A client with files of its own, and what the server says of the main script. */
async function startClient(files: Record<string, string>, isInNode: boolean) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const later = (_milliseconds: number, callback: () => void) => {
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  };
  const clock = { now: stopped, later, turn: (callback: () => void) => later(0, callback) };
  const editor = editorFiles(connection);
  serve(connection, clock, undefined, isInNode ? eitherFiles(nodeFiles, editor) : editor);
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

for (const isInNode of [false, true])
  describe(`a server ${isInNode ? "in Node" : "in a browser"} whose editor has the files`, () => {
    it("asks for what scripts name, and asks again when files have changed", async () => {
      const common = `${folder}/lib/common.itscmd`;
      const files: Record<string, string> = {
        [main]: 'include "lib/common.itscmd"\nload "lib/fw.bin" at 0x40001000\nexpect mem8[0x40001000] == wanted\n',
        [common]: "let wanted = 0x41\n",
        [`${folder}/lib/fw.bin`]: "A",
      };
      const { client, asked, problemsAre } = await startClient(files, isInNode);
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
      const { client, problemsAre } = await startClient({ [main]: 'include "gone.itscmd"\n' }, isInNode);
      await problemsAre([/no such file beside the script/]);
      client.end();
    });
  });

describe("a workspace that is partly on disk", () => {
  const lists = (...uris: readonly string[]): ScriptFiles & { asked: number } => ({
    asked: 0,
    async list() {
      this.asked++;
      return { files: uris.map((uri) => ({ uri, stamp: "1" })), isWhole: true };
    },
    read: (uri) => Promise.resolve(uri),
  });
  const onDisk = "file:///disk/a.itscmd";

  it("has the scripts of both, each once", async () => {
    const disk = lists(onDisk);
    const both = eitherFiles(disk, lists(onDisk, main));
    const { files, isWhole } = await both.list(["file:///disk", folder]);
    assert.deepEqual(
      files.map(({ uri }) => uri),
      [onDisk, main],
    );
    assert.equal(isWhole, true);
  });

  it("that is all on disk is no question to the editor", async () => {
    const editor = lists(main);
    const { files } = await eitherFiles(lists(onDisk), editor).list(["file:///disk"]);
    assert.deepEqual([files.length, editor.asked], [1, 0]);
  });
});
