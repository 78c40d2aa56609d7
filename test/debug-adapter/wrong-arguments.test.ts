import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RequestName } from "../../debug-adapter/request-arguments.ts";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = "let dev = 0x10\nMAPC ICID=1, RDbase=2\nMAPD DeviceID=dev, ITT_addr=0x43f00000, Size=4\nsave\n";
const source = { path: SCRIPT, sourceReference: 0 };
const format = { hex: true };
const memory = { memoryReference: "0x40100000", offset: 0 };

/** Every request with every argument that means something to it, all of them right. Launching is another matter: see below. */
const requests: Readonly<Record<Exclude<RequestName, "launch" | "restart">, object>> = {
  initialize: {
    pathFormat: "path",
    linesStartAt1: true,
    columnsStartAt1: true,
    supportsVariableType: true,
    supportsMemoryReferences: true,
    supportsMemoryEvent: true,
    supportsProgressReporting: true,
  },
  attach: {},
  configurationDone: {},
  terminate: {},
  disconnect: {},
  setBreakpoints: {
    source,
    breakpoints: [{ line: 2, condition: "1", hitCondition: "1", logMessage: "{dev}" }],
    lines: [2],
  },
  setFunctionBreakpoints: { breakpoints: [{ name: "MAPC ICID == 1", condition: "dev == 0x10", hitCondition: "1" }] },
  dataBreakpointInfo: { variablesReference: 0, name: "0x40100000", bytes: 8, asAddress: true },
  setDataBreakpoints: { breakpoints: [{ dataId: "cte[1].RDbase", condition: "dev == 0x10", hitCondition: "1" }] },
  setInstructionBreakpoints: {
    breakpoints: [{ instructionReference: "0x40000000", offset: 0, condition: "1", hitCondition: "1" }],
  },
  setExceptionBreakpoints: { filters: ["command-errors"], filterOptions: [{ filterId: "stalls", condition: "MAPC" }] },
  breakpointLocations: { source, line: 1, endLine: 3 },
  exceptionInfo: {},
  continue: {},
  next: {},
  stepIn: {},
  stepOut: {},
  stepBack: {},
  reverseContinue: {},
  pause: {},
  gotoTargets: { source, line: 2 },
  goto: { targetId: 1 },
  restartFrame: {},
  threads: {},
  stackTrace: { startFrame: 0 },
  source: { source, sourceReference: 1 },
  scopes: {},
  variables: { variablesReference: 1, filter: "named", start: 0, count: 10, format },
  setVariable: { variablesReference: 1, name: "GITS_CTLR", value: "1", format },
  evaluate: { expression: "dev", context: "watch", format },
  setExpression: { expression: "mem64[0x40100000]", value: "1", format },
  completions: { text: "GITS_", column: 6, line: 1 },
  readMemory: { ...memory, count: 8 },
  writeMemory: { ...memory, data: "AAAA", allowPartial: true },
  "gic/registers": { groups: ["GITS0"] },
  disassemble: { memoryReference: "0x40000000", offset: 0, instructionOffset: 0, instructionCount: 1 },
  loadedSources: {},
  modules: { startModule: 0, moduleCount: 1 },
  cancel: { requestId: 1, progressId: "x" },
  "gic/runBack": { expression: "GITS_CTLR", variablesReference: 1, name: "x" },
  "gic/savedMachine": {},
  "gic/interrupts": {
    text: "",
    states: ["pending"],
    changed: false,
    sort: "intid",
    descending: false,
    from: 0,
    count: 10,
  },
  "gic/setInterrupt": { key: "SPI 34", piece: "pending", value: 1 },
  "gic/changedBy": { expression: "GITS_CTLR", its: 0, device: 1, event: 1, icid: 1 },
  "gic/registerTable": { groups: ["GITS0"], fields: ["GITS_CTLR"], find: { text: "", differs: true, changed: false } },
  "gic/queue": { its: 0, from: 0, count: 10 },
  "gic/map": {},
  "gic/compareRegisters": { line: 1, stop: "here", values: [{ expression: "GITS_CTLR", value: "0x1" }], name: "a" },
  "gic/recreate": {},
  "gic/timeline": { text: "", failed: false, from: 0, count: 10 },
  "gic/goTo": { line: 1, command: 0 },
  "gic/bits": { expression: "GITS_CTLR", its: 0, slot: 0, line: 1 },
};

const wrong = [
  null,
  true,
  "5",
  "",
  "\u0000",
  5,
  0,
  -1,
  1.5,
  1e300,
  2 ** 53 - 1,
  [],
  [5],
  ["x"],
  [null],
  [[]],
  {},
  { x: 1 },
];

/** Paths of all values within a value: `breakpoints[0].line`. */
function* places(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield [...path, key];
    yield* places(member, [...path, key]);
  }
}

/** A copy with another value at a path; undefined takes it away. */
function withValue(whole: object, path: readonly string[], value: unknown): object {
  const copy = structuredClone(whole);
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path[path.length - 1]] = value;
  return copy;
}

const nameOf = (path: readonly string[]): string =>
  path.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");

const kindOf = (value: unknown): string => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);

function valueAt(whole: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], whole);
}

async function stoppedSession(): Promise<DapClient> {
  const dap = await DapClient.stopped(script, 4);
  const { scopes } = await dap.request("scopes");
  assert.equal(scopes[0].variablesReference, 1);
  return dap;
}

describe("arguments of wrong types", () => {
  for (const [request, right] of Object.entries(requests)) {
    it(`${request}: are answered with an error that names them, without a box, and the session goes on`, async () => {
      const dap = await stoppedSession();
      for (const path of places(right)) {
        for (const value of [undefined, ...wrong]) {
          const args = withValue(right, path, value);
          const said = `${request} ${JSON.stringify(args)}`;
          const { success, body, message = "" } = await dap.send(request, args);
          const refusal = success ? undefined : body.error;
          assert.ok(success || refusal.showUser === false || refusal.id === 305, `${said}: a box says ${message}`);
          assert.notEqual(refusal?.id, 399, `${said}: ${message}`);
          const fits = value === undefined || value === null || kindOf(value) === kindOf(valueAt(right, path));
          if (!fits || value === 1.5 || value === 1e300) {
            assert.equal(refusal?.id, 307, `${said}: ${message}`);
            assert.ok(
              message.startsWith(`The argument "${nameOf(path)}" of the request "${request}" must be `),
              message,
            );
          }
        }
      }
      for (const args of [5, "x", true, [], [{}]]) {
        const { success, body } = await dap.send(request, args);
        assert.deepEqual([success, body.error.id, body.error.showUser], [false, 306, false]);
      }
      assert.equal(await dap.evaluate("dte[dev].Size"), "4 (5 EventID bits)");
    });
  }

  const sentences: readonly (readonly [RequestName, object, string])[] = [
    [
      "readMemory",
      { ...memory, count: "8" },
      '"count" of the request "readMemory" must be a whole number from 0, but is "8".',
    ],
    [
      "readMemory",
      { ...memory, count: -1 },
      '"count" of the request "readMemory" must be a whole number from 0, but is -1.',
    ],
    ["variables", {}, '"variablesReference" of the request "variables" must be a whole number, but is missing.'],
    ["evaluate", { expression: {} }, '"expression" of the request "evaluate" must be a text, but is an object.'],
    [
      "setBreakpoints",
      { source, breakpoints: [{ line: 1 }, { line: [] }] },
      '"breakpoints[1].line" of the request "setBreakpoints" must be a whole number from 0, but is a list.',
    ],
    ["setBreakpoints", {}, '"source" of the request "setBreakpoints" must be an object, but is missing.'],
    [
      "variables",
      { variablesReference: 1, filter: "all" },
      '"filter" of the request "variables" must be "named" or "indexed", but is "all".',
    ],
    ["restart", { arguments: 5 }, '"arguments" of the request "restart" must be an object, but is 5.'],
  ];
  for (const [request, args, sentence] of sentences) {
    it(`${request} ${JSON.stringify(args)} says what it takes`, async () => {
      assert.equal(await (await stoppedSession()).failure(request, args), `The argument ${sentence}`);
    });
  }

  it("that are no JSON, from an editor in the same process, are refused too", async () => {
    const { Adapter } = await import("../../debug-adapter/adapter.ts");
    const { fileSource } = await import("../../debug-adapter/sources/file-source.ts");
    const adapter = new Adapter({ source: fileSource, schedule: setImmediate, send: () => undefined });
    for (const count of [Number.NaN, Number.POSITIVE_INFINITY, 8n, Symbol("8"), () => 8]) {
      await assert.rejects(adapter.handle("readMemory", { ...memory, count }), /^Error: The argument "count" of/);
    }
    const holes = adapter.handle("gic/registers", { groups: new Array(2) });
    await assert.rejects(holes, /"groups\[0\]" of the request "gic\/registers" must be a text, but is missing/);
  });
});

describe("attributes of a launch configuration of wrong types", () => {
  const right = { program: SCRIPT, state: "/no/such.json", stopOnEntry: true, noDebug: false, model: "kvm", cpus: 2 };
  for (const name of Object.keys(right)) {
    it(`${name}: the user is told which it is, and another launch succeeds`, async () => {
      const dap = await DapClient.unlaunched(script);
      for (const value of [true, 999, -1, 1.5, "x", [], {}, { toString: 5 }, [[]]]) {
        if (kindOf(value) === kindOf(right[name as keyof typeof right]) && name !== "cpus" && name !== "model")
          continue;
        const { success, body } = await dap.send("launch", { program: SCRIPT, [name]: value });
        if (success) assert.fail(`${name} ${JSON.stringify(value)} was taken`);
        assert.match(body.error.variables._text, new RegExp(`\\b${name}\\b`));
        assert.ok(body.error.id >= 100 && body.error.id < 200, body.error.variables._text);
      }
      await dap.request("launch", { program: SCRIPT });
    });
  }
});
