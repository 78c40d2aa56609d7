import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import type { Call } from "../../../cli/mcp/call.ts";
import { limits } from "../../../cli/mcp/limits.ts";
import { Threads } from "../../../cli/mcp/threads.ts";

/** A thread that does what its call names. */
const module = path.join(import.meta.dirname, "wayward-thread.ts");
const call = (tool: string): Call => ({ tool, arguments: {}, folders: { paths: [], where: "" } });
const never = new AbortController().signal;

describe("threads of calls", () => {
  it("end a call that takes too long", async () => {
    const threads = new Threads(module, { ...limits, callSeconds: 0.5 });
    const result = await threads.run(call("endless"), never);
    assert.ok(result !== undefined && "failure" in result);
    assert.deepEqual(
      [result.failure.code, result.failure.message],
      ["MCP-TIME", "It took longer than 0.5 s and was given up."],
    );
  });

  it("end a call that wants too much memory, and go on", async () => {
    const threads = new Threads(module, { ...limits, heapMebibytes: 32 });
    const result = await threads.run(call("greedy"), never);
    assert.ok(result !== undefined && "failure" in result);
    assert.equal(result.failure.code, "MCP-MEMORY");
    assert.deepEqual(await threads.run(call("good"), never), { answer: { text: "good", data: {} } });
  });

  for (const tool of ["fails", "leaves"]) {
    it(`say of a call that ${tool} that something is wrong inside`, async () => {
      const result = await new Threads(module).run(call(tool), never);
      assert.ok(result !== undefined && "failure" in result);
      assert.equal(result.failure.code, "MCP-INTERNAL");
      assert.doesNotMatch(result.failure.message, /\n|at .*:\d+/, "no stack");
    });
  }

  it("end a call that is cancelled, and those that wait", async () => {
    const threads = new Threads(module);
    const controllers = Array.from({ length: limits.running + 2 }, () => new AbortController());
    const results = controllers.map(({ signal }) => threads.run(call("endless"), signal));
    for (const controller of controllers.reverse()) controller.abort();
    assert.deepEqual(
      await Promise.all(results),
      controllers.map(() => undefined),
    );
    assert.deepEqual(await threads.run(call("good"), never), { answer: { text: "good", data: {} } });
    assert.equal(await threads.run(call("good"), AbortSignal.abort()), undefined);
  });
});
