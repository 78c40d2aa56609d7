import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { CancellationTokenSource, type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { Failures } from "../../server/failures.ts";
import type { Clock } from "../../server/scripts/publisher.ts";
import { answerInThread } from "../../server/tables/answer-in-thread.ts";
import { answerInSlices } from "../../server/tables/questions.ts";
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
  serveTables(connection as unknown as Connection, failures, answerInSlices(clock, access));
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
    const answer = await asked;
    assert.ok(answer instanceof ResponseError);
    assert.equal(answer.code, LSPErrorCodes.RequestCancelled);
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

describe("a question that is answered in a thread", () => {
  const answer = answerInThread(path.join(import.meta.dirname, "..", "..", "server", "tables-main.ts"));
  const { token } = new CancellationTokenSource();

  it("is answered as elsewhere, also with a refusal", async () => {
    const report = await answer({ name: checkRequest, params: { input } }, token);
    assert.ok(report !== undefined && "result" in report);
    assert.equal(report.result.tone, "good");
    const gone = { name: "x", files: [{ name: "x", path: "/no/such/file" }] };
    assert.deepEqual(await answer({ name: checkRequest, params: { input: gone } }, token), {
      refusal: "/no/such/file cannot be read: it is not there.",
    });
  });

  it("that is cancelled is none: its thread is ended", async () => {
    const source = new CancellationTokenSource();
    const asked = answer({ name: checkRequest, params: { input } }, source.token);
    source.cancel();
    assert.equal(await asked, undefined);
    assert.equal(await answer({ name: checkRequest, params: { input } }, source.token), undefined);
  });

  it("that fails inside rejects", async () => {
    await assert.rejects(answer({ name: checkRequest, params: null }, token), TypeError);
  });
});
