import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uri, WebviewPanel } from "vscode";
import { ALL_VALID, AS_GUESSED, type ToWindow } from "../../../client/protocol.ts";
import { levelOneByRepeats } from "../../dumps/hostile-dumps.ts";
import { openStandIn, panelStandIn, standIn } from "../vscode-stand-in.ts";

const { TextSource } = await import("../../../client/tables/table-sources.ts");
const { TableWindow } = await import("../../../client/tables/table-window.ts");
const { DecodingGuard } = await import("../../../client/dumps/decoding-guard.ts");
const { DumpStore } = await import("../../../client/dumps/dump-store.ts");

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
  const marked: unknown[] = [];
  const nothing = async () => undefined;
  const markLines = (...args: unknown[]) => void marked.push(args);
  const entries: string[] = [];
  const selected = ({ title }: { readonly title: string }) => void entries.push(title);
  const actions = { copy: nothing, openLines: nothing, markLines, selected, copyAs: nothing, exportAs: nothing };
  const state = { uri, node: "", reading: AS_GUESSED, view: ALL_VALID };
  const source = new TextSource(standIn.Uri.parse(uri) as unknown as Uri, store);
  const shown = new TableWindow(panel as unknown as WebviewPanel, source, state, store, actions);
  const messages = sent as ToWindow[];
  const last = () => messages.at(-1);
  return { receive, last, messages, marked, entries, shown };
}

/** Waits until the window has sent a message of a type. */
async function sentOf(messages: readonly ToWindow[], type: ToWindow["type"]): Promise<void> {
  while (!messages.some((message) => message.type === type)) await new Promise((done) => setImmediate(done));
}

const DUMP = "# gic: table=itt layout=kvm-rev0\n0: 0001000020000001\n";

const TWO = `# gic: table=device-table layout=kvm-rev0 base=0x40100000
40100040: 8000000008080000
# gic: table=itt device-id=0x8 layout=kvm-rev0 base=0x40400000
40400000: 0001000020010001
40400008: 0000000020020001
`;

describe("the window with a decoded table", () => {
  it("tells which entry is selected, for the bits beside it", async () => {
    const { receive, messages, entries } = windowOn(() => TWO);
    await receive({ type: "ready" });
    const message = messages.find((one) => one.type === "show");
    assert.ok(message?.type === "show");
    const { generation } = message.shown;
    await receive({ type: "explain", generation, row: 0, byUser: true });
    assert.equal(entries.length, 1);
    assert.match(entries[0], /DeviceID|0x8/);
  });

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
    await receive({ type: "node", id: "40" });
    const message = last();
    assert.match(
      (message?.type === "show" && message.shown.failure) || "",
      /^Not decoded: .* more than 67108864 entries/,
    );
  });

  it("shows another table of the dump, and only rows that are asked for", async () => {
    const { receive, last } = windowOn(() => TWO);
    await receive({ type: "ready" });
    await receive({ type: "node", id: "1" });
    const message = last();
    assert.ok(message?.type === "show");
    assert.deepEqual([message.shown.chosen, message.shown.table?.rowCount], ["1", 2]);
    const view = { ...ALL_VALID, text: "8194" };
    await receive({ type: "view", generation: message.shown.generation, view });
    const filtered = last();
    assert.equal(filtered?.type === "show" && filtered.shown.table?.rowCount, 1);
  });

  it("selects the row that the cursor of the text is in, and shows a row that the user selects in the text", async () => {
    const { receive, last, marked, shown } = windowOn(() => TWO);
    await receive({ type: "ready" });
    await receive({ type: "node", id: "1" });
    shown.selectAt(4, 3);
    const message = last();
    assert.ok(message?.type === "select");
    assert.deepEqual([message.row, message.focus], [1, false]);
    const { generation } = message;
    await receive({ type: "explain", generation, row: 1, byUser: false });
    assert.equal(marked.length, 0, "the cursor stays where the user has put it");
    await receive({ type: "explain", generation, row: 0, byUser: true });
    assert.equal(marked.length, 1);
  });

  it("goes to a DeviceID, an event of it, an LPI and an address, in whatever table they are", async () => {
    const { receive, messages, last } = windowOn(() => TWO);
    await receive({ type: "ready" });
    const goTo = async (text: string) => {
      const shows = messages.filter((message) => message.type === "show");
      const { generation } = shows.at(-1)?.shown ?? { generation: 0 };
      const selects = messages.filter((message) => message.type === "select");
      await receive({ type: "goTo", generation, text, row: selects.at(-1)?.row ?? -1 });
      const selected = messages.findLast((message) => message.type === "select");
      const title = messages.findLast((message) => message.type === "show")?.shown.table?.title;
      return `${title} row ${selected?.row}`;
    };
    assert.equal(await goTo("0x8"), "device-table @ 0x40100000 row 0");
    assert.equal(await goTo("EventID 1"), "itt @ 0x40400000 row 1");
    assert.equal(await goTo("DeviceID 8"), "device-table @ 0x40100000 row 0");
    assert.equal(await goTo("INTID 8194"), "itt @ 0x40400000 row 1");
    assert.equal(await goTo("@0x40100044"), "device-table @ 0x40100000 row 0");
    await goTo("the moon");
    const message = last();
    assert.ok(message?.type === "said" && message.isRefusal);
  });

  it("does nothing for messages that are none", async () => {
    const { receive, messages } = windowOn(() => DUMP);
    await receive({ type: "ready", state: { uri: 5, node: [] } });
    const before = messages.length;
    for (const message of [null, "rows", { type: "rows", generation: 1, from: -1, count: 2 }, { type: "edit" }]) {
      await receive(message);
    }
    assert.equal(messages.length, before);
  });

  it("can be cancelled while it reads, and says how to go on", async () => {
    const { receive, messages, last } = windowOn(() => levelOneByRepeats(8, 0x20_0000));
    const ready = receive({ type: "ready" });
    await sentOf(messages, "busy");
    await receive({ type: "cancel" });
    await ready;
    const message = last();
    assert.equal(message?.type === "error" && message.failure.code, "GIC-DUMP-CANCELLED");
    await receive({ type: "again" });
    assert.equal(last()?.type, "show");
  });
});
