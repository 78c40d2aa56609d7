import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { limits } from "../../../cli/mcp/limits.ts";
import { call, connect, refused } from "./connect.ts";
import { buildCommandLine, type Product } from "./product.ts";
import { RawSession } from "./raw-session.ts";

const DUMP = "# gic: table=itt layout=kvm-rev0\n0x40400000: 0x0001000020000000 0x0001000020010001\n";

let product: Product;
/** Holds `open` (what a client opens), `other` and a file beside them. */
let place: string;
const inOpen = (...names: string[]): string => path.join(place, "open", ...names);

before(async () => {
  product = await buildCommandLine();
  place = mkdtempSync(path.join(tmpdir(), "gicwb mcp "));
  for (const folder of ["open", "other", "open/sub dir ü", "open/capture", "open/capture out"])
    mkdirSync(path.join(place, folder));
  for (const file of ["secret.gicdump", "open/a.gicdump", "open/sub dir ü/b.gicdump", "other/c.gicdump"])
    writeFileSync(path.join(place, file), DUMP);
  writeFileSync(path.join(place, "secret.itscmd"), "print 1\n");
  writeFileSync(inOpen("script.itscmd"), 'include "../secret.itscmd"\nprint "on"\n');
  writeFileSync(inOpen("link.itscmd"), 'load "out.gicdump" at 0x40000000\n');
  symlinkSync(path.join(place, "secret.gicdump"), inOpen("out.gicdump"));
  symlinkSync(place, inOpen("out"));
  symlinkSync(inOpen("a.gicdump"), inOpen("in.gicdump"));
  symlinkSync(inOpen("circle"), inOpen("circle"));
  symlinkSync(path.join(place, "secret.gicdump"), inOpen("capture out", "x.gicdump"));
  writeFileSync(inOpen("large.bin"), "");
  truncateSync(inOpen("large.bin"), limits.fileBytes + 1);
  writeFileSync(inOpen("raw.bin"), new Uint8Array(64).fill(0x80));
});

after(() => {
  product.dispose();
  rmSync(place, { recursive: true, force: true });
});

describe("files of gicwb mcp", () => {
  let client: Client;
  before(async () => {
    client = await connect(product.main, { cwd: inOpen() });
  });
  after(() => client.close());

  const cases: readonly (readonly [what: string, path: string, refusal: RegExp | undefined])[] = [
    ["a file of the folder is read", "a.gicdump", undefined],
    ["a file further down, with a space and an umlaut", "sub dir ü/b.gicdump", undefined],
    ["a link that stays inside is followed", "in.gicdump", undefined],
    [
      "a file above is refused",
      "../secret.gicdump",
      /is not below the folder .*open, in which the server was started.*\[MCP-FILE-OUTSIDE\]\nName a file/,
    ],
    ["a way out and in again is taken as where it leads", "../open/a.gicdump", undefined],
    ["a link out is refused", "out.gicdump", /MCP-FILE-OUTSIDE/],
    ["a file behind a link out is refused", "out/secret.gicdump", /MCP-FILE-OUTSIDE/],
    ["an absolute path outside is refused", "/etc/passwd", /MCP-FILE-OUTSIDE/],
    ["the URI of a file outside is refused", "file:///etc/passwd", /MCP-FILE-OUTSIDE/],
    ["a link that leads to itself is refused", "circle", /MCP-FILE-MISSING/],
    ["what is not there is told", "nothing.gicdump", /There is no "nothing.gicdump" below .*\[MCP-FILE-MISSING\]/],
    ["a name with a zero byte is refused", "a\0.gicdump", /MCP-FILE-(OUTSIDE|MISSING)/],
    ["a large file is refused", "large.bin", /has 64 MiB; files of more than 64 MiB are refused/],
    [
      "raw bytes without base are refused",
      "raw.bin",
      /is not text.*\[GICWB-FILE-BINARY\]\nRaw bytes are decoded with the argument base/,
    ],
    ["a folder without tables is told", "capture", /holds no files/],
    ["a link in a folder is no file of it", "capture out", /holds no files/],
  ];
  for (const [what, given, refusal] of cases) {
    it(what, async () => {
      if (refusal === undefined)
        assert.equal((await call(client, "decode_gic_table", { path: given })).data.rowCount, 2);
      else assert.match(await refused(client, "decode_gic_table", { path: given }), refusal);
    });
  }

  it("an absolute path and a URI inside are read", async () => {
    for (const given of [inOpen("a.gicdump"), `file://${inOpen("a.gicdump").replaceAll(" ", "%20")}`])
      assert.equal((await call(client, "decode_gic_table", { path: given })).data.rowCount, 2);
  });

  it("includes and loads stay in the folder, too", async () => {
    for (const [given, why] of [
      ["script.itscmd", /not included: it is outside/],
      ["link.itscmd", /outside/],
    ] as const) {
      const { data, text } = await call(client, "run_its_script", { path: given });
      assert.equal(data.errors, 1, text);
      assert.match(text, why);
    }
  });
});

describe("folders that a client names", () => {
  let named: string[];
  let client: Client;
  before(async () => {
    named = [inOpen(), path.join(place, "other")];
    client = await connect(product.main, { cwd: place, roots: () => named });
  });
  after(() => client.close());

  it("are the only ones that are read, all of them", async () => {
    for (const given of ["a.gicdump", "c.gicdump"])
      assert.equal((await call(client, "decode_gic_table", { path: given })).data.rowCount, 2);
    const secret = await refused(client, "decode_gic_table", { path: path.join(place, "secret.gicdump") });
    assert.match(secret, /is not below one of the folders .*open, .*other, which the client names/);
  });

  it("are asked for again when they change; of none nothing is read", async () => {
    named = ["vscode-vfs://github/x"];
    await client.sendRootsListChanged();
    const text = await refused(client, "decode_gic_table", { path: "a.gicdump" });
    assert.match(text, /No file may be read: the client's folder is not on this machine. \[MCP-NO-FOLDER\]/);
    assert.equal((await call(client, "decode_gic_table", { text: DUMP })).data.rowCount, 2);
    named = [];
    await client.sendRootsListChanged();
    assert.match(await refused(client, "decode_gic_table", { path: "a.gicdump" }), /the client names no folder/);
  });

  it("do not count beside --root", async () => {
    const other = await connect(product.main, { cwd: place, roots: () => [place], options: ["--root", inOpen()] });
    assert.equal((await call(other, "decode_gic_table", { path: "a.gicdump" })).data.rowCount, 2);
    assert.match(await refused(other, "decode_gic_table", { path: "../secret.gicdump" }), /open, by --root/);
    await other.close();
  });
});

describe("arguments and scripts of gicwb mcp", () => {
  let client: Client;
  before(async () => {
    client = await connect(product.main, { cwd: inOpen() });
  });
  after(() => client.close());

  const wrong: readonly (readonly [tool: string, args: object, refusal: RegExp])[] = [
    ["explain_gic_value", {}, /The argument text has to be given|The argument text is needed/],
    ["explain_gic_value", { text: 5 }, /The argument text has to be a text/],
    ["explain_gic_value", { text: ["GITS_CTLR"] }, /has to be a text/],
    ["explain_gic_value", { text: "1".repeat(5000) }, /has 5000 characters/],
    ["explain_gic_value", { text: "x", __proto__x: 1 }, /There is no argument "__proto__x"/],
    ["explain_gic_value", { txt: "x" }, /There is no argument "txt". Did you mean text\?/],
    ["decode_gic_table", { text: DUMP, path: "a.gicdump" }, /Exactly one of text, path is needed/],
    ["decode_gic_table", { text: DUMP, base: "abc" }, /The argument base has to be a number/],
    ["decode_gic_table", { text: DUMP, base: -1 }, /The argument base has to be a number/],
    ["decode_gic_table", { text: DUMP, base: "0x1ffffffffffffffff" }, /The argument base has to be a number/],
    ["decode_gic_table", { text: DUMP, rows: 1e9 }, /rows has to be a whole number from 1 to 500/],
    ["decode_gic_table", { text: DUMP, rows: 1.5 }, /rows has to be a whole number/],
    ["decode_gic_table", { text: DUMP, as: "toString" }, /as has to be one of device-table/],
    ["decode_gic_table", { text: DUMP, cursor: "../../x" }, /MCP-CURSOR/],
    ["run_its_script", { text: "print 1", model: "kvm-9" }, /model has to be one of kvm-7.2/],
    ["run_its_script", { text: "print 1", let: "x" }, /NAME=VALUE/],
    ["run_its_script", { text: "print 1", let: "x=1" }, /no line "let x = …"/],
    ["run_its_script", { text: "print 1", state: "a.gicdump" }, /state is no saved machine/],
    ["run_its_script", { text: "print 1", max_seconds: 1e6 }, /whole number from 1 to 50/],
    ["run_its_script", { text: "#" }, /no statement to run/],
    ["run_its_script", { text: "x".repeat(limits.textCharacters + 1) }, /MCP-TEXT-TOO-LONG/],
    ["trace_msi", { text: "print 1", script: true, device_id: "x", event_id: "0" }, /DeviceID "x" is no number/],
    ["trace_msi", { text: "print 1", script: true, device_id: "1", event_id: "0", its: 7 }, /no ITS 7/],
    ["trace_msi", { text: "nonsense", script: true, device_id: "1", event_id: "0" }, /has an error: line 1/],
    ["trace_msi", { text: "hello", device_id: "1", event_id: "0" }, /holds no tables/],
    ["compare_gic_states", { path_a: "a.gicdump" }, /path_b is needed/],
  ];
  for (const [tool, args, refusal] of wrong) {
    it(`${tool} ${JSON.stringify(args).slice(0, 70)} is refused with what to do`, async () => {
      const text = await refused(client, tool, args);
      assert.match(text, refusal);
      assert.match(text, /\[[A-Z-]+\]\n./, "a code, and what to do next");
    });
  }

  it("a tool that is not there is an error of the protocol", async () => {
    await assert.rejects(
      client.callTool({ name: "rm_rf", arguments: {} }),
      /There is no tool \\?"rm_rf\\?"; there are explain_gic_value/,
    );
  });

  const scripts: readonly (readonly [what: string, text: string, told: RegExp, args?: object])[] = [
    [
      "a loop of 2^63 turns",
      "for i in 0..0x7fffffffffffffff {\n  MAPC ICID=0, RDbase=0\n}",
      /9223372036854775808 turns/,
    ],
    ["a fill of 512 GiB", "fill 0x40000000, 0x8000000000, 1", /There is no RAM/],
    [
      "a machine of 512 GiB that is filled",
      "machine {\n  ram = 0x40000000, 512G\n}\nfill 0x40000000, 0x8000000000, 1",
      /at most 4 GiB of RAM/,
    ],
    [
      "a store in every page of 4 GiB",
      "machine {\n  ram = 0x40000000, 4G\n}\nfor i in 0..65535 {\n  mem64[0x40000000 + i * 0x10000] = i + 1\n}",
      /256 MiB/,
    ],
    [
      "a million commands",
      "for i in 0..900000 {\n  MAPC ICID=0, RDbase=0\n}",
      /Stopped at line 1: 100 commands are the limit/,
      { max_commands: 100 },
    ],
    [
      "a million lines that do nothing",
      "for i in 0..900000 {\n  if i == 0 {\n  }\n}",
      /Stopped at line \d+: .* are the limit/,
    ],
    ["a macro that calls itself", "macro again {\n  again\n}\nagain", /error ITS/],
    ["a deep expression", `read ${"(".repeat(5000)}1`, /error ITS/],
    ["loads of a file that is no file", 'load "/dev/zero" at 0x40000000', /outside/],
  ];
  for (const [what, text, told, args = {}] of scripts) {
    it(`${what} is bounded, and told`, async () => {
      const answer = await call(client, "run_its_script", { text, ...args });
      assert.match(answer.text, told);
      assert.ok(answer.text.length < 10_000 && JSON.stringify(answer.data).length < 200_000);
    });
  }

  it("errors behind 30,000 lines that print are kept, and what is not kept is counted", async () => {
    const text = 'for i in 0..29999 {\n  print "x", i\n}\nnonsense';
    const { data } = await call(client, "run_its_script", { text });
    assert.deepEqual([data.errors, data.rowCount, data.rowsDropped], [1, 20_001, 10_000]);
  });

  it("rows are fewer where they are long, and the text is cut", async () => {
    const text = `for i in 0..400 {\n  print "${"x".repeat(2000)}", i\n}`;
    const { data, text: said } = await call(client, "run_its_script", { text, rows: 500 });
    assert.ok((data.rows as unknown[]).length < 60);
    assert.ok(typeof data.nextCursor === "string");
    assert.match(said, /\(cut here: the structured content has all of it\)$/);
  });

  it("what is printed cannot move a terminal's cursor or end a line", async () => {
    const { text } = await call(client, "run_its_script", { text: 'print "\u001b[2J\u0007"' });
    assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
  });
});

describe("the wire of gicwb mcp", () => {
  it("answers what is no message, and goes on", async () => {
    const session = new RawSession(product.main, inOpen());
    for (const [line, code, id] of [
      ["{", -32700, null],
      ["nonsense", -32700, null],
      ["[]", -32600, null],
      ["5", -32600, null],
      ['{"id":7,"method":"tools/list"}', -32600, 7],
      ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
    ] as const) {
      session.send(line);
      const reply = await session.next();
      assert.deepEqual([reply.error?.code, reply.id], [code, id], line);
    }
    session.send("");
    session.send(`{"jsonrpc":"2.0","id":8,"method":"ping","params":{"x":"${"y".repeat(limits.messageBytes)}"}}`);
    assert.match((await session.next()).error?.message ?? "", /bytes; 8388608 may be sent/);
    assert.deepEqual((await session.ask("ping", {}, 9)).result, {});
    assert.equal((await session.ask("no/such", {}, 10)).error?.code, -32601);
    assert.equal(await session.close(), 0);
  });

  it("answers calls before initialize with what to do", async () => {
    const session = new RawSession(product.main, inOpen());
    for (const [method, params] of [
      ["tools/list", {}],
      ["tools/call", { name: "list_models" }],
    ] as const)
      assert.match((await session.ask(method, params)).error?.message ?? "", /send initialize first/);
    await session.initialize();
    assert.equal((await session.ask("tools/call", { name: "list_models" })).result?.isError, undefined);
    assert.match((await session.ask("tools/call", { name: 5 })).error?.message ?? "", /./);
    assert.match((await session.ask("tools/call", { name: "list_models", arguments: [] })).error?.message ?? "", /./);
    assert.equal(await session.close(), 0);
  });

  it("gives up a call that is cancelled, and answers the next", async () => {
    const session = new RawSession(product.main, inOpen());
    await session.initialize();
    const text = "for i in 0..900000 {\n  MAPC ICID=0, RDbase=0\n}";
    const params = { name: "run_its_script", arguments: { text, max_commands: 1_000_000, max_seconds: 50 } };
    for (const id of [1, 2, 3, 4]) session.send({ jsonrpc: "2.0", id, method: "tools/call", params });
    for (const requestId of [4, 1, 2, 3])
      session.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId, reason: "no more" } });
    const reply = await session.ask("tools/call", { name: "explain_gic_value", arguments: { text: "intid 8195" } }, 5);
    assert.equal(reply.id, 5);
    assert.equal(await session.close(), 0);
  });

  it("ends when the client goes in the middle of a call", async () => {
    const session = new RawSession(product.main, inOpen());
    await session.initialize();
    const text = "for i in 0..900000 {\n  MAPC ICID=0, RDbase=0\n}";
    const params = { name: "run_its_script", arguments: { text, max_commands: 1_000_000, max_seconds: 50 } };
    session.send({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    assert.equal((await session.ask("ping", {}, 2)).id, 2);
    assert.equal(await session.close(), 0);
  });

  it("refuses calls beyond those that may wait", async () => {
    const session = new RawSession(product.main, inOpen());
    await session.initialize();
    const count = limits.running + limits.waiting + 3;
    const params = { name: "explain_gic_value", arguments: { text: "intid 8195" } };
    for (let id = 1; id <= count; id++) session.send({ jsonrpc: "2.0", id, method: "tools/call", params });
    let busy = 0;
    for (let at = 0; at < count; at++) {
      const { result } = await session.next();
      if (result?.isError) {
        assert.match(result.content?.[0].text ?? "", /32 calls wait already. \[MCP-BUSY\]/);
        busy++;
      }
    }
    assert.equal(busy, 3);
    assert.equal(await session.close(), 0);
  });
});
