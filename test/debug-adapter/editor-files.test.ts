import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EditorFiles, NamedFile } from "../../debug-adapter/script-protocol.ts";
import { editorSource } from "../../debug-adapter/sources/editor-source.ts";
import { DapClient } from "./dap-client.ts";

const main = "vscode-vfs://host/work%20space/scripts/main.itscmd";
const filesRoot = "vscode-vfs://host/work%20space";

/** An editor with some files. `asked`: which of them were asked for. */
function editor(files: Readonly<Record<string, string | NamedFile>>): EditorFiles & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    text: async (uri) => String(files[uri]),
    version: async () => undefined,
    bytes: async () => {
      throw new Error("nobody asks for bytes here");
    },
    named: async (uri) => {
      asked.push(uri);
      const file = files[uri];
      if (file === undefined) return { code: "ENOENT" };
      return typeof file === "string" ? { bytes: new TextEncoder().encode(file) } : file;
    },
  };
}

/** Launches the main script, and says why that fails. */
async function refusal(text: string, files: Readonly<Record<string, NamedFile>> = {}): Promise<string> {
  const dap = new DapClient(editorSource(editor({ ...files, [main]: text })));
  await dap.request("initialize", { adapterID: "gic", pathFormat: "path" });
  return dap.failure("launch", { program: main, filesRoot });
}

describe("files that a script of an editor names", () => {
  it("are asked of the editor, those that an included file names too, each once", async () => {
    const files = editor({
      [main]: 'include "../lib/common%20.itscmd"\nload "fw.bin" at 0x40001000\nexpect mem8[0x40001001] == b\n',
      "vscode-vfs://host/work%20space/lib/common%2520.itscmd": 'include "inner.itscmd"\n',
      "vscode-vfs://host/work%20space/lib/inner.itscmd": "let b = 0x42\n",
      "vscode-vfs://host/work%20space/scripts/fw.bin": "AB",
    });
    const dap = new DapClient(editorSource(files));
    await dap.request("initialize", { adapterID: "gic", pathFormat: "path" });
    await dap.request("launch", { program: main, filesRoot, stopAtEnd: true });
    await dap.request("configurationDone");
    const { body } = await dap.event("stopped");
    assert.notEqual(body.reason, "exception", JSON.stringify(body));
    const said = dap.events.filter(({ event }) => event === "output").map(({ body: { output } }) => output);
    assert.match(said.join(""), /Expectations: 1 kept, 0 failed/);
    assert.equal(files.asked.length, 3, files.asked.join("\n"));
  });

  it("are refused outside the workspace without being asked for, and where they are not there", async () => {
    assert.match(await refusal('include "../../other.itscmd"\n'), /outside the workspace/);
    assert.match(await refusal('include "gone.itscmd"\n'), /no such file beside the script/);
    const link = "vscode-vfs://host/work%20space/scripts/link.itscmd";
    assert.match(await refusal('include "link.itscmd"\n', { [link]: { code: "it is a link" } }), /it is a link/);
    assert.match(await refusal('include "link.itscmd"\n', { [link]: { notPlain: true } }), /no plain file/);
    assert.match(
      await refusal('include "link.itscmd"\n', { [link]: { size: 2 ** 40 } }),
      /1099511627776 bytes, which are not sent/,
    );
  });
});
