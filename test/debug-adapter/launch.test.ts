import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { capabilities } from "../../debug-adapter/capabilities.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { buildProduct } from "../../scripts/bundle.ts";
import { DapClient, SCRIPT } from "./dap-client.ts";

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "gic-launch-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

const good = file("good.itscmd", "MAPC ICID=0, RDbase=0\n");

describe("initialize", () => {
  it("answers with every capability of the protocol", async () => {
    const types = readFileSync(path.join(root, "node_modules/@vscode/debugprotocol/lib/debugProtocol.d.ts"), "utf8");
    const body = /interface Capabilities \{([\s\S]*?)\n\t\}/.exec(types)?.[1] ?? "";
    const keys = [...body.matchAll(/^\t\t(\w+)\?:/gm)].map(([, key]) => key).sort();
    assert.ok(keys.length > 30, `${keys.length} keys were found`);
    assert.deepEqual(Object.keys(capabilities).sort(), keys);
    const dap = new DapClient(fileSource);
    assert.deepEqual(await dap.initialize(), capabilities);
  });

  it("refuses URIs for paths", async () => {
    assert.match(
      await new DapClient(fileSource).failure("initialize", { adapterID: "gic", pathFormat: "uri" }),
      /paths/,
    );
  });
});

const bad: readonly (readonly [what: string, attributes: object, message: RegExp])[] = [
  ["no program", {}, /names no script\. Add "program"/],
  ["a program that is no text", { program: 7 }, /is not a text/],
  ["a missing file", { program: "/nowhere/x.itscmd" }, /^There is no file "\/nowhere\/x\.itscmd"\.$/],
  ["a directory", { program: folder }, /is a directory/],
  ["an empty file", { program: file("empty.itscmd", "") }, /is empty: there is nothing to run/],
  ["comments alone", { program: file("comment.itscmd", "# nothing\n\n") }, /has no statement to run/],
  [
    "a binary file",
    { program: file("binary.itscmd", new Uint8Array([1, 0, 2, 255])) },
    /cannot be run: .*[Bb]inary|text/,
  ],
  [
    "syntax errors",
    { program: file("wrong.itscmd", "MAPC ICID=0, RDbase=0\nMAPC ICID=\nMAPD\n") },
    /^wrong\.itscmd:2:\d+: .* \[ITS\d{4}\] \(and 1 more like it\) Correct it and start again\.$/,
  ],
  ["an unknown model", { program: good, model: "kvm-1.0" }, /no model "kvm-1\.0".* one of kvm-7\.2, /],
  ["no PEs", { program: good, cpus: 0 }, /whole number from 1 to 512, not 0/],
  ["half a PE", { program: good, cpus: 1.5 }, /whole number/],
  ["too many PEs", { program: good, cpus: 1e9 }, /whole number/],
  ["a flag that is none", { program: good, stopOnEntry: "yes" }, /"stopOnEntry".*true or false/],
  [
    "a machine that cannot be built",
    { program: file("small.itscmd", "machine { ram = 0x40000000, 64K }\nMAPC ICID=0, RDbase=0\n") },
    /cannot be built: setup = ready needs/,
  ],
];

describe("launch", () => {
  for (const [what, attributes, message] of bad) {
    it(`answers ${what} with a sentence`, async () => {
      const dap = new DapClient(fileSource);
      await dap.initialize();
      const text = await dap.failure("launch", attributes);
      assert.match(text, message);
      assert.doesNotMatch(text, /\bat .*\.ts|Error:|undefined/);
      // The session is still good for another try.
      await dap.request("launch", { program: good });
      await dap.event("initialized");
    });
  }

  it("overrides the machine block", async () => {
    const dap = await DapClient.launch("machine { cpus = 2 }\nMAPC ICID=0, RDbase=7\n", { cpus: 8, model: "kvm-6.1" });
    const { model, groups } = await dap.request("gic/registers");
    assert.match(model, /6\.1/);
    assert.equal(groups.filter(({ kind, secondary }) => kind === "redistributor" && !secondary).length, 8);
  });

  it("without debugging stops nowhere", async () => {
    const dap = await DapClient.launch("MAPC ICID=0, RDbase=9\nexpect 0\n", { noDebug: true, stopOnEntry: true });
    await dap.request("configurationDone");
    assert.equal((await dap.event("exited")).body.exitCode, 1);
    assert.match(dap.text("stderr"), /^test\.itscmd:1:21: .*\ntest\.itscmd:2:1: /);
    assert.ok(!dap.events.some(({ event }) => event === "stopped"));
  });

  it("happens once a session", async () => {
    const dap = await DapClient.launch("MAPC ICID=0, RDbase=0\n");
    assert.match(await dap.failure("launch", { program: SCRIPT }), /debugs a script already/);
    assert.match(await dap.failure("attach", {}), /launched, not attached/);
  });
});

describe("requests out of place", () => {
  const early: readonly (readonly [command: string, args: object])[] = [
    ["stackTrace", {}],
    ["scopes", {}],
    ["next", {}],
    ["continue", {}],
    ["evaluate", { expression: "1" }],
    ["readMemory", { memoryReference: "0x0", count: 1 }],
    ["restart", {}],
    ["gic/registers", {}],
  ];
  for (const [command, args] of early) {
    it(`${command} before a launch is answered with a sentence`, async () => {
      assert.match(await new DapClient(fileSource).failure(command, args), /No script is being debugged/);
    });
  }

  it("that come all at once are answered in their order", async () => {
    const dap = new DapClient(fileSource);
    const order: string[] = [];
    const send = async (command: string, args: object) => {
      const { success } = await dap.send(command, args);
      order.push(`${command} ${success}`);
    };
    await Promise.all([
      send("initialize", { adapterID: "gic", pathFormat: "path" }),
      send("launch", { program: good, stopOnEntry: true }),
      send("fly", {}),
      send("setBreakpoints", { source: { path: good }, breakpoints: [{ line: 1 }] }),
      send("configurationDone", {}),
    ]);
    assert.deepEqual(order, [
      "initialize true",
      "launch true",
      "fly false",
      "setBreakpoints true",
      "configurationDone true",
    ]);
    assert.equal((await dap.event("stopped")).body.reason, "entry");
  });

  it("that do not exist, and arguments that are none", async () => {
    const dap = await DapClient.stopped("MAPC ICID=0, RDbase=0\n");
    assert.match(await dap.failure("fly", {}), /has no request "fly"/);
    assert.match(await dap.failure("toString", {}), /has no request/);
    assert.match(await dap.failure("evaluate", 5), /arguments of the request "evaluate" must be/);
    assert.match(await dap.failure("variables", { variablesReference: -1 }), /not there any more/);
    for (const command of ["setBreakpoints", "completions", "setVariable", "readMemory", "writeMemory"]) {
      assert.doesNotMatch(await dap.failure(command), /\bat .*\.ts|TypeError/);
    }
  });
});

describe("the adapter as a process speaks the protocol on stdio and exits on disconnect", () => {
  it("from its source", () => speaks(path.join(root, "debug-adapter/main.ts")));

  it("as it is packed, with the parts that lie beside it", async () => {
    const packed = path.join(folder, "packed");
    await buildProduct({ minify: true, folder: packed });
    await speaks(path.join(packed, "debug-adapter.cjs"));
  });
});

async function speaks(program: string): Promise<void> {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  const requests = [
    ["initialize", { adapterID: "gic", pathFormat: "path" }],
    ["launch", { program: good }],
    ["disconnect", {}],
  ] as const;
  for (const [index, [command, args]] of requests.entries()) {
    const text = JSON.stringify({ seq: index + 1, type: "request", command, arguments: args });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
  const code = await new Promise((done) => child.on("close", done));
  assert.equal(code, 0);
  assert.equal(complaints, "");
  assert.match(output, /"command":"disconnect","success":true/);
}
