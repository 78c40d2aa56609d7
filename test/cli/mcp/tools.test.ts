import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { models } from "../../../architecture/index.ts";
import { tools } from "../../../cli/mcp/tools/index.ts";
import { call, connect, refused } from "./connect.ts";
import { buildCommandLine, type Product, project } from "./product.ts";

describe("tools of gicwb mcp, by a client of the SDK", () => {
  let product: Product;
  let client: Client;
  before(async () => {
    product = await buildCommandLine();
    client = await connect(product.main, { cwd: project });
  });
  after(async () => {
    await client.close();
    product.dispose();
  });

  it("are listed as they are declared, all of them to read only", async () => {
    const { tools: listed } = await client.listTools();
    assert.deepEqual(
      listed.map(({ name, title }) => [name, title]),
      tools.map(({ name, title }) => [name, title]),
    );
    for (const { description = "", annotations, inputSchema, outputSchema } of listed) {
      assert.deepEqual(
        [annotations?.readOnlyHint, annotations?.destructiveHint, annotations?.openWorldHint],
        [true, false, false],
      );
      for (const part of ["Use it ", "Do not use it ", "Limits: "]) assert.ok(description.includes(part), description);
      assert.equal((inputSchema as { additionalProperties?: unknown }).additionalProperties, false);
      assert.equal(outputSchema?.type, "object");
    }
  });

  it("explain_gic_value: a register's fields", async () => {
    const { text, data } = await call(client, "explain_gic_value", { text: "GITS_BASER0=0xb907000040100607" });
    assert.match(text, /Physical_Address +\[47:12\] +0x40100000/);
    const [reading] = data.readings as { kind: string; fields: { name: string; raw: string }[] }[];
    assert.equal(reading.kind, "register");
    assert.equal(reading.fields.find(({ name }) => name === "Size")?.raw, "0x7");
  });

  it("explain_gic_value: the page of a rule", async () => {
    const { text, data } = await call(client, "explain_gic_value", { text: "L-11" });
    assert.equal(data.page, text);
    assert.match(text, /^# L-11/);
  });

  it("decode_gic_table: a dump given as text", async () => {
    const text = "0x40400000: 0x0001000020000000 0x0001000020010001";
    const { data, text: said } = await call(client, "decode_gic_table", { text, as: "itt", layout: "kvm-rev0" });
    const rows = data.rows as { table: string; index: number; fields: Record<string, { text: string }> }[];
    assert.deepEqual(
      rows.map(({ table, index, fields }) => [table, index, fields.pINTID.text, fields.ICID.text]),
      [
        ["itt", 0, "8192", "0"],
        ["itt", 1, "8193", "1"],
      ],
    );
    assert.match(said, /itt 1 at 0x40400008: .*pINTID 8193, ICID 1/);
  });

  it("decode_gic_table: all tables of a file, page by page", async () => {
    const args = { path: "examples/kvm-6.1-itt.gicdump", rows: 10 };
    const first = await call(client, "decode_gic_table", args);
    assert.equal(first.data.rowCount, 37);
    const seen: unknown[] = [...(first.data.rows as unknown[])];
    let cursor = first.data.nextCursor;
    for (let pages = 0; cursor !== undefined && pages < 10; pages++) {
      const { data } = await call(client, "decode_gic_table", { ...args, cursor });
      assert.equal(data.firstRow, seen.length);
      seen.push(...(data.rows as unknown[]));
      cursor = data.nextCursor;
    }
    const whole = await call(client, "decode_gic_table", { ...args, rows: 500 });
    assert.deepEqual(seen, whole.data.rows);
    assert.equal(seen.length, 37);
  });

  it("decode_gic_table: a cursor of other arguments is refused", async () => {
    const { data } = await call(client, "decode_gic_table", { path: "examples/kvm-6.1-itt.gicdump", rows: 2 });
    const other = { path: "examples/kvm-6.1-device-table.gicdump", cursor: data.nextCursor };
    assert.match(await refused(client, "decode_gic_table", other), /\[MCP-CURSOR\]\nCall it without cursor/);
  });

  it("decode_gic_table: the events of a capture", async () => {
    const { data, text } = await call(client, "decode_gic_table", { path: "examples/captures/linux-6.1-qemu-gicv3" });
    assert.equal(data.rowCount, 16);
    const [first] = data.rows as Record<string, unknown>[];
    assert.deepEqual([first.deviceId, first.eventId, first.intid, first.target], ["0x8", 0, 8192, 0]);
    assert.match(text, /layout qemu .*6 devices, 16 events/);
  });

  it("decode_gic_table: a saved machine", async () => {
    const { data } = await call(client, "decode_gic_table", {
      path: "examples/saved-guest.gicstate.json",
      as: "device-table",
    });
    const [table] = data.tables as { table: string; rowCount: number }[];
    assert.deepEqual([table.table, table.rowCount], ["device-table", 3]);
  });

  it("run_its_script: what fails and what is shown, by line", async () => {
    const text = [
      "MAPD DeviceID=8, ITT_addr=0x40400000, Size=4",
      "read GITS_CREADR",
      "INT DeviceID=8, EventID=1",
      'expect pending[8192] == 1, "it came"',
    ].join("\n");
    const { data, text: said } = await call(client, "run_its_script", { text, model: "kvm-6.12" });
    assert.deepEqual([data.lines, data.commands, data.errors], [4, 2, 2]);
    assert.match(String(data.model), /Linux 6\.12/);
    const rows = data.rows as { line: number; severity: string; code?: string; text: string }[];
    assert.deepEqual(
      rows.map(({ line, severity, code }) => [line, severity, code]),
      [
        [2, "said", undefined],
        [3, "error", "ITS0501"],
        [4, "error", rows[2].code],
      ],
    );
    assert.match(said, /line 2: GITS_CREADR = 0x0000000000000020\n/);
  });

  it("run_its_script: a script of the project, and its lines in words", async () => {
    const { data } = await call(client, "run_its_script", {
      path: "examples/first-msi.itscmd",
      verbose: true,
      rows: 500,
    });
    assert.equal(data.errors, 0);
    assert.ok((data.rows as { text: string }[]).some(({ text }) => /MAPTI .*→/.test(text)));
  });

  it("run_its_script: on a saved machine", async () => {
    const args = { text: "read dte[8]", state: "examples/saved-guest.gicstate.json" };
    assert.equal((await call(client, "run_its_script", args)).data.errors, 0);
    assert.match(await refused(client, "run_its_script", { ...args, model: "arch" }), /model does not go with state/);
  });

  it("run_its_script: on every model", async () => {
    const text =
      "MAPD DeviceID=8, ITT_addr=0x40400000, Size=4\nMAPC ICID=0, RDbase=0\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0\nMAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0\nread ite[8, 0].pINTID\n";
    const { data } = await call(client, "run_its_script", { text, portable: true });
    const rows = data.rows as { line: number; answers: Record<string, string> }[];
    assert.ok(rows.length > 0);
    assert.ok(Object.hasOwn(rows[0].answers, "arch") && Object.hasOwn(rows[0].answers, "qemu-7.2"));
  });

  it("trace_msi: the first broken link of a capture", async () => {
    const args = { path: "examples/captures/linux-6.1-qemu-gicv3", device_id: "0x19", event_id: "0" };
    const { data, text } = await call(client, "trace_msi", args);
    assert.equal(data.result, "bad");
    assert.equal((data.firstFault as { link: string }).link, "DTE");
    assert.match(text, /^Broken at DTE: DeviceID 0x19 is not mapped\./);
  });

  it("trace_msi: through the machine that a script leaves behind", async () => {
    const good = await call(client, "trace_msi", {
      path: "examples/first-msi.itscmd",
      device_id: "0x10",
      event_id: "0",
    });
    assert.ok((good.data.steps as { link: string }[]).some(({ link }) => link === "pending bit"));
    const args = {
      text: "MAPD DeviceID=8, ITT_addr=0x40400000, Size=4",
      script: true,
      device_id: "00:01.0",
      event_id: "0",
    };
    const { data } = await call(client, "trace_msi", args);
    assert.deepEqual([data.deviceId, data.result, (data.firstFault as { link: string }).link], [8, "bad", "ITE"]);
  });

  it("compare_gic_states: what differs, and what is the same", async () => {
    const saved = "examples/saved-guest.gicstate.json";
    const same = await call(client, "compare_gic_states", { path_a: saved, path_b: saved });
    assert.deepEqual([same.data.same, same.data.rowCount], [true, 0]);
    const other = { path_a: saved, path_b: "examples/captures/linux-6.1-qemu-gicv3", rows: 3 };
    const { data, text } = await call(client, "compare_gic_states", other);
    assert.deepEqual([data.same, (data.rows as unknown[]).length], [false, 3]);
    assert.match(text, /^A and B differ: /);
    assert.match(text, /Rows 1 to 3 of \d+; cursor /);
  });

  it("list_models: all of them, and what one decides", async () => {
    const { data } = await call(client, "list_models", {});
    assert.deepEqual(
      (data.models as { name: string }[]).map(({ name }) => name),
      models.map(({ name }) => name),
    );
    const one = await call(client, "list_models", { model: "kvm-7.3" });
    const found = (one.data.decisions as { name: string; value: string; source: string }[]).find(
      ({ name }) => name === "oneIteAnLpi",
    );
    assert.equal(found?.value, "true");
    assert.match(found.source, /vgic_add_lpi/);
  });

  it("bring no web server and no schema library with them", () => {
    const inputs = product.inputs("mcp.cjs");
    const packages = new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []));
    assert.deepEqual([...packages].sort(), ["@modelcontextprotocol/sdk", "zod", "zod-to-json-schema"]);
  });
  it("have no way to the network, nor to other programs", () => {
    const loaded = [...new Set(product.loads("mcp.cjs"))].filter((name) => !name.endsWith(".cjs"));
    const known = [
      "buffer",
      "crypto",
      "fs",
      "fs/promises",
      "path",
      "process",
      "stream",
      "url",
      "util",
      "worker_threads",
    ];
    assert.deepEqual(
      loaded.map((name) => name.replace(/^node:/, "")).filter((name) => !known.includes(name)),
      [],
    );
    assert.ok(loaded.length > 4);
  });
});
