import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const script = `MAPC ICID=0, RDbase=1
MAPC ICID=0, RDbase=2
let end = 1
`;

describe("run back to what wrote a value last", () => {
  it("of an expression, by request and in the console", async () => {
    const dap = await DapClient.stopped(script, 3);
    const transcript = new Transcript(dap);
    await transcript.move("gic/runBack", { expression: "cte[0].RDbase" });
    await transcript.move("evaluate", { expression: "back cte[0].valid", context: "repl" });
    await transcript.ask("gic/runBack", { expression: "cte[0].valid" });
    await transcript.ask("gic/runBack", { expression: "cte[" });
    await transcript.ask("gic/runBack", {});
    transcript.matches("run-back");
  });

  it("of a variable in any scope", async () => {
    const dap = await DapClient.stopped(script, 3);
    const { scopes } = await dap.request("scopes", { frameId: 1 });
    const { variablesReference } = scopes.find(({ name }) => name === "Registers (GITS)") ?? { variablesReference: 0 };
    const stop = dap.event("stopped");
    const body = await dap.request("gic/runBack", { variablesReference, name: "GITS_CREADR" });
    assert.deepEqual(body, { expression: "GITS_CREADR", line: 2 });
    assert.equal(await dap.where((await stop).body.reason), "goto 2");
  });
});
