import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { started } from "./support.ts";

/** Code and message of what the last line of a script came to, or "done". */
function last(text: string): string {
  const run = started(text);
  let found = "done";
  for (let done = run.step(); done !== undefined; done = run.step()) {
    const [problem] = done.result.problems ?? [];
    found = problem === undefined ? "done" : `${problem.code} ${problem.message}`;
  }
  return found;
}

describe("an access that no device of the kernel claims", () => {
  const cases: readonly (readonly [text: string, answer: string | RegExp])[] = [
    ["read32 0x01000000 => MMIO_EXIT", "done"],
    ["write32 0x01000000 = 1 => mmio_exit", "done"],
    ["read32 0x01000000", /^ITS0525 No device of the kernel claims 0x1000000: .*KVM_EXIT_MMIO/],
    ["read32 0x01000000 => done", "ITS0511 Expected done, found MMIO_EXIT."],
    ["read GICD_TYPER => MMIO_EXIT", /Expected MMIO_EXIT, found done/],
    ["read GICD_TYPER => done", "done"],
    ["read32 0x40000000 => done", "done"],
    ["machine { model = arch }\nread32 0x01000000", /^ITS0507 .*external abort/],
    ["machine { model = arch }\nread32 0x01000000 => MMIO_EXIT", /found an external abort/],
  ];
  for (const [text, answer] of cases) {
    it(text.replaceAll("\n", "; "), () => {
      if (typeof answer === "string") assert.equal(last(text), answer);
      else assert.match(last(text), answer);
    });
  }
});
