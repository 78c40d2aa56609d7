import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { layouts } from "../../architecture/layouts/index.ts";
import { explainDumpLine } from "../../dumps/explain.ts";
import { MAX_WINDOWS } from "../../dumps/limits.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { readingSentence } from "../../dumps/reading.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import { hex } from "./sample-bytes.ts";

/** Two DTEs of KVM. */
const BYTES = "040008080000028000000908000 0b680".replaceAll(" ", "");
const WORDS = ["8002000008080004", "80b6000008090000"] as const;

/** Dumps of the two words without an address. */
const written: readonly (readonly [what: string, text: string])[] = [
  ["od -An -tx8", ` ${WORDS.join(" ")}\n`],
  ["od -An -tx4", " 08080004 80020000 08090000 80b60000\n"],
  ["od -An -tx2", " 0004 0808 0000 8002 0000 0809 0000 80b6\n"],
  ["od -An -tx1", " 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80\n"],
  ["od -An -tx1z", " 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80  >................<\n"],
  ["hexdump -C without its addresses", "04 00 08 08 00 00 02 80  00 00 09 08 00 00 b6 80  |................|\n"],
  ["xxd -p", `${BYTES}\n`],
  ["xxd -p -c 8", `${BYTES.slice(0, 16)}\n${BYTES.slice(16)}\n`],
  ["hexdump -e '1/8 \"%016x\\n\"'", `${WORDS.join("\n")}\n`],
  [
    "xxd -i",
    "unsigned char dte[] = {\n  0x04, 0x00, 0x08, 0x08, 0x00, 0x00, 0x02, 0x80, 0x00, 0x00, 0x09, 0x08,\n  0x00, 0x00, 0xb6, 0x80\n};\nunsigned int dte_len = 16;\n",
  ],
  ["an array of u64", `static const u64 dte[] = {\n\t0x${WORDS[0]}ULL, 0x${WORDS[1]}ULL,\n};\n`],
  [
    "print_hex_dump, DUMP_PREFIX_NONE",
    "[   12.345678] its: 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80  ................\n",
  ],
  ["print_hex_dump of words", `[   12.345678] dte ${WORDS.join(" ")}\n`.replace("dte ", "dte: ")],
];

describe("lines without addresses", () => {
  for (const [what, text] of written) {
    it(`go on one after another: ${what}`, () => {
      const dump = readDump(text, { table: "device-table" });
      assert.equal(hex(dump.memory.read(0, 16)), BYTES);
      assert.equal(dump.memory.size, 16);
      assert.match(readingSentence(dump.text?.style ?? assert.fail()), /no addresses/);
      const placed = readDump(text, { table: "device-table", base: 0x4010_0000n });
      assert.equal(placed.memory.format(0), "0x40100000");
    });
  }

  it("are places in the text, too", () => {
    const dump = readDump(`# gic: table=device-table layout=kvm-rev0 base=0x40100000\n ${WORDS.join(" ")}\n`);
    const hover = explainDumpLine(dump, decodeSections(dump), 2, 19);
    assert.equal(hover?.byte?.address, "0x4010000f");
    assert.match(hover?.entries[0]?.title ?? "", /DTE of DeviceID 0x1/);
  });

  it("end where a `*` stands, as nothing says how many lines it is", () => {
    const dump = readDump(" 0000000000000000 0000000000000000\n*\n 8002000008080004 80b6000008090000\n");
    assert.equal(dump.memory.size, 16);
    assert.match(dump.limits.map(({ message }) => message).join(), /Write it with od -v/);
  });

  it("end where words of another type are", () => {
    const dump = readDump(
      " 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80\n         8002000008080004         80b6000008090000\n",
    );
    assert.equal(dump.memory.size, 16);
    assert.equal(dump.limits.length, 1);
  });

  it("are none where addresses follow each other, or words of a text look like them", () => {
    const addressed = readDump("40100040 08080004 80020000\n40100048 08090000 80b60000\n");
    assert.equal(addressed.memory.start, 0x4010_0040);
    const far = readDump("40100040 08080004 80020000\n40100100 08090000 80b60000\n");
    assert.equal(far.memory.start, 0x4010_0040);
    const prose = readDump("Bytes in memory may be\nadded\nor\nface\nto face, and\nmore is said\n");
    assert.ok(prose.memory.isEmpty);
    const base64 = readDump(`${`${"A".repeat(76)}\n`.repeat(70)}AAQACAgAAAKAAAAJCAAAtoAA\n`);
    assert.ok(base64.memory.isEmpty);
  });
});

describe("words of a second type", () => {
  it("are not read as lines of their own", () => {
    const dump = readDump(
      "000000 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n         0000000000000000 0000000000000000\n000010 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80\n         8002000008080004 80b6000008090000\n000020\n",
    );
    assert.deepEqual([dump.memory.start, dump.memory.size], [0, 32]);
    assert.equal(hex(dump.memory.read(16, 16)), BYTES);
    assert.equal(dump.problemCount, 2);
  });

  it("have bytes in memory order where no word is as wide", () => {
    const dump = readDump("00000000: 040008 080000 028000 000908 0000b6 80  ................\n");
    assert.equal(hex(dump.memory.read(0, 16)), BYTES);
  });
});

describe("tables that begin at the same offset", () => {
  const line = (offset: number, words: readonly bigint[], prefix = "") =>
    `${prefix}${offset.toString(16).padStart(8, "0")}: ${words.map((word) => word.toString(16).padStart(16, "0")).join(" ")}`;
  const dte = (itt: bigint, next: bigint) => (1n << 63n) | (next << 49n) | (itt << 5n) | 1n;
  const log = [
    line(0, [dte(0x404000n, 1n), dte(0x404100n, 0n)], "[    1.0] its: "),
    line(16, [0n, 0n], "[    1.0] its: "),
    "[    1.1] something else",
    line(0, [0n, dte(0x405000n, 0n)], "[    1.2] its: "),
    line(16, [0n, 0n], "[    1.2] its: "),
  ].join("\n");

  it("are tables of their own: none overwrites another", () => {
    const dump = readDump(log);
    assert.equal(dump.overlaps.length, 0);
    const tables = decodeSections(dump, { table: "device-table", layout: layouts["kvm-rev0"], levels: 1 });
    const found = tables.map(({ result, part, notes }) => {
      if (!result.ok) assert.fail(result.message);
      const ids = Array.from({ length: result.table.rowCount }, (_, i) => result.table.row(i).index);
      return [part?.line, part?.lastLine, ids, notes.join()];
    });
    assert.deepEqual(found, [
      [1, 2, [0, 1], "lines 1 to 2, table 1 of 2 whose addresses begin anew"],
      [4, 5, [1], "lines 4 to 5, table 2 of 2 whose addresses begin anew"],
    ]);
  });

  it("can be had one alone, and where it is said to be", () => {
    const dump = readDump(log, { base: 0x4010_0000n });
    const request = {
      table: "device-table",
      layout: layouts["kvm-rev0"],
      levels: 1,
      base: 0x4010_0000n,
      part: 2,
    } as const;
    const [only, ...others] = decodeSections(dump, request);
    assert.equal(others.length, 0);
    assert.ok(only.result.ok);
    assert.equal(dump.memory.format(only.result.table.row(0).address), "0x40100008");
    assert.equal(dump.memory.format(only.result.table.base), "0x40100000");
  });

  it("explain themselves by their own bytes", () => {
    const dump = readDump(log);
    const tables = decodeSections(dump, { table: "device-table", layout: layouts["kvm-rev0"], levels: 1 });
    const title = (at: number) => explainDumpLine(dump, tables, at, 56)?.entries.map((entry) => entry.summary);
    assert.match(title(1)?.join() ?? "", /0x40410000/);
    assert.match(title(4)?.join() ?? "", /0x40500000/);
    assert.equal(explainDumpLine(dump, tables, 4, 56)?.byte?.address, "0x8");
  });

  it("are bounded, and the rest is said to be left out", () => {
    const dump = readDump(`${line(0, [1n, 2n])}\n`.repeat(MAX_WINDOWS + 2));
    assert.equal(dump.memory.windows.length, MAX_WINDOWS);
    assert.equal(dump.limits.length, 1);
  });
});
