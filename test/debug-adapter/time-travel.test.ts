import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { anyScript } from "../runner/random-scripts.ts";
import { DapClient, SCRIPT } from "./dap-client.ts";

type Move = "next" | "stepBack" | "continue" | "reverseContinue";

const anyWalk = fc.array(fc.constantFrom<Move>("next", "next", "next", "stepBack", "continue", "reverseContinue"), {
  minLength: 1,
  maxLength: 20,
});
const anyBreakpoints = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 });

async function stopped(lines: readonly string[]): Promise<DapClient> {
  const dap = await DapClient.stopped(lines.join("\n"));
  await dap.request("setExceptionBreakpoints", { filters: [] });
  return dap;
}

/** Everything that is shown, and where the script stands. */
async function picture(dap: DapClient): Promise<unknown> {
  const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
  return [stackFrames[0].line, await dap.tree()];
}

/** Walks as long as the script has not ended; gives the number of lines that have run. */
async function walk(dap: DapClient, moves: readonly Move[]): Promise<number> {
  let executed = 0;
  for (const move of moves) {
    await dap.request(move, { threadId: 1 });
    executed = (await dap.event("gic/stateChanged")).body.executed;
    if ((await dap.event("stopped", "terminated")).event === "terminated") break;
  }
  return executed;
}

it("any walk back and forth shows what a straight run to the same line shows", async () => {
  await fc.assert(
    fc.asyncProperty(anyScript, anyBreakpoints, anyWalk, async (lines, breakpoints, moves) => {
      const dap = await stopped(lines);
      await dap.request("setBreakpoints", {
        source: { path: SCRIPT },
        breakpoints: breakpoints.map((line) => ({ line })),
      });
      const executed = await walk(dap, moves);
      const straight = await stopped(lines);
      await walk(
        straight,
        Array.from({ length: executed }, () => "next" as const),
      );
      assert.deepEqual(await picture(dap), await picture(straight));
    }),
    { numRuns: 30 },
  );
});

it("reverse continue is the mirror of continue: it stops at the same breakpoints", async () => {
  await fc.assert(
    fc.asyncProperty(anyScript, anyBreakpoints, async (lines, breakpoints) => {
      const dap = await stopped([...lines, "read GITS_CREADR", "read GITS_CWRITER"]);
      const last = lines.length + 2;
      const placed = [...new Set([...breakpoints.filter((line) => line > 1 && line < last), last])];
      await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: placed.map((line) => ({ line })) });
      const forth: string[] = [];
      while (forth.at(-1) !== `breakpoint ${last}`) forth.push(await dap.move("continue"));
      const back: string[] = [];
      while (back.at(-1) !== "entry 1") back.push(await dap.move("reverseContinue"));
      assert.deepEqual(back.slice(0, -1), forth.slice(0, -1).reverse());
    }),
    { numRuns: 15 },
  );
});
