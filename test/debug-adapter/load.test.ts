import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { DapClient } from "./dap-client.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-load-"));
const scripts = path.join(folder, "scripts");
const program = path.join(scripts, "s.itscmd");
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(scripts);
writeFileSync(path.join(folder, "above.bin"), "abcd");
writeFileSync(path.join(scripts, "beside.bin"), "efgh");
symlinkSync("/dev/null", path.join(folder, "link.bin"));

/** What a session that runs a script with this `load` says. */
async function said(file: string, attributes: object = {}): Promise<string> {
  writeFileSync(program, `load "${file}" at 0x43000000\nexpect mem32[0x43000000] == 0\n`);
  const dap = new DapClient(fileSource);
  await dap.request("initialize", { adapterID: "gic" });
  await dap.request("launch", { program, noDebug: true, ...attributes });
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("exited");
  return dap.text("console") + dap.text("stderr");
}

describe("load in a session", () => {
  it("reads beside the script", async () => assert.match(await said("beside.bin"), /found 0x68676665/));
  it("does not leave the script's folder", async () =>
    assert.match(await said("../above.bin"), /ITS0531|it is outside the script's folder/));
  it("reads in the folder that the launch configuration names", async () =>
    assert.match(await said("../above.bin", { filesRoot: folder }), /found 0x64636261/));
  it("follows no link out of there", async () =>
    assert.match(await said("../link.bin", { filesRoot: folder }), /it is outside the workspace's folder/));
  it("takes no folder that the script is not in", async () =>
    assert.match(
      await said("../above.bin", { filesRoot: path.join(folder, "other") }),
      /it is outside the script's folder/,
    ));
  it("is refused for a folder that is no text", async () => {
    await assert.rejects(said("beside.bin", { filesRoot: 1 }), { message: /"filesRoot" of the launch configuration/ });
  });
});
