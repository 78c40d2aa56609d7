import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { DapClient } from "./dap-client.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-args-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = path.join(folder, "named.itscmd");
writeFileSync(program, "let icid = 1\nMAPC ICID=icid, RDbase=0\nSYNC RDbase=0\n");

async function started(args: unknown): Promise<DapClient> {
  const dap = new DapClient(fileSource);
  await dap.initialize();
  await dap.request("launch", { program, stopOnEntry: true, args } as never);
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

describe("args of a launch configuration", () => {
  it("take the place of what let lines say, as numbers or expressions, also after a restart", async () => {
    const dap = await started({ icid: "1 + 4" });
    await dap.move("next");
    await dap.move("next");
    assert.equal(await dap.evaluate("icid"), "5");
    assert.equal(await dap.evaluate("cte[5].valid"), "1");
    assert.equal(await dap.evaluate("cte[1].valid"), "0");
    await dap.request("restart", {});
    await dap.event("stopped");
    await dap.move("next");
    assert.equal(await dap.evaluate("icid"), "5");
  });

  it("stay when the script is edited while it stands still", async () => {
    const dap = await started({ icid: 3 });
    await dap.move("next");
    writeFileSync(program, "let icid = 1\nMAPC ICID=icid, RDbase=0\nSYNC RDbase=0\nMAPC ICID=icid + 1, RDbase=0\n");
    for (let line = 0; line < 3; line++) await dap.move("next");
    assert.deepEqual([await dap.evaluate("cte[3].valid"), await dap.evaluate("cte[4].valid")], ["1", "1"]);
  });

  for (const [args, message] of [
    [["icid=3"], /"args" of the launch configuration is an object .* not a list/],
    [{ icid: true }, /icid is a number, or a text with an expression of numbers, not true/],
    [{ icid: "pending[8192]" }, /icid is a number, .*"pending\[8192\]": .* known only while the script runs/],
    [{ disk: 1 }, /named\.itscmd has no line "let disk = …"\. It has icid\./],
  ] as const) {
    it(`are refused as ${JSON.stringify(args)}`, async () => {
      const dap = new DapClient(fileSource);
      await dap.initialize();
      assert.match(await dap.failure("launch", { program, args } as never), message);
    });
  }
});
