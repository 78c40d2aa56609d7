import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uri, WebviewPanel } from "vscode";
import { ALL_VALID, AS_GUESSED, type Explained, type ToWindow } from "../../../client/protocol.ts";
import type { BinaryDocument } from "../../../client/tables/binary-document.ts";
import { madeCore } from "../../dumps/cores/cores.ts";
import { panelStandIn, standIn } from "../vscode-stand-in.ts";

const { BinarySource } = await import("../../../client/tables/table-sources.ts");
const { TableWindow } = await import("../../../client/tables/table-window.ts");
const { DecodingGuard } = await import("../../../client/dumps/decoding-guard.ts");
const { DumpStore } = await import("../../../client/dumps/dump-store.ts");

/** A window on a file of bytes that is taken for a device table. */
async function windowOn(bytes: Uint8Array) {
  const uri = standIn.Uri.parse("test:/memory.bin") as unknown as Uri;
  const edits: { offset: number; before: number[]; after: number[]; label: string }[] = [];
  const document = {
    uri,
    bytes,
    editableBytes: bytes,
    onChange: () => ({ dispose: () => undefined }),
    edit: (offset: number, before: Uint8Array, after: Uint8Array, label: string) => {
      edits.push({ offset, before: [...before], after: [...after], label });
      bytes.set(after, offset);
    },
  };
  const storage = { get: () => undefined, update: async () => undefined };
  const store = new DumpStore(new DecodingGuard(storage));
  const { panel, sent, receive } = panelStandIn();
  const nothing = async () => undefined;
  const actions = {
    copy: nothing,
    openLines: nothing,
    markLines: nothing,
    selected: () => undefined,
    copyAs: nothing,
    exportAs: nothing,
  };
  const state = { uri: uri.toString(), table: "device-table", node: "", reading: AS_GUESSED, view: ALL_VALID };
  const source = new BinarySource(document as unknown as BinaryDocument, store);
  const shown = new TableWindow(panel as unknown as WebviewPanel, source, state, store, actions);
  await receive({ type: "ready" });
  return { shown, edits, messages: sent as ToWindow[], receive };
}

function memory(): Uint8Array {
  const bytes = new Uint8Array(0x100);
  bytes.set([0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80], 0x40);
  return bytes;
}

describe("raw memory in the table editor", () => {
  it("has its bytes changed by an edit of the document, which knows the bytes before", async () => {
    // As the editor gives it: a Buffer, whose slices are no copies.
    const bytes = Buffer.from(memory());
    const { shown, edits, messages } = await windowOn(bytes);
    await shown.edit(0, sizeOf(shown), "8");
    assert.deepEqual(edits, [
      {
        offset: 0x40,
        before: [0x04, 0x00, 0x08, 0x08, 0, 0, 0, 0x80],
        after: [0x07, 0x00, 0x08, 0x08, 0, 0, 0, 0x80],
        label: "Size",
      },
    ]);
    const said = messages.findLast((message) => message.type === "said");
    assert.deepEqual([said?.text, said?.isRefusal], ["Size is 8 now. Save the file to keep it.", false]);
  });

  it("is left as it is by an edit that is refused", async () => {
    const bytes = memory();
    const { shown, edits } = await windowOn(bytes);
    await shown.edit(0, 3, "33");
    assert.deepEqual([edits, bytes], [[], memory()]);
  });

  it("of a core is changed where the file has it", async () => {
    const core = madeCore([{ physical: 0x4010_0000n, bytes: memory() }]);
    const { shown, edits } = await windowOn(core);
    const place = core.findIndex((_byte, at) => core[at] === 4 && core[at + 2] === 8 && core[at + 7] === 0x80);
    assert.equal(shown.open?.explain(0)?.address, "0x40100040");
    await shown.edit(0, sizeOf(shown), "8");
    assert.deepEqual(
      edits.map(({ offset, after }) => [offset, after[0]]),
      [[place, 7]],
    );
  });

  it("can be a text that is too large for an editor: that is shown, and not changed", async () => {
    const text = "# gic: table=device-table layout=kvm-rev0\n40100040: 8002000008080004\n";
    const { shown, edits, messages } = await windowOn(new TextEncoder().encode(text));
    assert.equal(shown.open?.rowCount, 1);
    await shown.edit(0, sizeOf(shown), "8");
    const said = messages.findLast((message) => message.type === "said");
    assert.match(said?.text ?? "", /too large for an editor/);
    assert.deepEqual(edits, []);
  });

  it("begins where the user says, and an address that is none is told", async () => {
    const { shown, messages, receive } = await windowOn(memory());
    await receive({ type: "reading", reading: { ...AS_GUESSED, start: "0x40100000" } });
    assert.equal(shown.open?.explain(0)?.address, "0x40100040");
    await receive({ type: "reading", reading: { ...AS_GUESSED, start: "here" } });
    const said = messages.findLast((message) => message.type === "said");
    assert.deepEqual([said?.text, said?.isRefusal], ["here is no number", true]);
  });
});

function sizeOf(shown: { open: { explain(row: number): Explained | undefined } | undefined }): number {
  return shown.open?.explain(0)?.fields.findIndex(({ name }) => name === "Size") ?? -1;
}
