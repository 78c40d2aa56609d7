import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { CancellationTokenSource, type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { Failures } from "../../server/failures.ts";
import type { Clock } from "../../server/scripts/publisher.ts";
import type { FileAccess } from "../../server/tables/read-input.ts";
import { serveTables } from "../../server/tables/serve-tables.ts";
import { checkRequest, compareRequest, mapRequest, type TablesInput } from "../../server/tables-protocol.ts";

type Handler = (params: unknown, token: CancellationTokenSource["token"]) => Promise<unknown>;

/** The server's handlers, on a clock on which each step takes a second: every one is a slice. */
function served(access?: FileAccess) {
  const handlers = new Map<string, Handler>();
  const reported: string[] = [];
  let now = 0;
  let turns = 0;
  let onTurn = (_turn: number): void => undefined;
  const clock: Clock = {
    now: () => (now += 1000),
    turn: (callback) => {
      onTurn(++turns);
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
    later: () => () => undefined,
  };
  const connection = { onRequest: (name: string, handler: Handler) => void handlers.set(name, handler) };
  const failures = new Failures({ show: (message) => reported.push(message), log: () => undefined });
  serveTables(connection as unknown as Connection, clock, failures, access);
  return {
    reported,
    turns: () => turns,
    ask: (name: string, params: unknown, atTurn?: (turn: number, source: CancellationTokenSource) => void) => {
      const source = new CancellationTokenSource();
      onTurn = (turn) => atTurn?.(turn, source);
      return handlers.get(name)?.(params, source.token);
    },
  };
}

const file = path.join(import.meta.dirname, "..", "vscode", "workspace", "migration-source.gicdump");
const input: TablesInput = { name: "dump", files: [{ name: "dump.gicdump", text: readFileSync(file, "utf8") }] };

describe("a question about whole files", () => {
  it("is answered in slices, with a turn for all else between two", async () => {
    const server = served();
    const report = (await server.ask(checkRequest, { input })) as { readonly result: { readonly tone: string } };
    assert.equal(report.result.tone, "good");
    assert.ok(server.turns() > 5, `${server.turns()} turns`);
  });

  it("is given up between two slices when it is cancelled", async () => {
    const server = served();
    const asked = server.ask(checkRequest, { input }, (turn, source) => {
      if (turn === 3) source.cancel();
    });
    await assert.rejects(asked ?? Promise.resolve(), (error) => {
      assert.ok(error instanceof ResponseError);
      assert.equal(error.code, LSPErrorCodes.RequestCancelled);
      return true;
    });
    assert.equal(server.turns(), 3);
  });

  it("is refused with a sentence where its parameters are none", async () => {
    const server = served();
    const file = { name: "x" };
    for (const params of [
      null,
      5,
      {},
      { input: { name: "x" } },
      { input: { name: 1, files: [] } },
      { input: { name: "x", files: [file] } },
    ]) {
      const answer = (await server.ask(mapRequest, params)) as { readonly refusal: string };
      assert.match(answer.refusal, /^The request gic\/interruptMap has no input/);
    }
    const half = (await server.ask(compareRequest, { a: input })) as { readonly refusal: string };
    assert.match(half.refusal, /has no b with a name and files/);
    assert.deepEqual(server.reported, []);
  });

  it("that fails inside is reported, and the server goes on", async () => {
    const server = served({
      open: () => {
        throw new TypeError("a defect");
      },
    });
    const answer = await server.ask(mapRequest, { input: { name: "x", files: [{ name: "x", path: "/x" }] } });
    assert.ok(answer instanceof ResponseError);
    assert.equal(server.reported.length, 1);
    assert.ok("map" in ((await server.ask(mapRequest, { input })) as object));
  });
});
