import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

function script(model: string): string {
  return `machine { model = ${model} }
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x10, EventID=3, pINTID=8195, ICID=1
msi DeviceID=0x10, EventID=3
mem64[0x43e00000] = 5
mem64[0x43e00000] = 5
read GITS_CREADR
`;
}

for (const model of ["kvm-7.2", "kvm-5.10", "qemu-7.2"]) {
  describe(`who, of ${model}`, async () => {
    const dap = await DapClient.stopped(script(model), 8);
    const answers: readonly (readonly [expression: string, answer: RegExp])[] = [
      ["pending[8195]", /is 1 since line 5: msi DeviceID=0x10, EventID=3\nBefore: 0$/],
      ["dte[0x10].ITT_addr", /is 0x43f00000 since line 3: MAPD .*\nBefore: DeviceID 0x10 is not mapped/],
      ["cte[1].RDbase", /is 2 since line 2: MAPC/],
      ["GITS_CWRITER", /since line 4: MAPTI .*\nBefore: 0x0000_0000_0000_0040$/],
      ["mem64[0x43e00000]", /since line 6: mem64.*\nBefore: 0x0000_0000_0000_0000$/],
      ["GITS_CBASER", /no line of the script has changed it\.$/],
    ];
    for (const [expression, answer] of answers) {
      it(`who ${expression}`, async () => {
        const before = await dap.tree();
        assert.match(await dap.evaluate(`who ${expression}`, "repl"), answer);
        assert.deepEqual(await dap.tree(), before, "asking changes nothing");
      });
    }
  });
}

it("looks back to the beginning of the present machine", async () => {
  const dap = await DapClient.stopped(
    `${script("kvm-7.2")}machine { model = qemu }\nMAPC ICID=2, RDbase=1\nread GITS_CREADR\n`,
    11,
  );
  assert.match(await dap.evaluate("who cte[2].RDbase", "repl"), /is 1 since line 10: MAPC/);
  assert.match(await dap.evaluate("who GITS_CBASER", "repl"), /no line of the script has changed it\.$/);
});

describe("over a long script", () => {
  const lines = Array.from({ length: 30_000 }, (_, at) => `mem64[0x43e00000] = ${at % 7}`);
  const text = `machine { model = kvm }\nlet spare = 5\nMAPC ICID=1, RDbase=2\n${lines.join("\n")}\nread GITS_CREADR\n`;

  it("knows the line of a let, and the first line of all", async () => {
    const dap = await DapClient.stopped(text, 30_004);
    assert.match(await dap.evaluate("who spare", "repl"), /^spare is 5 since line 2: let spare = 5$/);
    assert.match(await dap.evaluate("who cte[1].RDbase", "repl"), /is 2 since line 3: MAPC/);
    assert.match(await dap.evaluate("who mem64[0x43e00000]", "repl"), /since line 30003:/);
  });

  it("is cancelled on its way, and everything is as it was", async () => {
    const dap = await DapClient.stopped(text, 30_004);
    const before = await dap.tree();
    for (const [command, args] of [
      ["evaluate", { expression: "who GITS_BASER0", context: "repl" }],
      ["gic/changedBy", { expression: "GITS_BASER0" }],
      ["gic/runBack", { expression: "GITS_BASER0" }],
    ] as const) {
      const seq = dap.nextSeq;
      const asked = dap.send(command, args);
      const cancelled = dap.send("cancel", { requestId: seq });
      assert.equal((await asked).success, false, command);
      assert.equal((await cancelled).success, true);
      assert.deepEqual(await dap.tree(), before, "the machine is in the present again");
    }
    assert.equal((await dap.request("gic/changedBy", { expression: "cte[1]" })).line, 3);
  });

  it("leaves a request that comes behind it the present", async () => {
    const dap = await DapClient.stopped(text, 30_004);
    const who = dap.send("evaluate", { expression: "who GITS_BASER0", context: "repl" });
    const memory = dap.send("evaluate", { expression: "mem64[0x43e00000]" });
    assert.match(String((await who).body.result), /no line of the script has changed it/);
    assert.equal((await memory).body.result, `0x0000_0000_0000_000${29_999 % 7}`);
  });
});

it("says what is wrong with the question", async () => {
  const dap = await DapClient.stopped(script("kvm-7.2"), 8);
  assert.match(await dap.failure("evaluate", { expression: "who GITS_NOTHING", context: "repl" }), /GITS_NOTHING/);
});
