import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { anyScript } from "../runner/random-scripts.ts";
import { DapClient } from "./dap-client.ts";

type Move = "next" | "stepBack" | "continue" | "reverseContinue";

/** Everything that is shown, and where the script stands. */
async function picture(dap: DapClient): Promise<unknown> {
  const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
  return [stackFrames[0].line, await dap.tree()];
}

it("any walk back and forth shows what a straight run to the same line shows", async () => {
  const moves = fc.array(fc.constantFrom<Move>("next", "next", "stepBack"), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(anyScript, moves, async (lines, walk) => {
      const script = lines.join("\n");
      const dap = await DapClient.stopped(script);
      await dap.request("setExceptionBreakpoints", { filters: [] });
      let done = 0;
      for (const move of walk) {
        if (move === "next" && done === lines.length) continue;
        await dap.move(move);
        done = Math.max(0, done + (move === "next" ? 1 : -1));
      }
      const straight = await DapClient.stopped(script);
      await straight.request("setExceptionBreakpoints", { filters: [] });
      for (let count = 0; count < done; count++) await straight.move("next");
      assert.deepEqual(await picture(dap), await picture(straight));
    }),
    { numRuns: 25, seed: 20_26 },
  );
});
