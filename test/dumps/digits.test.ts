import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { explainDumpLine } from "../../dumps/explain.ts";
import { placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { isDoubtful, readingSentence } from "../../dumps/reading.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import { matrixTables } from "./matrix/tables.ts";
import { hex } from "./sample-bytes.ts";

const sentence = (text: string) => readingSentence(readDump(text).text?.style ?? assert.fail());
const bytesOf = (text: string, options = {}) => {
  const { memory } = readDump(text, options);
  return hex(memory.read(memory.start, memory.size));
};

/** Bytes of every value, runs of equal lines, and a last line that is short. */
const bytes = Uint8Array.from({ length: 1021 }, (_, at) => (at >= 256 && at < 512 ? 0 : (at * 7 + (at >> 8)) & 0xff));

const commands: readonly (readonly [tool: string, ...args: string[]])[] = [
  ["od"],
  ["od", "-b"],
  ["od", "-c"],
  ["od", "-d"],
  ["od", "-o"],
  ["od", "-x"],
  ["od", "-i"],
  ["od", "-l"],
  ["od", "-Ax", "-tu1"],
  ["od", "-Ad", "-td1"],
  ["od", "-Ax", "-td2"],
  ["od", "-Ax", "-tu4"],
  ["od", "-Ax", "-tu8"],
  ["od", "-Ax", "-to4"],
  ["od", "-Ax", "-to8"],
  ["hexdump", "-b"],
  ["hexdump", "-c"],
  ["hexdump", "-d"],
  ["hexdump", "-o"],
  ["hexdump", "-v", "-x"],
  ["xxd", "-b"],
  ["xxd", "-b", "-c4"],
  ["busybox", "od", "-b"],
  ["busybox", "hexdump", "-o"],
];

describe("groups that are not hexadecimal", () => {
  for (const [tool, ...args] of commands) {
    const run = (input: Uint8Array) => spawnSync(tool, args, { input, encoding: "latin1", env: { LC_ALL: "C" } });
    // The fixtures of the matrix stand in where a tool is not installed.
    if (run(Uint8Array.of(1)).error !== undefined) continue;
    it(`are read as ${[tool, ...args].join(" ")} writes them`, () => {
      // The bytes are no table, which would tell the order.
      const dump = readDump(run(bytes).stdout, { order: "little" });
      assert.deepEqual(dump.problems, []);
      assert.equal(hex(dump.memory.read(0, bytes.length)), hex(bytes));
      assert.equal(dump.memory.size, bytes.length);
      assert.ok(!isDoubtful(dump.text?.style ?? assert.fail()), readingSentence(dump.text?.style ?? assert.fail()));
    });
  }

  it("are named in the reading, with what settled it", () => {
    assert.match(
      sentence(
        "0000000 000004 004040 000000 100002\n0000010 000000 010000 004040 100266\n0000020 000001 000001 000001 000001\n",
      ),
      /^octal groups \(2 neighbouring addresses step by the bytes that the lines have so\); groups are little-endian numbers .*; octal addresses/,
    );
    assert.match(sentence("0000000 000004 004040 000000 100002\n"), /^octal groups \(by the form of the lines\)/);
  });

  it("of which two forms fit equally offer both, and either can be asked for", () => {
    // What od -b writes of 0xa2 0xa3, and od -t u1 of 0xf2 0xf3.
    const text = "0000000 242 243 242 242 242 242 242 242\n0000010 242 243 242 242 242 242 242 242\n";
    const dump = readDump(text);
    assert.ok(isDoubtful(dump.text?.style ?? assert.fail()));
    assert.match(sentence(text), /^octal groups \(.*; about as good is decimal: --digits decimal\)/);
    assert.equal(bytesOf(text, { digits: 8 }).slice(0, 4), "a2a3");
    assert.equal(bytesOf(text, { digits: 10 }).slice(0, 4), "f2f3");
    const hinted = `# gic: table=lpi-config digits=decimal\n${text}`;
    assert.equal(bytesOf(hinted).slice(0, 4), "f2f3");
    assert.ok(!isDoubtful(readDump(hinted).text?.style ?? assert.fail()));
    assert.ok(!isDoubtful(readDump(text, { digits: 8 }).text?.style ?? assert.fail()));
    // A leading zero, or a number that one of the two does not have, tells.
    assert.ok(!isDoubtful(readDump(text.replace("243", "004")).text?.style ?? assert.fail()));
    assert.match(sentence(text.replaceAll("243", "249")), /^decimal groups/);
  });

  it("are hexadecimal as soon as a digit is, and as ever where nothing speaks against it", () => {
    assert.match(sentence("0000000 0004 0820 0000 8002\n0000008 00a0 0820 0000 80b6\n"), /^groups/);
    assert.match(sentence("40100040: 00000001 00000000 00000100 00000000\n"), /^groups/);
    assert.match(sentence("00000000: 00000000 00000000 00000000 00000000  ................\n"), /^groups/);
  });

  it("that are damaged are reported, and not taken for hexadecimal ones", () => {
    const lines = [
      "0000000 000004 004040 000000 100002",
      "0000010 0000 4040 0000 0002",
      "0000020 000001 200000 000001 000001",
    ];
    const dump = readDump(
      `${lines.join("\n")}\n0000030 000001 000002 000001 000001\n0000040 000001 000001 000001 000001\n`,
    );
    assert.deepEqual(
      dump.problems.map(({ line, code }) => [line, code]),
      [
        [2, "GIC-DUMP-LINE"],
        [3, "GIC-DUMP-LINE"],
      ],
    );
    assert.match(dump.problems[0].message, /its groups are no octal ones/);
    assert.equal(dump.memory.size, 24);
  });

  it("explain themselves: the whole group is its first byte and its word", () => {
    const table = matrixTables["device-table"].subarray(8, 16);
    const words = [0, 2, 4, 6].map((at) => (table[at] | (table[at + 1] << 8)).toString(8).padStart(6, "0"));
    const text = `# gic: table=device-table layout=kvm-rev0 base=0\n0000010 ${words.join(" ")}\n0000020 000000 000000 000000 000000\n`;
    const dump = readDump(text);
    const hover = explainDumpLine(dump, decodeSections(dump), 2, 17);
    assert.deepEqual(hover?.word, { address: "0xa", value: 0x820n, byteCount: 2 });
    assert.match(hover?.entries[0]?.title ?? "", /DTE of DeviceID 0x1/);
    assert.deepEqual(placeOfAddress(dump, 0xb), { line: 2, start: 15, end: 21 });
  });

  it("of hexdump -c that end without their length have no blanks for bytes", () => {
    const whole = "0000000   a   b   c   d   e   f   g   h   i   j   k   l   m   n   o   p\n";
    const short = `0000010   q  \\0${" ".repeat(56)}\n`;
    assert.equal(readDump(whole + short).memory.size, 18);
    assert.equal(readDump(`${whole}${short}0000014\n`).memory.size, 20);
    // Blanks are bytes where the next line says so.
    const blanks = `0000010   q  \\0${" ".repeat(56)}\n0000020   a   b   c   d   e   f   g   h   i   j   k   l   m   n   o   p\n`;
    assert.equal(hex(readDump(whole + blanks).memory.read(0x10, 4)), "71002020");
  });
});
