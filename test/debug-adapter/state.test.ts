import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

const script = `let dev = 0x10
MAPC ICID=1, RDbase=2
MAPD DeviceID=dev, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=dev, EventID=3, pINTID=8195, ICID=1
msi DeviceID=dev, EventID=3
save
read GITS_CREADR
`;

const dap = await DapClient.stopped(script, 7, { supportsMemoryEvent: true });

describe("evaluate", () => {
  const values: readonly (readonly [expression: string, value: string])[] = [
    ["GITS_CREADR", "0x0000_0000_0000_0060"],
    ["gits_creadr", "0x0000_0000_0000_0060"],
    ["GITS_CTLR", "0x80000001"],
    ["GITS_BASER0.Type", "1 (Devices)"],
    ["GITS_CBASER.Size", "15 (16 × 4 KiB pages)"],
    ["GITS_BASER0.Physical_Address", "0x40100000"],
    ["GICR_TYPER[2].Processor_Number", "2"],
    ["dte[0x10]", "0x8000_0000_087e_0004"],
    ["dte[dev].Size", "4 (5 EventID bits)"],
    ["dte[0x11]", "not mapped"],
    ["ite[dev, 3].pINTID", "8195"],
    ["cte[1].RDbase", "2"],
    // DTE of DeviceID 0x10, written by save: V = 1, next = 0, ITT address >> 8 in [48:5], Size = 4.
    ["mem64[0x40100080]", "0x8000_0000_087e_0004"],
    ["mem8[0x40100080]", "0x04"],
    ["pending[8195]", "1"],
    ["pending[8195, 1]", "0"],
    ["priority[8195]", "0xa0"],
    ["dev", "0x10 (16)"],
    ["dev * 2 + 1", "0x21 (33)"],
    ["0 - 1", "-0x1 (-1)"],
    ["GITS_CREADR[5]", "1"],
  ];
  for (const [expression, value] of values) {
    it(`${expression} is ${value}`, async () => {
      assert.equal(await dap.evaluate(expression), value);
      assert.equal(await dap.evaluate(expression, "hover"), value);
    });
  }

  it("lists and copies values without groups of digits, and takes them with groups", async () => {
    assert.match((await dap.tree("Registers (GITS)")).join("\n"), /GITS_CREADR = 0x0000000000000060$/m);
    assert.equal(await dap.evaluate("GITS_CREADR", "clipboard"), "0x0000000000000060");
    assert.equal(await dap.evaluate("dte[0x10]", "clipboard"), "0x80000000087e0004");
    assert.equal(await dap.evaluate("dte[0x10] == 0x8000_0000_087e_0004"), "1");
  });

  const failures: readonly (readonly [expression: string, message: RegExp])[] = [
    ["GITS_CREDR", /No register is called GITS_CREDR\. Did you mean GITS_CREADR\?/],
    ["GITS_CTLR.Enable", /Did you mean Enabled\?/],
    ["vde", /'vde' is not defined above this line/],
    ["dte[0x11].ITT_addr", /DeviceID 0x11 is not mapped/],
    ["mem64[0x1000]", /no RAM at 0x1000/],
    ["GICR_CTLR[9]", /PEs 0 to 3, no PE 9/],
    ["dte[-1].valid", /DeviceID -1 cannot exist.*\[ITS0409\]/],
    ["ite[-1, 0]", /DeviceID -1 cannot exist.*\[ITS0409\]/],
    ["cte[-65535]", /ICID -0xffff cannot exist.*\[ITS0409\]/],
    ["1 / 0", /divisor is 0/],
    ["1 +", /Expected a value/],
    ["((((", /Expected a value/],
    ["", /no expression/],
    ["   ", /no expression/],
    ["\u0000\uffff", /\[ITS\d{4}\]/],
    ["x".repeat(20_000), /\[ITS\d{4}\]/],
    ["(".repeat(5_000), /\[ITS\d{4}\]/],
  ];
  for (const [expression, message] of failures) {
    it(`says what is wrong with ${JSON.stringify(expression.slice(0, 30))}`, async () => {
      const text = await dap.failure("evaluate", { expression, context: "watch" });
      assert.match(text, message);
      assert.doesNotMatch(text, /\bat .*\.ts|TypeError|undefined/);
    });
  }

  it("honours the hexadecimal format", async () => {
    assert.equal(await dap.evaluate("ite[dev, 3].pINTID", "watch", { hex: true }), "0x2003");
    assert.equal(await dap.evaluate("dev", "watch", { hex: true }), "0x10");
  });

  it("gives registers and entries their fields", async () => {
    for (const [expression, first] of [
      ["GITS_BASER0", "Valid = 1"],
      ["dte[dev]", "V = 1"],
    ]) {
      const { variablesReference } = await dap.request("evaluate", { expression, context: "watch" });
      const { variables } = await dap.request("variables", { variablesReference });
      assert.equal(`${variables[0].name} = ${variables[0].value}`, first);
    }
  });
});

describe("the console", () => {
  it("runs statements on the machine, which stepping back takes away", async () => {
    const own = await DapClient.stopped(script, 7);
    assert.equal(await own.evaluate("MAPC ICID=9, RDbase=3", "repl"), "→ done");
    await own.event("gic/stateChanged");
    assert.equal(await own.evaluate("cte[9].RDbase", "repl"), "3");
    assert.equal(await own.evaluate("read GITS_CREADR", "repl"), "0x0000_0000_0000_0080");
    assert.equal(await own.evaluate("mem32[0x43000000] = 7", "repl"), "done");
    await own.move("stepBack");
    assert.equal(await own.evaluate("cte[9].valid", "repl"), "0");
    assert.equal(await own.evaluate("mem32[0x43000000]", "repl"), "0x00000000");
  });

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ["MAPC ICID=9, RDbase=17", /RDbase names no PE/],
    ["MAPC ICID=9", /MAPC needs RDbase/],
    ["let x = 3", /has no names of its own/],
    ["machine { cpus = 3 }", /described in the script/],
    ["expect 1 == 2", /expected == 0x2, found 0x1/],
    ["MACP", /'MACP' is not defined/],
    ["MACP ICID=1", /MACP.*Did you mean MAPC\?/],
  ];
  for (const [text, message] of refused) {
    it(`says why ${text} fails`, async () => {
      assert.match(await dap.failure("evaluate", { expression: text, context: "repl" }), message);
    });
  }

  it("runs no statement for a watch or a hover", async () => {
    await dap.failure("evaluate", { expression: "mem64[0x43000000] = 1", context: "watch" });
    assert.equal(await dap.evaluate("mem64[0x43000000]"), "0x0000_0000_0000_0000");
  });

  it("completes registers, fields, names and arguments", async () => {
    const labels = async (text: string) => {
      const { targets } = await dap.request("completions", { text, column: text.length + 1 });
      return targets.map(({ label }) => label);
    };
    const all = await labels("GITS_CR");
    assert.ok(all.includes("GITS_CREADR") && all.includes("dev") && all.includes("MAPTI") && all.includes("dte"));
    assert.ok((await labels("GITS_BASER0.")).includes("Physical_Address"));
    assert.deepEqual(await labels("MAPC ICID=1, "), ["RDbase", "V"]);
    const { targets } = await dap.request("completions", { text: "1 + GITS_CR", column: 12 });
    assert.deepEqual([targets[0].start, targets[0].length], [4, 7]);
  });
});

describe("setting values", () => {
  const section = async (client: DapClient, name: string) => {
    const { scopes } = await client.request("scopes", { frameId: 1 });
    return scopes.find((scope) => scope.name === name)?.variablesReference ?? 0;
  };

  it("writes registers and fields by the bus", async () => {
    const own = await DapClient.stopped(script, 7);
    const gits = await section(own, "Registers (GITS)");
    const set = await own.request("setVariable", { variablesReference: gits, name: "GITS_CTLR", value: "0" });
    // Disabled, the ITS is quiescent; that bit is not software's to write.
    assert.equal(set.value, "0x80000000");
    assert.equal((await own.event("gic/stateChanged")).body.executed, 6);
    assert.deepEqual((await own.event("invalidated")).body.areas, ["variables"]);
    const { variables } = await own.request("variables", { variablesReference: gits });
    const cbaser = variables.find(({ name }) => name === "GITS_CBASER")?.variablesReference ?? 0;
    const size = await own.request("setVariable", { variablesReference: cbaser, name: "Size", value: "7 (as shown)" });
    assert.equal(size.value, "7 (8 × 4 KiB pages)");
    const cache = await own.request("setVariable", {
      variablesReference: cbaser,
      name: "Shareability",
      value: "Non-shareable",
    });
    assert.equal(cache.value, "0 (Non-shareable)");
    assert.equal(await own.evaluate("GITS_CBASER.Size"), "7 (8 × 4 KiB pages)");
    await own.request("setExpression", { expression: "mem32[0x43000000]", value: "dev + 1" });
    assert.equal(await own.evaluate("mem32[0x43000000]"), "0x00000011");
  });

  it("refuses what cannot be written", async () => {
    const gits = await section(dap, "Registers (GITS)");
    const write = (variablesReference: number, name: string, value: string) =>
      dap.failure("setVariable", { variablesReference, name, value });
    assert.match(await write(gits, "GITS_IIDR", "1"), /GITS_IIDR cannot be written/);
    assert.match(await write(gits, "GITS_NONE", "1"), /There is no GITS_NONE/);
    assert.match(await write(gits, "GITS_CTLR", "many"), /'many' is not defined/);
    assert.match(await write(gits, "GITS_CTLR", "0x1_0000_0000_0"), /\[ITS\d{4}\]/);
    assert.match(await write(await section(dap, "Script"), "dev", "1"), /defined by the script/);
    assert.match(await write(99_999, "x", "1"), /not there any more/);
    assert.match(await dap.failure("setExpression", { expression: "dev", value: "1" }), /defined by the script/);
    assert.match(await dap.failure("setExpression", { expression: "dte[dev]", value: "1" }), /Only registers/);
  });
});

describe("memory", () => {
  it("reads and writes RAM by reference, and tells views of changes", async () => {
    const own = await DapClient.stopped(script, 7, { supportsMemoryEvent: true });
    const { memoryReference } = await own.request("evaluate", {
      expression: "GITS_BASER0.Physical_Address",
      context: "watch",
    });
    assert.equal(memoryReference, "0x40100000");
    const dte = await own.request("readMemory", { memoryReference: "0x40100000", offset: 0x80, count: 8 });
    assert.equal(Buffer.from(dte?.data ?? "", "base64").toString("hex"), "04007e0800000080");
    assert.equal(dte?.address, "0x40100080");
    const data = Buffer.from([1, 2, 3]).toString("base64");
    const written = await own.request("writeMemory", { memoryReference: "0x43000001", data });
    assert.equal(written?.bytesWritten, 3);
    assert.equal(await own.evaluate("mem32[0x43000000]"), "0x03020100");
    const { body } = await own.event("memory");
    assert.deepEqual(body, { memoryReference: "0x40100000", offset: 0x80, count: 8 });
  });

  it("reads registers, and tells what cannot be read", async () => {
    const ctlr = await dap.request("readMemory", { memoryReference: "0x8080000", count: 4 });
    assert.equal(Buffer.from(ctlr?.data ?? "", "base64").readUInt32LE(), 0x80000001);
    const edge = await dap.request("readMemory", { memoryReference: "0x43fffffc", count: 16 });
    assert.equal(Buffer.from(edge?.data ?? "", "base64").length, 4);
    assert.equal(edge?.unreadableBytes, 12);
    const none = await dap.request("readMemory", { memoryReference: "0x1000", count: 16 });
    assert.deepEqual([none?.data, none?.unreadableBytes], ["", 16]);
    assert.match(await dap.failure("readMemory", { memoryReference: "here", count: 1 }), /"here" is not an address/);
    const data = Buffer.alloc(8).toString("base64");
    const beyond = { memoryReference: "0x43fffffc", data };
    assert.match(await dap.failure("writeMemory", beyond), /no RAM at 0x43fffffc to 0x44000003/);
    assert.equal((await dap.request("writeMemory", { ...beyond, allowPartial: true }))?.bytesWritten, 4);
    assert.match(await dap.failure("writeMemory", { memoryReference: "0x43000000", data: "%" }), /not base64/);
  });
});

describe("long lists", () => {
  it("are fetched by range", async () => {
    const lines = ["MAPC ICID=0, RDbase=0", "MAPD DeviceID=1, ITT_addr=0x43000000, Size=12"];
    for (let event = 0; event < 3000; event++)
      lines.push(`MAPTI DeviceID=1, EventID=${event}, pINTID=${8192 + event}, ICID=0`);
    const own = await DapClient.stopped(`${lines.join("\n")}\nread GITS_CREADR\n`, lines.length + 1);
    const { scopes } = await own.request("scopes", { frameId: 1 });
    const devices = scopes.find(({ name }) => name === "Devices");
    assert.equal(devices?.indexedVariables, 1);
    const device = await own.request("variables", { variablesReference: devices?.variablesReference });
    const inside = await own.request("variables", { variablesReference: device.variables[0].variablesReference });
    const events = inside.variables.find(({ name }) => name === "events");
    assert.equal(events?.indexedVariables, 3000);
    const { variables } = await own.request("variables", {
      variablesReference: events?.variablesReference,
      filter: "indexed",
      start: 2900,
      count: 2,
    });
    assert.deepEqual(
      variables.map(({ name, value }) => `${name}: ${value}`),
      ["EventID 0xb54: pINTID 11092, ICID 0x0 → PE 0", "EventID 0xb55: pINTID 11093, ICID 0x0 → PE 0"],
    );
  });
});

describe("gic/registers", () => {
  it("lists groups, and reads those that are named", async () => {
    const { model, groups } = await dap.request("gic/registers");
    assert.match(model, /KVM/);
    assert.deepEqual(
      groups.filter(({ secondary, kind }) => !secondary && kind !== "distributor").map(({ id }) => id),
      ["GITS0", ...["GICR", "ICC", "ICH", "CNT"].flatMap((block) => [0, 1, 2, 3].map((pe) => `${block}${pe}`))],
    );
    assert.ok(groups.every(({ registers, count }) => registers === undefined && count > 0));
    const wanted = await dap.request("gic/registers", { groups: ["GITS0", "GICR9"] });
    assert.equal(wanted.groups.length, 1);
    const baser = wanted.groups[0].registers?.find(({ name }) => name === "GITS_BASER0");
    assert.ok(baser !== undefined);
    const { fields, summary, ...register } = baser;
    assert.deepEqual(register, {
      name: "GITS_BASER0",
      expression: "GITS_BASER0",
      address: "0x8080100",
      width: 64,
      access: "RW",
      value: "0xb907000040100607",
      text: "0xb907_0000_4010_0607",
      resetValue: "0x1907000000000600",
    });
    assert.ok(summary.length > 10);
    const type = fields.find(({ name }) => name === "Type");
    assert.deepEqual([type?.msb, type?.lsb, type?.raw, type?.text, type?.access], [58, 56, "0x1", "1 (Devices)", "RO"]);
    const translater = wanted.groups[0].registers?.find(({ name }) => name === "GITS_TRANSLATER");
    assert.deepEqual([translater?.value, translater?.text], [undefined, "write-only"]);
  });
});

describe("vPEs", () => {
  const text = (model: string, gic: string, rest: string) => `machine { model = ${model}  gic = ${gic} }
VMAPP vPEID=7, RDbase=2, VPT_addr=0x43200000, VPT_size=15${rest}
let end = 1
`;
  const own =
    ", Alloc=1, PTZ=1, VCONF_addr=0x43000000, Default_Doorbell_pINTID=8400\nVSGI vPEID=7, vINTID=5, Enable=1, Clear=0, Group=1, Priority=0x80";

  it("are listed with what the GIC has of them", async () => {
    const dap = await DapClient.stopped(text("arch", "4.1", own), 4);
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    const { scopes } = await dap.request("scopes", { frameId: stackFrames[0].id });
    const open = async (reference: number): Promise<string[]> => {
      const { variables } = await dap.request("variables", { variablesReference: reference });
      const lines = variables.map(async ({ name, value, variablesReference: below }) => [
        `${name} = ${value}`,
        ...(below === 0 ? [] : (await open(below)).map((line) => `  ${line}`)),
      ]);
      return (await Promise.all(lines)).flat();
    };
    const lines = await open(scopes.find(({ name }) => name === "vPEs")?.variablesReference ?? 0);
    assert.deepEqual(lines.slice(0, 12), [
      "vPEID 0x7 = PE 2, 16 vINTID bits",
      "  RDbase = PE 2",
      "  VPT_addr = 0x43200000",
      "  VPT_size = 16",
      "  VCONF_addr = 0x43000000",
      "  Default_Doorbell_pINTID = 8400",
      "  SGIs = 0 pending",
      "    vINTID 0 = disabled, Group 0, priority 0x0",
      "    vINTID 1 = disabled, Group 0, priority 0x0",
      "    vINTID 2 = disabled, Group 0, priority 0x0",
      "    vINTID 3 = disabled, Group 0, priority 0x0",
      "    vINTID 4 = disabled, Group 0, priority 0x0",
    ]);
    assert.equal(lines[12], "    vINTID 5 = enabled, Group 1, priority 0x80");
    assert.equal(await dap.evaluate("vte[7].RDbase"), "2");
    assert.match(
      await dap.failure("evaluate", { expression: "vte[6].RDbase", context: "watch" }),
      /vPEID 0x6 is not mapped/,
    );
  });

  it("are listed of QEMU's GICv4, and moved by a change of RDbase", async () => {
    const dap = await DapClient.stopped(text("qemu-7.2", "4", ""), 3);
    await dap.request("setExpression", { expression: "vte[7].RDbase", value: "1" });
    assert.equal(await dap.evaluate("vte[7].RDbase"), "1");
  });

  it("stop a run when their entry is written", async () => {
    const dap = await DapClient.stopped(`${text("arch", "4.1", own)}VMAPP vPEID=7, V=0, Alloc=1\nlet last = 1\n`);
    const { body } = await dap.send("dataBreakpointInfo", { name: "vte[7]" });
    assert.deepEqual(body.accessTypes, ["read", "write", "readWrite"]);
    await dap.request("setDataBreakpoints", { breakpoints: [{ dataId: body.dataId, accessType: "write" }] });
    assert.deepEqual(
      [await dap.move("continue"), await dap.move("continue")],
      ["data breakpoint 3", "data breakpoint 6"],
    );
  });

  describe("of whose entry reads are watched", () => {
    /** Commands that name an event of the vPE, the vPE itself, another one, and a physical event. */
    const COMMANDS = [
      "MAPC ICID=0, RDbase=0",
      "MAPD DeviceID=8, ITT_addr=0x43300000, Size=4",
      "VMAPTI DeviceID=8, EventID=0, vPEID=7, vINTID=8200, Dbell_pINTID=1023",
      "MAPTI DeviceID=8, EventID=1, pINTID=8201, ICID=0",
      "INT DeviceID=8, EventID=0",
      "INT DeviceID=8, EventID=1",
      "msi DeviceID=8, EventID=0",
      "VMAPP vPEID=9, RDbase=1, VPT_addr=0x43400000, VPT_size=15",
      "VMOVI DeviceID=8, EventID=0, vPEID=9, D=0, Dbell_pINTID=1023",
      "VINVALL vPEID=9",
      "VINVALL vPEID=7",
      "VSYNC vPEID=7",
      "VMOVP vPEID=7, RDbase=1",
      "VMOVP vPEID=7, RDbase=9",
      "INT DeviceID=8, EventID=0",
      "DISCARD DeviceID=8, EventID=0",
    ];

    /** The commands of which a watch of vPE 7's entry tells. */
    async function readers(model: string, gic: string): Promise<readonly string[]> {
      const script = `${text(model, gic, "")}${COMMANDS.join("\n")}\nlet last = 1\n`;
      const lines = script.split("\n");
      const dap = await DapClient.stopped(script, 3);
      const { body } = await dap.send("dataBreakpointInfo", { name: "vte[7]" });
      await dap.request("setDataBreakpoints", { breakpoints: [{ dataId: body.dataId, accessType: "read" }] });
      const found: string[] = [];
      for (;;) {
        const [, line] = (await dap.move("continue")).match(/^data breakpoint (\d+)$/) ?? [];
        if (line === undefined) return found;
        // It stops behind a line: at the one below.
        found.push(lines[Number(line) - 2]);
      }
    }

    it("QEMU's ITS stops where it looks for the vPE, which VMAPTI and VSYNC do not", async () => {
      assert.deepEqual(await readers("qemu-7.2", "4"), [
        "INT DeviceID=8, EventID=0",
        "msi DeviceID=8, EventID=0",
        "VMOVI DeviceID=8, EventID=0, vPEID=9, D=0, Dbell_pINTID=1023",
        "VINVALL vPEID=7",
        "VMOVP vPEID=7, RDbase=1",
      ]);
    });

    it("arch's VMAPTI and VSYNC look for it, too", async () => {
      assert.deepEqual(await readers("arch", "4"), [
        "VMAPTI DeviceID=8, EventID=0, vPEID=7, vINTID=8200, Dbell_pINTID=1023",
        "INT DeviceID=8, EventID=0",
        "msi DeviceID=8, EventID=0",
        "VMOVI DeviceID=8, EventID=0, vPEID=9, D=0, Dbell_pINTID=1023",
        "VINVALL vPEID=7",
        "VSYNC vPEID=7",
        "VMOVP vPEID=7, RDbase=1",
      ]);
    });
  });

  it("are not there where no ITS has any", async () => {
    const dap = await DapClient.stopped("let end = 1\n", 1);
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    const { scopes } = await dap.request("scopes", { frameId: stackFrames[0].id });
    assert.ok(!scopes.some(({ name }) => name === "vPEs"));
  });
});
