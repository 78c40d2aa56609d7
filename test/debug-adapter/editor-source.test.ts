import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EditorFiles } from "../../debug-adapter/script-protocol.ts";
import { isUri } from "../../debug-adapter/script-protocol.ts";
import { editorSource, eitherSource } from "../../debug-adapter/sources/editor-source.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";

const state = (memory: string) => JSON.stringify({ format: "gic-workbench-state", version: 1, memoryFile: memory });

/** An editor with some documents; its files have their URI as bytes. */
function editor(documents: Readonly<Record<string, string>>): EditorFiles {
  return {
    text: async (uri) => {
      const text = documents[uri];
      if (text === undefined) throw new Error("nothing is there");
      return text;
    },
    version: async (uri) => (uri in documents ? "7" : undefined),
    bytes: async (uri) => new TextEncoder().encode(uri),
    named: async () => ({ code: "ENOENT" }),
  };
}

describe("a path that is a URI", () => {
  it("has a scheme; a drive is none", () => {
    assert.deepEqual(["untitled:Untitled-1", "vscode-vfs://a/b", "/x/a:b", "C:\\a", "c:/a", "a.itscmd"].map(isUri), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("scripts that an editor has", () => {
  const source = editorSource(editor({ "untitled:Untitled-1": "SYNC RDbase=0", "untitled:empty": "" }));

  it("are its text, with a name for people", async () => {
    assert.equal(await source.read("untitled:Untitled-1"), "SYNC RDbase=0");
    assert.equal(await source.version?.("untitled:Untitled-1"), "7");
    assert.deepEqual(
      ["untitled:Untitled-1", "vscode-vfs://h/a%20b/c%C3%A9.itscmd", "x-y://h/50%.itscmd"].map(source.name),
      ["Untitled-1", "cé.itscmd", "50%.itscmd"],
    );
  });

  it("are refused with a sentence when they are empty, gone or too large", async () => {
    await assert.rejects(source.read("untitled:empty"), /"untitled:empty" is empty/);
    await assert.rejects(source.read("untitled:gone"), /"untitled:gone" cannot be read: nothing is there\./);
    const large = editorSource(editor({ "untitled:large": "#".repeat(16 * 2 ** 20 + 1) }));
    await assert.rejects(large.read("untitled:large"), /larger than 16 MiB/);
  });

  it("stand beside those of a file system", async () => {
    const both = eitherSource(fileSource, source);
    assert.equal(await both.read("untitled:Untitled-1"), "SYNC RDbase=0");
    await assert.rejects(both.read("/no/such.itscmd"), /There is no file "\/no\/such\.itscmd"/);
    assert.deepEqual(
      [
        both.same("untitled:Untitled-1", "untitled:Untitled-1"),
        both.same("untitled:Untitled-1", "Untitled-1"),
        both.same("/x/../a", "/a"),
      ],
      [true, false, true],
    );
  });
});

describe("saved machines that an editor has", () => {
  it("are their text, and the memory beside them", async () => {
    const uri = "vscode-vfs://h/folder/machine.json";
    const documents = { [uri]: state("ram 1.bin"), "vscode-vfs://h/bad.json": state("../../etc/passwd") };
    const source = editorSource(editor(documents));
    const { raw } = await source.readState(uri);
    assert.equal(new TextDecoder().decode(raw), "vscode-vfs://h/folder/ram%201.bin");
    await assert.rejects(source.readState("vscode-vfs://h/bad.json"), /is refused/);
  });
});
