import type { Operation, Span } from "../../language/index.ts";
import type { CommandQueue } from "../command-queue.ts";
import { runErrors } from "../errors.ts";
import { judgeWaiting } from "../judge.ts";
import type { StatementResult } from "../statement-result.ts";
import type { MaybeSteps, Stretches } from "../stretches.ts";

/** Carries out `queue SLOT`: the ITS is given as many SYNCs as lead to the slot, and the line shows how many those are. */
export function performQueue(
  queue: CommandQueue,
  { its, slot }: Extract<Operation, { kind: "queue" }>,
  whole: Span,
  stretches: Stretches,
): MaybeSteps<Partial<StatementResult>> {
  const led = queue.leadTo(slot);
  if (typeof led !== "number") {
    switch (led.kind) {
      case "no slot":
        return { problems: [runErrors.noSlot(whole, slot, led.slots, its)] };
      case "in use":
        return { problems: [runErrors.slotNotFree(whole, slot, led.reader, led.writer)] };
      case "refused":
        return { problems: [runErrors.noQueue(whole, led.reason)] };
    }
  }
  const text = `slot ${slot} is next, behind ${led} SYNC${led === 1 ? "" : "s"}`;
  const shown = { label: "queue", value: BigInt(led), width: 32, text };
  return stretches.after(() => {
    const { outcome } = queue;
    return { shown, problems: led > 0 && outcome.kind === "waiting" ? judgeWaiting(outcome.reason, {}, whole) : [] };
  });
}
