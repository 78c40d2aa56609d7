import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { eventText } from "../../dumps/qemu-trace/event.ts";
import { type EventField, eventSpecs } from "../../dumps/qemu-trace/event-table.ts";
import { TraceRun } from "../../runner/trace/index.ts";
import { timerInterrupt } from "./small-trace.ts";

const offsets = [0, 4, 8, 0x14, 0x40, 0x70, 0x78, 0x80, 0x88, 0x90, 0x100, 0x108, 0x10080, 0x10100, 0x20078, 0xffe8];
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(
    0n,
    1n,
    0x20n,
    0xa0n,
    0x8000_0000_4000_0000n,
    0xc107_0000_4010_0200n,
    0x4020_000fn,
    0x8000_0000_4030_00ffn,
  ),
);

/** A value that a line could have in a field, or one that none has. */
function valueFor({ name, radix, wide: isWide }: EventField): fc.Arbitrary<number | bigint> {
  if (isWide) return wide;
  if (name === "cpu") return fc.constantFrom(0, 0, 0, 1, 2, 3);
  if (name === "size") return fc.constantFrom(1, 2, 4, 8, 3, 64);
  if (name === "offset") return fc.oneof(fc.constantFrom(...offsets), fc.nat(), fc.maxSafeNat());
  if (name === "opcode")
    return fc.constantFrom(1, 3, 4, 5, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x25, 0x2a, 0x77, 0xfff);
  const small = fc.constantFrom(0, 1, 2, 16, 27, 32, 255, 8192, 8193, 65535);
  return fc.oneof(small, radix === 10 ? fc.integer() : fc.maxSafeNat());
}

const line = fc
  .constantFrom(...eventSpecs.values())
  .chain((spec) => fc.tuple(...spec.fields.map(valueFor)).map((values) => eventText({ line: 0, spec, values })));

/** A command as QEMU prints it: taken from the queue, then its arguments. */
const command = fc
  .constantFrom(...[...eventSpecs.values()].filter(({ role }) => role === "command"))
  .chain((spec) =>
    fc
      .tuple(fc.nat(0x10fff), fc.nat(0x2f), ...spec.fields.map(valueFor))
      .map(([slot, opcode, ...values]) => [
        `gicv3_its_process_command GICv3 ITS: processing command at offset 0x${slot.toString(16)}: 0x${opcode.toString(16)}`,
        eventText({ line: 0, spec, values }),
      ]),
  );

const trace = fc
  .array(
    fc.oneof(
      line.map((text) => [text]),
      command,
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((parts) => [...timerInterrupt, ...parts.flat()]);

/** Accesses and inputs without what follows from them: nothing is compared but reads, so that the machine gets far. */
const accesses = fc.array(
  line.filter(
    (text) => !["effect", "command"].includes(eventSpecs.get(text.split(" ")[0])?.role ?? "") && !text.includes("read"),
  ),
  { minLength: 1, maxLength: 200 },
);

test("random lines end in a difference, in a sentence or at their end, and never in an exception", () => {
  const differences = { found: 0 };
  fc.assert(
    fc.property(fc.oneof(trace, accesses), (lines) => {
      const run = new TraceRun();
      for (const text of lines) run.survey.line(text);
      const problem = run.begin("qemu-7.2");
      if (problem !== undefined) return assert.match(problem, /\.$/);
      for (const text of lines) if (!run.replayLine(text)) break;
      const { difference } = run.finish();
      if (difference !== undefined) differences.found++;
    }),
    { numRuns: 300 },
  );
  assert.ok(differences.found > 0);
});
