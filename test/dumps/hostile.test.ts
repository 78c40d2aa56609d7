import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { explainDumpLine } from "../../dumps/explain.ts";
import { MAX_SECTIONS, MAX_STRETCHES } from "../../dumps/limits.ts";
import { readDump, readDumpWork } from "../../dumps/read-dump.ts";
import { decodeSections, planTables } from "../../dumps/tables/section-tables.ts";
import { finish, type Work } from "../../dumps/work.ts";
import {
  alternatingPendingBits,
  levelOneByRepeats,
  manySections,
  repeatedAddress,
  sharedAddress,
} from "./hostile-dumps.ts";

/** Slices that a work is done in. */
function slicesOf(work: Work<unknown>): number {
  let slices = 1;
  while (!work.next().done) slices++;
  return slices;
}

describe("level-1 tables made with `*`", () => {
  const document = readDump(levelOneByRepeats(64, 0x20_0000));
  const plans = finish(planTables(document));

  it("are planned, each with its section, and nothing is filled in", () => {
    assert.equal(plans.length, 65);
    assert.ok(document.memory.stretches.store.length < 16_000, `${document.memory.stretches.store.length} bytes`);
  });

  it("are left out with a reason once the dump has as many entries as one may have", () => {
    const first = plans.findIndex(({ leftOut }) => leftOut !== undefined);
    assert.ok(first > 1 && plans.slice(first).every(({ leftOut }) => leftOut !== undefined), `${first}`);
    const { result } = finish(plans[first].decode());
    assert.match(result.ok ? "decoded" : result.message, /^Not decoded: .* more than 67108864 entries together/);
  });

  it("are decoded in slices", () => {
    assert.ok(slicesOf(plans[1].decode()) > 100);
  });
});

describe("LPI tables of any bits", () => {
  it("have their ranges counted, not kept", () => {
    const [{ result }] = decodeSections(readDump(alternatingPendingBits(16 << 20)));
    assert.ok(result.ok);
    // 24 bits of INTIDs, less the 8192 that are no LPIs, every second one.
    assert.equal(result.table.rowCount, (2 ** 24 - 8192) / 2);
    assert.equal(result.table.row(result.table.rowCount - 1).index, 2 ** 24 - 2);
  });

  it("end with the last INTID, and say so", () => {
    const [{ result }] = decodeSections(readDump(alternatingPendingBits(16 << 20)));
    assert.match(result.ok ? result.table.notes.join() : "", /INTIDs have 24 bits at most: .* from 0x40200000 on/);
  });
});

describe("many sections", () => {
  it("are read up to a number, and the first one beyond says so", () => {
    const document = readDump(manySections(MAX_SECTIONS + 10));
    assert.equal(finish(planTables(document)).length, MAX_SECTIONS);
    assert.deepEqual(
      document.limits.map(({ line, code }) => [line, code]),
      [[2 * MAX_SECTIONS + 1, "GIC-DUMP-LIMIT"]],
    );
  });
});

describe("an address that is given over and over", () => {
  it("is read up to a number of stretches, and the first line beyond says so", () => {
    const document = readDump(repeatedAddress(MAX_STRETCHES + 5));
    assert.equal(document.memory.size, 16);
    assert.deepEqual(
      document.limits.map(({ line, code }) => [line, code]),
      [[MAX_STRETCHES + 2, "GIC-DUMP-LIMIT"]],
    );
  });

  it("has its table say what was not read", () => {
    const document = readDump(repeatedAddress(MAX_STRETCHES + 5));
    const [{ notes }] = decodeSections(document);
    assert.match(notes.join(), /^line 1048578: The dump has more than 1048576 stretches of lines/);
  });
});

describe("sections that give the same addresses", () => {
  const document = readDump(sharedAddress());
  const tables = decodeSections(document);
  const sizes = (at: number) => {
    const { result } = tables[at];
    if (!result.ok) assert.fail(result.message);
    return Array.from({ length: result.table.rowCount }, (_, i) => result.table.row(i).words[0] & 31n);
  };

  it("are decoded, and the latest line of the dump counts", () => {
    assert.deepEqual(
      [sizes(0), sizes(1)],
      [
        [7n, 8n],
        [7n, 8n, 6n],
      ],
    );
  });

  it("are reported at the later lines", () => {
    assert.deepEqual(
      document.problems.map(({ line, code }) => `${line} ${code}`),
      ["3 GIC-DUMP-OVERLAP", "5 GIC-DUMP-OVERLAP", "6 GIC-DUMP-OVERLAP"],
    );
  });

  it("have the earlier one's table say that its bytes are a later section's", () => {
    assert.match(tables[0].notes.join(), /bytes from 0x4000000[08] on stand again in line [56], outside this section/);
  });

  it("say under the pointer which line counts", () => {
    assert.match(explainDumpLine(document, tables, 2, 12)?.note ?? "", /^Line 6 gives 0x40000006 again/);
  });
});

describe("any lines", () => {
  const line = fc.record({
    // No digits that could be decimal or octal.
    address: fc.integer({ min: 0xa000_0000, max: 0xa000_0028 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
    star: fc.boolean(),
    section: fc.boolean(),
  });

  it("make the memory that writing them one after another makes", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const expected = new Map<number, number>();
        const texts: string[] = [];
        let before: { readonly end: number; readonly bytes: Uint8Array } | undefined;
        let star = false;
        for (const { address, bytes, star: next, section } of lines) {
          if (star && before !== undefined) {
            for (let at = before.end; at < address; at++) {
              expected.set(at, before.bytes[(at - before.end) % before.bytes.length]);
            }
          }
          if (section) texts.push("# gic: table=lpi-config");
          texts.push(
            `${address.toString(16)}: ${Buffer.from(bytes)
              .toString("hex")
              .replace(/..(?=.)/g, "$& ")}`,
          );
          for (const [i, byte] of bytes.entries()) expected.set(address + i, byte);
          before = { end: address + bytes.length, bytes };
          star = next;
          if (star) texts.push("*");
        }
        const { memory, text } = readDump(texts.join("\n"));
        for (let at = 0xa000_0000; at < 0xa000_003c; at++) {
          assert.equal(memory.read(at, 1)?.[0], expected.get(at), `0x${at.toString(16)}`);
          const held = text?.lines.bytesOf(text.lines.lineOf(at) ?? -1);
          if (expected.has(at))
            assert.ok(held && at >= held.address && at < held.address + held.byteCount, `line of ${at}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are read in slices that are bounded, whatever they are", () => {
    const text = "00000010: 00 01 02 03\n".repeat(200_000);
    assert.ok(slicesOf(readDumpWork(text)) > 40);
    // Lines that the fast path does not take cost the most: no more than 1,024 of them are one slice.
    const log = "[    0.000000] a line of some log that no tool dumped memory with\n".repeat(20_480);
    assert.ok(slicesOf(readDumpWork(log)) >= 20);
    const scattered = Array.from({ length: 20_480 }, (_, at) => hexLine(((at * 7919) % 20_480) * 16)).join("");
    assert.ok(slicesOf(readDumpWork(scattered)) >= 40);
  });

  it("are read by their columns also where each line has another offset from a symbol", () => {
    const lines = Array.from(
      { length: 20_480 },
      (_, at) => `0x${(0x4000_0000 + at * 8).toString(16)} <device_table+${100_000 + at * 8}>:\t0x8002000008080004\n`,
    );
    assert.ok(slicesOf(readDumpWork(lines.join(""))) < 10);
    const odd = lines.with(100, lines[100].replace("+100800", "+10x800")).with(200, lines[200].replace("+", "-"));
    const [read, other] = [lines, odd].map((text) => readDump(text.join("")));
    assert.equal(read.problemCount, 0);
    assert.equal(read.memory.size, 20_480 * 8);
    // What the symbol is called is of no account.
    assert.deepEqual([other.problemCount, other.memory.size], [0, read.memory.size]);
  });
});

/** A line of `xxd -e -g8` with a DTE. */
function hexLine(address: number): string {
  return `${address.toString(16).padStart(8, "0")}: 8002000008080004 0000000000000000  ................\n`;
}
