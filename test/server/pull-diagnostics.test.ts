import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DocumentDiagnosticReport, WorkspaceDiagnosticReport, WorkspaceSymbol } from "vscode-languageserver";
import type { ScriptFiles } from "../../server/workspace/script-files.ts";
import { Session, uri } from "./session.ts";

const pulls = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
const document = { textDocument: { uri } };

/** Files in memory. */
function files(texts: Record<string, string>): ScriptFiles & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    list: () =>
      Promise.resolve({ files: Object.keys(texts).map((of) => ({ uri: of, stamp: texts[of] })), isWhole: true }),
    read(of) {
      reads.push(of);
      return Promise.resolve(texts[of]);
    },
  };
}

describe("diagnostics that an editor asks for", () => {
  test("come when every line has run, and once", async () => {
    const session = new Session();
    const { capabilities } = await session.start(pulls);
    assert.deepEqual(capabilities.diagnosticProvider, {
      identifier: "gic",
      interFileDependencies: true,
      workspaceDiagnostics: true,
    });
    await session.open("INT DeviceID=0x11, EventID=0\nnonsense");
    const full = await session.settled<DocumentDiagnosticReport>("textDocument/diagnostic", document);
    assert.ok(full.kind === "full");
    assert.deepEqual(
      full.items.map(({ code }) => code),
      ["ITS0102", "ITS0501"],
    );
    const again = { ...document, previousResultId: full.resultId };
    const same = await session.request<DocumentDiagnosticReport>("textDocument/diagnostic", again);
    assert.equal(same.kind, "unchanged");
    await session.change(2, 1, 0, 8, "");
    const changed = await session.settled<DocumentDiagnosticReport>("textDocument/diagnostic", again);
    assert.equal(changed.kind === "full" && changed.items.length, 1);
    await session.end();
  });

  test("are not pushed to it as well", async () => {
    const session = new Session();
    await session.start(pulls);
    await session.open("nonsense");
    await session.problems();
    assert.deepEqual(session.published, []);
    await session.end();
  });

  test("are pushed to an editor that does not ask", async () => {
    const session = new Session();
    await session.start();
    await session.open("nonsense");
    assert.deepEqual(await session.problems(), ["1 ITS0102"]);
    await session.end();
  });

  test("are asked for again when the settings change", async () => {
    const session = new Session();
    await session.start(pulls);
    session.settings = { diagnostics: { simulate: false } };
    await session.client.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await session.untilAsked(2);
    await session.open("INT DeviceID=0x11, EventID=0");
    const report = await session.settled<DocumentDiagnosticReport>("textDocument/diagnostic", document);
    assert.equal(report.kind === "full" && report.items.length, 0);
    assert.ok(session.called.includes("workspace/diagnostic/refresh"));
    await session.end();
  });

  test("of the whole workspace, open or not, each file read once", async () => {
    const other = "file:///folder/other.itscmd";
    const disk = files({ [other]: "nonsense", [uri]: "stale" });
    const session = new Session(disk);
    await session.start(pulls, ["file:///folder"]);
    await session.open("INT DeviceID=0x11, EventID=0");
    await session.problems();
    const ask = (previousResultIds: unknown) =>
      session.settled<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds });
    const { items } = await ask([]);
    assert.deepEqual(
      items.map((report) => [report.uri, report.kind === "full" ? report.items.map(({ code }) => code) : report.kind]),
      [
        [uri, ["ITS0501"]],
        [other, ["ITS0102"]],
      ],
    );
    const known = items.map(({ uri: of, resultId: value }) => ({ uri: of, value }));
    assert.deepEqual(
      (await ask(known)).items.map(({ kind }) => kind),
      ["unchanged", "unchanged"],
    );
    assert.deepEqual(disk.reads, [other]);
    await session.end();
  });
});

describe("a script that is not open and runs long", () => {
  test("is run for a while, and it is said from where on it was not", async () => {
    const other = "file:///folder/long.itscmd";
    const lines = Array.from({ length: 5000 }, (_, at) => `MAPD DeviceID=${at}, ITT_addr=0x40400000, Size=1`);
    const session = new Session(files({ [other]: lines.join("\n") }));
    let now = 0;
    session.clock.now = () => ++now;
    await session.start(pulls, ["file:///folder"]);
    const asked = session.request<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds: [] });
    let report: WorkspaceDiagnosticReport | undefined;
    const done = asked.then((answer) => {
      report = answer;
    });
    while (report === undefined) {
      session.clock.run();
      await new Promise(setImmediate);
    }
    await done;
    const [{ items: problems }] = report.items.filter((one) => one.kind === "full");
    const last = problems.at(-1);
    assert.equal(last?.code, "ITS0602");
    assert.ok(last.range.start.line > 0 && last.range.start.line < lines.length);
    await session.end();
  });
});

describe("symbols of the workspace", () => {
  test("in open scripts and in those of the folders", async () => {
    const other = "file:///folder/other.itscmd";
    const session = new Session(files({ [other]: "MAPC ICID=3, RDbase=1\nlet nic_queue = 2" }));
    await session.start({}, ["file:///folder"]);
    await session.open("let nic = 1\nlet disk = 2");
    const found = await session.settled<WorkspaceSymbol[]>("workspace/symbol", { query: "NIC" });
    assert.deepEqual(
      found.map(({ name, location }) => `${name} ${location.uri}`),
      [`nic ${uri}`, `nic_queue ${other}`],
    );
    const mapped = await session.request<WorkspaceSymbol[]>("workspace/symbol", { query: "icid 3" });
    assert.equal(mapped[0].location.uri, other);
    await session.end();
  });
});
