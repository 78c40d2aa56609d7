import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { attempts } from "../../scripts/network-guard.ts";
import { withoutNetwork } from "../../scripts/without-network.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-guard-"));
after(() => rmSync(folder, { recursive: true }));
let runs = 0;

/** Runs JavaScript (CommonJS) under the guard. */
function run(script: string): { readonly out: string; readonly what: readonly string[] } {
  const log = path.join(folder, `log-${++runs}`);
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    env: withoutNetwork(process.env, log),
  });
  assert.equal(status, 0, stderr);
  return { out: stdout, what: attempts(log).map(({ what }) => what) };
}

// An address that no machine has (RFC 5737), and a name that none has (RFC 2606).
const outside: readonly (readonly [string, string, RegExp])[] = [
  [
    "a socket",
    `require("net").connect(80, "192.0.2.1").on("error", (e) => console.log(e.code))`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  [
    "a socket by its options",
    `new (require("net").Socket)().connect({ host: "192.0.2.1", port: 80 }).on("error", (e) => console.log(e.code))`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  [
    "TLS",
    `require("tls").connect({ host: "192.0.2.1", port: 443 }).on("error", (e) => console.log(e.code))`,
    /^connect 192\.0\.2\.1:443$/,
  ],
  [
    "http",
    `require("http").get("http://192.0.2.1/").on("error", (e) => console.log(e.code))`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  [
    "https",
    `require("https").get("https://a.invalid/").on("error", (e) => console.log(e.code))`,
    /^connect a\.invalid:443$/,
  ],
  [
    "http/2",
    `require("http2").connect("http://192.0.2.1").on("error", (e) => console.log(e.code))`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  ["fetch", `fetch("http://192.0.2.1/").catch((e) => console.log(e.cause.code))`, /^connect 192\.0\.2\.1:80$/],
  [
    "a WebSocket",
    `new WebSocket("ws://192.0.2.1/").onerror = () => console.log("EACCES")`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  ["a name", `require("dns").lookup("a.invalid", (e) => console.log(e.code))`, /^look up a\.invalid \(lookup\)$/],
  [
    "a name by a promise",
    `require("dns/promises").resolve4("a.invalid").catch((e) => console.log(e.code))`,
    /^look up a\.invalid \(resolve4\)$/,
  ],
  [
    "datagrams",
    `try { require("dgram").createSocket("udp4").send("x", 53, "192.0.2.1") } catch (e) { console.log(e.code); process.exit() }`,
    /^datagrams: send$/,
  ],
  [
    "listening on every interface",
    `require("net").createServer().on("error", (e) => console.log(e.code)).listen(0)`,
    /^listen :::0$/,
  ],
  [
    "an import of the standard's form",
    `import("node:net").then(({ connect }) => connect(80, "192.0.2.1").on("error", (e) => console.log(e.code)))`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  [
    "a process of a process",
    `require("child_process").spawn(process.execPath, ["-e", "fetch('http://192.0.2.1/').catch((e) => console.log(e.cause.code))"], { stdio: "inherit" })`,
    /^connect 192\.0\.2\.1:80$/,
  ],
  [
    "a thread",
    `new (require("worker_threads").Worker)("fetch('http://192.0.2.1/').catch((e) => console.log(e.cause.code))", { eval: true })`,
    /^connect 192\.0\.2\.1:80$/,
  ],
];

describe("the guard in front of the network", () => {
  for (const [what, script, told] of outside) {
    it(`refuses ${what}, and writes it down`, () => {
      const { out, what: asked } = run(script);
      assert.equal(out, "EACCES\n");
      assert.match(asked.join("\n"), told);
    });
  }

  it("lets loopback and Unix sockets pass", () => {
    const socket = path.join(folder, "socket");
    const { out, what } = run(`
      const net = require("net");
      const answer = (where, args, next) => {
        const server = net.createServer((client) => client.end(where)).listen(...args, () => {
          const target = typeof server.address() === "string" ? [server.address()] : [server.address().port, "127.0.0.1"];
          net.connect(...target).on("data", (data) => console.log(String(data))).on("close", () => (server.close(), next?.()));
        });
      };
      answer("loopback", [0, "127.0.0.1"], () => answer("unix", [${JSON.stringify(socket)}]));`);
    assert.equal(out, "loopback\nunix\n");
    assert.deepEqual(what, []);
  });
});
