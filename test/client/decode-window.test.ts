import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WebviewPanel } from "vscode";
import type { ToWindow } from "../../client/protocol.ts";
import { levelOneByRepeats } from "../dumps/hostile-dumps.ts";
import { openStandIn, panelStandIn } from "./vscode-stand-in.ts";

const { DecodeWindow } = await import("../../client/dumps/decode-window.ts");
const { DecodingGuard } = await import("../../client/dumps/decoding-guard.ts");
const { DumpStore } = await import("../../client/dumps/dump-store.ts");

let documents = 0;

/** A window on a document; `left`: a host ended while it decoded it. */
function windowOn(getText: () => string, left = false) {
  const uri = `test:/${documents++}.gicdump`;
  openStandIn(uri, getText);
  const note = { uri, size: 0, mtime: 1, version: 1 };
  const values = new Map<string, unknown>();
  if (left) values.set("gicWorkbench.decodingUnderWay", [{ ...note, size: getText().length }]);
  const storage = {
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
  const store = new DumpStore(new DecodingGuard(storage));
  const { panel, sent, receive } = panelStandIn();
  const actions = { copy: async () => undefined, openLines: async () => undefined };
  new DecodeWindow(panel as unknown as WebviewPanel, { uri, chosen: 0 }, store, actions);
  const messages = sent as ToWindow[];
  const last = () => messages.at(-1);
  return { receive, last, messages };
}

/** Waits until the window has sent a message of a type. */
async function sentOf(messages: readonly ToWindow[], type: ToWindow["type"]): Promise<void> {
  while (!messages.some((message) => message.type === type)) await new Promise((done) => setImmediate(done));
}

const DUMP = "# gic: table=itt layout=kvm-rev0\n0: 0001000020000001\n";

describe("the window with a decoded table", () => {
  it("shows the table when its page has come up", async () => {
    const { receive, last } = windowOn(() => DUMP);
    await receive({ type: "ready" });
    const message = last();
    assert.equal(message?.type === "show" && message.shown.table?.rowCount, 1);
  });

  it("says what it does while it decodes", async () => {
    const { receive, messages } = windowOn(() => DUMP);
    await receive({ type: "ready" });
    assert.deepEqual(
      messages.map(({ type }) => type),
      ["labels", "busy", "show"],
    );
  });

  it("says in the page what failed, with a code and what to do", async () => {
    const { receive, last } = windowOn(() => {
      throw new TypeError("firstId of undefined");
    });
    await receive({ type: "ready" });
    const message = last();
    assert.ok(message?.type === "error");
    assert.equal(message.failure.code, "GIC-DUMP-FAILED");
    assert.match(message.failure.message, /could not be decoded: .*firstId of undefined.* Please report this/);
  });

  it("says that a dump is held back which ended the extension host, and offers to decode it anyway", async () => {
    const { receive, last } = windowOn(() => DUMP, true);
    await receive({ type: "ready" });
    const message = last();
    assert.ok(message?.type === "error");
    assert.deepEqual([message.failure.code, message.failure.anyway], ["GIC-DUMP-HELD", "Decode anyway"]);
  });

  it("decodes it when the user says so", async () => {
    const { receive, messages } = windowOn(() => DUMP, true);
    await receive({ type: "ready" });
    await receive({ type: "anyway" });
    await sentOf(messages, "show");
  });

  it("says why a table was left out", async () => {
    const { receive, last } = windowOn(() => levelOneByRepeats(64, 0x20_0000));
    await receive({ type: "ready" });
    await receive({ type: "table", value: "40" });
    const message = last();
    assert.match(
      (message?.type === "show" && message.shown.failure) || "",
      /^Not decoded: .* more than 67108864 entries/,
    );
  });
});
