import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const script = `machine { model = kvm-7.2 }
MAPC ICID=0, RDbase=0
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
INT DeviceID=2, EventID=0 => ignored
MAPTI DeviceID=1, EventID=3, pINTID=8195, ICID=0
`;

describe("a comparison of two models", () => {
  it("stops at the first difference, shows both, and goes on to the next; back and forth both machines go together", async () => {
    const dap = await DapClient.launch(script, { compareWith: "qemu-7.2" });
    await dap.request("configurationDone");
    await dap.event("stopped");
    const transcript = new Transcript(dap);
    await transcript.where();
    await transcript.ask("exceptionInfo", { threadId: 1 });
    await transcript.ask("evaluate", { expression: "other dte[1].valid", context: "repl" });
    await transcript.move("stepBack");
    await transcript.move("stepBack");
    await transcript.ask("evaluate", { expression: "other dte[1].valid", context: "repl" });
    await transcript.move("next");
    await transcript.ask("evaluate", { expression: "other dte[1].valid", context: "repl" });
    await transcript.move("continue");
    await transcript.move("continue");
    transcript.matches("comparison");
  });

  it("has the scopes of both", async () => {
    const dap = await DapClient.launch(script, { compareWith: "arch", stopOnEntry: true });
    await dap.request("configurationDone");
    await dap.event("stopped");
    const { scopes } = await dap.request("scopes", { frameId: 1 });
    const devices = scopes.filter(({ name }) => name.endsWith("Devices")).map(({ name }) => name);
    assert.equal(devices.length, 2);
    assert.match(devices[1], /^.+: Devices$/);
  });

  it("needs a model that there is, and no saved machine", async () => {
    const dap = await DapClient.unlaunched(script);
    assert.match(await dap.failure("launch", { program: SCRIPT, compareWith: "kwm" }), /There is no model "kwm"/);
    const other = await DapClient.stopped(script);
    assert.match(
      await other.failure("evaluate", { expression: "other 1", context: "repl" }),
      /no other model in this session/,
    );
  });
});
