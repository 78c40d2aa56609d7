import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  DocumentSymbol,
  Hover,
  InitializeResult,
} from "vscode-languageserver/node";
import {
  CancellationTokenSource,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { type DumpCheckAnswer, dumpCheckRequest } from "../../server/dump-check-protocol.ts";
import { type ScriptMachineAnswer, scriptMachineRequest } from "../../server/script-machine-protocol.ts";
import { type StateDumpAnswer, stateDumpRequest } from "../../server/state-protocol.ts";
import { at, Session, uri } from "./session.ts";

describe("the server over its protocol", () => {
  test("answers about saved machines, whatever is asked", async () => {
    const session = new Session();
    await session.start();
    const refused = await session.request<StateDumpAnswer>(stateDumpRequest, { text: '{ "format": "x" }' });
    assert.ok("refusal" in refused && /^format is not "gic-workbench-state"/.test(refused.refusal));
    for (const params of [{}, null, { text: 5 }, { text: "", raw: {} }]) {
      assert.ok("refusal" in (await session.request<StateDumpAnswer>(stateDumpRequest, params)));
    }
    await session.end();
  });

  test("tells the machine of a script that is open, as its text is now", async () => {
    const session = new Session();
    await session.start();
    const machine = (of = uri) => {
      return session.request<ScriptMachineAnswer>(scriptMachineRequest, { textDocument: { uri: of } });
    };
    assert.equal(await machine(), null);
    await session.open("MAPC ICID=0, RDbase=0");
    assert.deepEqual(await machine(), { model: "kvm-7.2", cpus: 4 });
    await session.change(2, 0, 0, 0, "machine { model = qemu  cpus = 2 }\n");
    assert.deepEqual(await machine(), { model: "qemu-7.2", cpus: 2 });
    assert.equal(await machine("file:///other.itscmd"), null);
    for (const wrong of [null, {}, { textDocument: 5 }]) {
      await assert.rejects(session.request(scriptMachineRequest, wrong), /textDocument|params/i);
    }
    await session.end();
  });

  test("from initialize to shutdown", async () => {
    const session = new Session();
    const { capabilities, serverInfo } = await session.start();
    assert.equal(serverInfo?.name, "GIC Workbench");
    assert.equal(capabilities.positionEncoding, "utf-16");

    await session.open("MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=4\nINT DeviceID=0x11, EventID=0");
    assert.deepEqual(await session.problems(), ["2 ITS0501"]);
    assert.equal(session.published.at(-1)?.version, 1);
    assert.equal(session.published.at(-1)?.diagnostics[0].codeDescription?.href, "file:///language.md#diagnostics");

    await session.change(2, 1, 0, 3, "NIT");
    assert.deepEqual(await session.problems(), ["2 ITS0102"]);
    await session.change(3, 1, 0, 100, "MAPC ICID=0, RDbase=1");
    assert.deepEqual(await session.problems(), []);
    assert.equal(session.published.at(-1)?.version, 3);

    const hover = await session.request<Hover>("textDocument/hover", at(0, 1));
    assert.match(JSON.stringify(hover.contents), /DW0 {2}0x0000_0010_0000_0008/);
    const list = await session.request<CompletionList>("textDocument/completion", at(0, 0));
    const item = list.items.find(({ label }) => label === "MAPTI");
    const resolved = await session.request<CompletionItem>("completionItem/resolve", item);
    assert.ok(resolved.documentation);

    await session.client.sendNotification("textDocument/didClose", { textDocument: { uri } });
    assert.deepEqual(await session.problems(), []);
    assert.equal(await session.request("textDocument/hover", at(0, 1)), null);
    await session.end();
  });

  test("settings are asked for and may change", async () => {
    const session = new Session();
    await session.start();
    await session.open("INT DeviceID=0x11, EventID=0\nnonsense");
    assert.deepEqual(await session.problems(), ["2 ITS0102", "1 ITS0501"]);
    session.settings = { diagnostics: { simulate: false } };
    await session.client.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await session.untilAsked(2);
    assert.deepEqual(await session.problems(), ["2 ITS0102"]);
    await session.end();
  });

  test("edits faster than the server works are published once, the newest", async () => {
    const session = new Session();
    await session.start();
    await session.problems();
    session.published.length = 0;
    await session.open("let a = 1");
    for (let version = 2; version < 50; version++) await session.change(version, 0, 0, 0, "x");
    await session.problems();
    assert.deepEqual(
      session.published.map(({ version }) => version),
      [49],
    );
    await session.end();
  });

  test("the outline waits until every line has run, or the text changes", async () => {
    const session = new Session();
    await session.start();
    await session.problems();
    const ask = () => session.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri } });
    await session.open("let a = 1\nMAPC ICID=3, RDbase=0");
    const waited = ask();
    await session.problems();
    assert.deepEqual(
      (await waited).map(({ name }) => name),
      ["a", "ICID 3"],
    );
    assert.equal((await ask()).length, 2);
    await session.change(2, 0, 0, 0, "x");
    const early = ask();
    await session.change(3, 0, 0, 1, "");
    assert.ok(Array.isArray(await early));
    const last = ask();
    await session.client.sendNotification("textDocument/didClose", { textDocument: { uri } });
    assert.equal(await last, null);
    await session.end();
  });

  test("quick fixes work from what an editor sends back", async () => {
    const session = new Session();
    await session.start();
    await session.open("INT DeviceID=0x11, EventID=0");
    await session.problems();
    const [problem] = session.published.at(-1)?.diagnostics ?? [];
    assert.deepEqual(problem.data, { kind: "device-not-mapped", device: 0x11, event: 0 });
    const { range } = problem;
    const params = { textDocument: { uri }, range, context: { diagnostics: [problem] } };
    const [first] = await session.request<CodeAction[]>("textDocument/codeAction", params);
    assert.equal(first.title, "Map DeviceID 0x11 above");
    await session.end();
  });

  test("a rename that is refused says why", async () => {
    const session = new Session();
    await session.start();
    await session.open("let a = 1");
    await assert.rejects(session.request("textDocument/rename", { ...at(0, 4), newName: "1" }), /'1' is no name/);
    await session.end();
  });

  test("a check of a dump is answered between requests, and not after a cancel", async () => {
    const session = new Session();
    await session.start();
    const text = "# gic: table=device-table layout=kvm-rev0\n40100000: 8002000008080004 8000000008080104\n";
    const source = new CancellationTokenSource();
    const givenUp = assert.rejects(session.client.sendRequest(dumpCheckRequest, { text }, source.token), /given up/);
    const wanted = session.client.sendRequest<DumpCheckAnswer>(dumpCheckRequest, { text });
    source.cancel();
    const waiting = setInterval(() => session.clock.run(), 1);
    assert.ok("problems" in (await wanted));
    await givenUp;
    clearInterval(waiting);
    await session.end();
  });

  test("without a transport the process says what to do", () => {
    const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [main], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /--stdio or --node-ipc/);
  });

  test("the process speaks over stdio and ends after exit", { timeout: 30_000 }, async () => {
    const main = fileURLToPath(new URL("../../server/main.ts", import.meta.url));
    const server = spawn(process.execPath, [main, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => server.on("exit", resolve));
    const client = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    client.listen();
    const parameters = { processId: null, rootUri: null, capabilities: {} };
    const { capabilities } = await client.sendRequest<InitializeResult>("initialize", parameters);
    assert.equal(capabilities.hoverProvider, true);
    // In a thread of its own: what is asked meanwhile is answered first.
    const answers: string[] = [];
    const text = "# gic: table=device-table layout=kvm-rev0\n40100000: 8002000008080004 8000000008080104\n";
    const checked = client.sendRequest<DumpCheckAnswer>(dumpCheckRequest, { text }).then((answer) => {
      answers.push("check");
      return answer;
    });
    await client.sendRequest(stateDumpRequest, { text: "{}" }).then(() => answers.push("state"));
    assert.ok("problems" in (await checked));
    assert.deepEqual(answers, ["state", "check"]);
    await client.sendRequest("shutdown");
    await client.sendNotification("exit");
    assert.equal(await ended, 0);
    client.dispose();
  });
});
