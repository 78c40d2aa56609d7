import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subject } from "../../runner/index.ts";
import { Slots } from "../../runner/mappings/slots.ts";

test("slots of mappings are one a subject, and forget those that have not changed", () => {
  const slots = new Slots<number>();
  const kept: readonly Subject[] = [
    { kind: "device", its: 1, device: 7 },
    { kind: "event", its: 1, device: 7, event: 3 },
    { kind: "collection", its: 1, icid: 7 },
  ];
  for (const [at, subject] of kept.entries()) {
    slots.of(subject).last = at;
    assert.equal(slots.of({ ...subject }), slots.find(subject));
  }
  for (let event = 0; event < 1000; event++) slots.of({ kind: "event", its: 1, device: 8, event });
  slots.of({ kind: "device", its: 1, device: 9 });
  assert.equal(slots.size, 1004);
  slots.prune();
  assert.equal(slots.size, 3);
  assert.deepEqual(
    [...slots.changed()].map(({ subject }) => subject),
    [kept[0], kept[2], kept[1]],
  );
  assert.deepEqual(
    [...slots.changedEvents(7)].map(({ last }) => last),
    [1],
  );
  assert.equal(slots.find({ kind: "event", its: 1, device: 8, event: 1 }), undefined);
});
