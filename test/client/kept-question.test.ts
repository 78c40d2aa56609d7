import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KeptQuestion } from "../../client/report-protocol.ts";
import { keptQuestion } from "../../client/reports/kept-question.ts";

const source = { name: "guest", uris: ["file:///dumps/guest.bin"], described: { table: "device-table", base: "0x0" } };

describe("what a window kept over a reload", () => {
  const questions: readonly KeptQuestion[] = [
    { kind: "check", source },
    { kind: "map", source: { name: "paused session “a”", uris: [] } },
    { kind: "trace", source, deviceId: "01:00.0", eventId: "1" },
    { kind: "compare", a: source, b: { name: "other", uris: ["file:///a", "file:///b"] } },
  ];
  for (const question of questions) {
    it(`is the question again: ${question.kind}`, () => {
      assert.deepEqual(keptQuestion(JSON.parse(JSON.stringify(question))), question);
    });
  }

  for (const state of [
    undefined,
    null,
    5,
    "check",
    {},
    { kind: "check" },
    { kind: "run", source },
    { kind: "check", source: { name: "x", uris: [5] } },
    { kind: "trace", source, deviceId: 1, eventId: "1" },
    { kind: "compare", a: source },
  ]) {
    it(`is none: ${JSON.stringify(state)}`, () => {
      assert.equal(keptQuestion(state), undefined);
    });
  }

  it("has nothing in it that no question has", () => {
    const odd = { kind: "check", source: { ...source, described: { table: 5 }, more: "content" }, report: {} };
    assert.deepEqual(keptQuestion(odd), { kind: "check", source: { name: source.name, uris: source.uris } });
  });
});
