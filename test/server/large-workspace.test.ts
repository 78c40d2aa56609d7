import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { nodeFiles } from "../../server/workspace/node-files.ts";
import type { ScriptFiles } from "../../server/workspace/script-files.ts";
import { Session, uri } from "./session.ts";

const folder = fs.mkdtempSync(path.join(tmpdir(), "gic large ü "));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a workspace with more scripts than are looked at", () => {
  test("is known to be one", async () => {
    const folders = [pathToFileURL(folder).href];
    for (let number = 0; number < 1000; number++) fs.writeFileSync(path.join(folder, `${number}.itscmd`), "");
    const whole = await nodeFiles.list(folders);
    assert.deepEqual([whole.files.length, whole.isWhole], [1000, true]);
    fs.writeFileSync(path.join(folder, "one-more.itscmd"), "");
    const part = await nodeFiles.list(folders);
    assert.deepEqual([part.files.length, part.isWhole], [1000, false]);
  });

  for (const [method, params] of [
    ["workspace/diagnostic", { previousResultIds: [] }],
    ["workspace/symbol", { query: "" }],
  ] as const)
    test(`is told of once in answers to ${method}`, async () => {
      const session = new Session({
        list: () => Promise.resolve({ files: [], isWhole: false }),
        read: () => Promise.resolve(undefined),
      });
      await session.start();
      await session.request(method, params);
      await session.request(method, params);
      assert.equal(session.shown.length, 1);
      assert.match(JSON.stringify(session.shown.pop()), /more scripts than are looked at.*shown of a part/);
      await session.end();
    });

  const renames: readonly (readonly [what: string, method: string, params: object])[] = [
    [
      "of a name",
      "textDocument/rename",
      { textDocument: { uri }, position: { line: 0, character: 4 }, newName: "other" },
    ],
    ["of a file", "workspace/willRenameFiles", { files: [{ oldUri: uri, newUri: "file:///other.itscmd" }] }],
  ];
  for (const [what, method, params] of renames)
    for (const isWhole of [true, false])
      test(`is ${isWhole ? "not told of when all were" : "told of when not all were"} looked at for a rename ${what}`, async () => {
        const files: ScriptFiles = {
          list: () => Promise.resolve({ files: [], isWhole }),
          read: () => Promise.resolve(undefined),
          place: (of) => ({ file: of, files: { read: () => ({ refused: "missing", beside: "script" }) } }),
        };
        const session = new Session(files);
        await session.start();
        await session.open("let name = 1\n");
        await session.request(method, params);
        await session.problems();
        assert.equal(session.shown.length, isWhole ? 0 : 1);
        if (!isWhole) assert.match(JSON.stringify(session.shown.pop()), /more scripts than are looked at/);
        await session.end();
      });
});
