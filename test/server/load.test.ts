import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { nodeFiles } from "../../server/workspace/node-files.ts";
import { Session } from "./session.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-load-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const workspace = path.join(folder, "workspace");
mkdirSync(path.join(workspace, "scripts"), { recursive: true });
writeFileSync(path.join(folder, "outside.bin"), "abcd");
writeFileSync(path.join(workspace, "above.bin"), "efgh");

/** Codes of what the server finds in a script that loads a file, and what it says of the first. */
async function problems(file: string, uri: string): Promise<string> {
  const session = new Session(nodeFiles);
  await session.start({}, [pathToFileURL(workspace).href]);
  const text = `load "${file}" at 0x43000000\nexpect mem32[0x43000000] == 0x68676665\n`;
  await session.client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "itscmd", version: 1, text },
  });
  // Lets the server work on it; the script that these are about is another one.
  await session.problems();
  const last = session.published.findLast((params) => params.uri === uri);
  await session.end();
  return (last?.diagnostics ?? assert.fail("nothing is published"))
    .map(({ code, message }) => `${code} ${message}`)
    .join("\n");
}

const inside = pathToFileURL(path.join(workspace, "scripts", "s.itscmd")).href;

describe("load in the editor", () => {
  test("reads in the workspace's folder", async () => assert.equal(await problems("../above.bin", inside), ""));
  test("does not leave it", async () =>
    assert.match(await problems("../../outside.bin", inside), /^ITS0531 .*it is outside the workspace's folder/));
  test("reads beside a script outside of the workspace, and nowhere else", async () =>
    assert.match(
      await problems("workspace/../../x.bin", pathToFileURL(path.join(folder, "s.itscmd")).href),
      /^ITS0531 .*it is outside the script's folder/,
    ));
  test("reads nothing for a script that is on no disk", async () =>
    assert.match(await problems("above.bin", "untitled:Untitled-1"), /^ITS0532/));
});
