import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import type { Metafile } from "esbuild";
import { workerScript } from "../../client/web/worker-script.ts";
import { buildProduct } from "../../scripts/bundle.ts";
import { inProject } from "../../scripts/project.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gic-bundle-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed product", () => {
  const outputs = new Map<string, Metafile["outputs"][string]>();
  /** What each source of it imports, those of packages among them. */
  const imported = new Map<string, readonly string[]>();

  before(async () => {
    for (const metafile of await buildProduct({ minify: true, folder })) {
      for (const [file, output] of Object.entries(metafile.outputs)) outputs.set(path.basename(file), output);
      const packed = new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
      for (const [file, { imports }] of Object.entries(metafile.inputs)) {
        if (packed.has(file))
          imported.set(
            file,
            imports.map((one) => one.path),
          );
      }
    }
  });

  it("has in the file that activation loads the client's own code, and neither language client nor engine", () => {
    const inputs = Object.keys(outputs.get("client.cjs")?.inputs ?? {});
    assert.ok(inputs.length > 50, `${inputs.length} inputs`);
    const others = inputs.filter(
      (file) => !/^(client\/|architecture\/models\.ts$|core:|(server|debug-adapter)\/[\w-]+-protocol\.ts$)/.test(file),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(
      inputs.filter((file) => file.startsWith("client/web/")),
      [],
    );
  });

  it("loads no other file when that one is loaded and the extension activated", () => {
    const script = path.join(folder, "load.cjs");
    // An editor in which nothing is open, and of which everything is a function, a class and an object.
    writeFileSync(
      script,
      `const Module = require("node:module");
const before = Object.keys(require.cache);
const load = Module._load;
const made = () => ({ dispose() {}, fire() {}, event: () => made() });
const special = { prototype: {}, some: undefined, then: undefined, [Symbol.toPrimitive]: () => "0", [Symbol.iterator]: function* () {} };
const any = () => new Proxy(class {}, {
  get: (target, name) => name === "prototype" ? target.prototype : name in special ? special[name] : any(),
  set: () => true,
  apply: () => any(),
  construct: made,
});
const withAny = (members) => new Proxy(members, { get: (own, name) => (name in own ? own[name] : (own[name] = any())) });
class Disposable { static from() { return new Disposable(); } dispose() {} }
const window = withAny({ visibleTextEditors: [], activeTextEditor: undefined });
const vscode = withAny({ Disposable, workspace: withAny({ textDocuments: [] }), window });
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const memento = { get: (_key, otherwise) => otherwise, update() {} };
require("./client.cjs").activate({
  subscriptions: [], extensionUri: any(), globalStorageUri: any(), extensionPath: "/", workspaceState: memento, globalState: memento,
  extension: { packageJSON: { contributes: { languageModelTools: [{ name: "tool" }] } } },
});
console.log(Object.keys(require.cache).filter((file) => !before.includes(file)).map((file) => require("node:path").basename(file)).join(" "));`,
    );
    assert.equal(spawnSync(process.execPath, [script], { encoding: "utf8" }).stdout, "client.cjs\n");
  });

  it("wants the network and other programs of Node in four places", () => {
    const system = /^(?:node:)?(?:net|tls|http|https|http2|dns|dgram|inspector|cluster|child_process|vm)(?:\/|$)/;
    const wanted = [...imported].flatMap(([file, names]) =>
      names.filter((name) => system.test(name)).map((name) => `${file}: ${name.replace("node:", "")}`),
    );
    assert.deepEqual(wanted.sort(), [
      "cli/commands/dap.ts: net", // `gicwb dap --port`, on 127.0.0.1.
      "client/node/server-process.ts: child_process", // The language server.
      "node_modules/vscode-jsonrpc/lib/node/main.js: net", // Pipes and sockets between a server and its client: ours has IPC or stdio.
      "node_modules/vscode-languageserver/lib/node/files.js: child_process", // Looks for a package of npm: never called.
    ]);
  });

  it("makes no code of data and asks for nothing as a page does, but for its own files in a browser", () => {
    const asking =
      /(?<![.\w$])(?:(?<!async )fetch|eval|Function|importScripts)\(|\b(?:WebSocket|XMLHttpRequest|EventSource|sendBeacon)\b|\bserviceWorker\b/;
    const sources = [...imported.keys()].filter((file) => existsSync(inProject(file)));
    assert.ok(sources.length > 500, `${sources.length} sources`);
    const found = sources.filter((file) => asking.test(readFileSync(inProject(file), "utf8")));
    assert.deepEqual(found, ["client/web/package-files.ts"]);
  });

  it("listens on this machine alone where it listens", () => {
    const source = readFileSync(inProject("cli/commands/dap.ts"), "utf8");
    assert.deepEqual(source.match(/\.listen\([^,]+, [^,]+/g), ['.listen(port, "127.0.0.1"']);
  });

  it("has nothing twice in what language client, server and debug adapter are made of", () => {
    const programs = [...outputs].filter(
      ([name]) => name.endsWith(".cjs") && !/^(gicwb|debug-adapter|client)/.test(name),
    );
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const [name, { inputs }] of programs) {
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        if (bytesInOutput === 0) continue;
        const other = seen.get(input);
        if (other !== undefined) twice.push(`${input} in ${other} and ${name}`);
        seen.set(input, name);
      }
    }
    assert.ok(seen.size > 500, `${seen.size} inputs`);
    assert.deepEqual(twice, []);
  });

  it("has files for the browser that want nothing of Node", () => {
    const source = readFileSync(path.join(folder, "client-web.js"), "utf8");
    const names = [...source.matchAll(/"((?:shared-\d+|[a-z]+(?:-web)?)\.cjs)"/g)].map(([, name]) => name);
    assert.ok(names.includes("debug-web.cjs") && names.includes("core.cjs"), names.join(" "));
    const wanted = [...new Set(names)].flatMap((name) =>
      (outputs.get(name)?.imports ?? [])
        .filter(({ external }) => external)
        .map((imported) => `${name}: ${imported.path}`)
        .filter((text) => builtinModules.some((builtin) => text.endsWith(`: ${builtin}`)) || text.includes("node:")),
    );
    assert.deepEqual(wanted, []);
  });

  it("has a language server that finds problems in a worker without anything of Node", async () => {
    const files = readdirSync(folder).filter((name) => /^(server-web|shared-\d+|core)\.cjs$/.test(name));
    const texts = files.map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const);
    const uri = "vscode-vfs://host/a.itscmd";
    const said = await new Promise<string>((resolve) => {
      const listeners: ((event: object) => void)[] = [];
      const scope: Record<string, unknown> = {
        ...{
          setTimeout,
          clearTimeout,
          queueMicrotask,
          performance,
          MessageChannel,
          URL,
          TextEncoder,
          TextDecoder,
          atob,
        },
        console,
        addEventListener: (type: string, listener: (event: object) => void) => {
          if (type === "message") listeners.push(listener);
        },
        postMessage(message: { readonly id?: number; readonly method?: string }) {
          const text = JSON.stringify(message);
          // Before the lines have run there are none.
          if (message.method === "textDocument/publishDiagnostics" && text.includes('"code"')) resolve(text);
        },
      };
      scope.self = scope;
      runInContext(workerScript("server-web.cjs", texts).join(""), createContext(scope));
      const send = (message: object) => {
        const event = { data: { jsonrpc: "2.0", ...message } };
        for (const listener of [...listeners, scope.onmessage])
          (listener as ((event: object) => void) | undefined)?.(event);
      };
      send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
      send({ method: "initialized", params: {} });
      const textDocument = { uri, languageId: "itscmd", version: 1, text: "MAPC ICID=0, RDbase=9\n" };
      send({ method: "textDocument/didOpen", params: { textDocument } });
    });
    assert.match(said, /RDbase/);
  });
});
