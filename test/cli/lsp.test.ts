import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import {
  createProtocolConnection,
  type InitializeResult,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const main = path.resolve(import.meta.dirname, "../../cli/main.ts");

for (const options of [["--stdio"], []])
  test(`gicwb lsp ${options.join(" ")}`.trim(), { timeout: 60_000 }, async () => {
    const server = spawn(process.execPath, [main, "lsp", ...options], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => server.on("exit", resolve));
    const client = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const published = new Promise<PublishDiagnosticsParams>((resolve) => {
      client.onNotification("textDocument/publishDiagnostics", resolve);
    });
    client.listen();
    const parameters = { processId: null, rootUri: null, capabilities: {} };
    const { serverInfo } = await client.sendRequest<InitializeResult>("initialize", parameters);
    assert.equal(serverInfo?.name, "GIC Workbench");
    await client.sendNotification("initialized", {});
    const textDocument = { uri: "file:///a.itscmd", languageId: "itscmd", version: 1, text: "nonsense" };
    await client.sendNotification("textDocument/didOpen", { textDocument });
    assert.equal((await published).diagnostics[0].code, "ITS0102");
    await client.sendRequest("shutdown");
    await client.sendNotification("exit");
    assert.equal(await ended, 0);
    client.dispose();
  });
