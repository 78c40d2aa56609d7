import assert from "node:assert/strict";
import { test } from "node:test";
import { naturalOrder } from "../../architecture/natural-order.ts";

test("names are in the order of the numbers in them", () => {
  const ordered = ["L-9", "L-21", "L-21b", "L-100", "kvm", "kvm-5.10", "kvm-6.1", "kvm-6.1a", "kvm-6.12", "kvm-7.2"];
  for (const [place, a] of ordered.entries())
    for (const [other, b] of ordered.entries())
      assert.equal(Math.sign(naturalOrder(a, b)), Math.sign(place - other), `${a} and ${b}`);
});
