import { checkStream, modelsOf } from "../vmm/check.ts";
import { stream } from "../vmm/generate.ts";
import { stepsOf } from "../vmm/steps.ts";
import type { Kind } from "./kind.ts";

/** Streams of what VMMs, guests and devices do, on every kernel and a draft. */
export const vmm: Kind = {
  name: "vmm",
  ending: ".jsonl",
  generate: (random) => stream(random).map((step) => JSON.stringify(step)),
  check(lines) {
    const steps = stepsOf(lines);
    for (const model of modelsOf(steps)) {
      const difference = checkStream(model, steps);
      if (difference !== undefined) return Promise.resolve(difference);
    }
    return Promise.resolve(undefined);
  },
};
