import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readDump } from "../../dumps/read-dump.ts";
import { hex, spansOf } from "./sample-bytes.ts";

const ZEROS = "0000000000000000 0000000000000000";

function messages(text: string): string[] {
  return readDump(text).problems.map((problem) => `${problem.line}:${problem.column} ${problem.code}`);
}

test("a line that is no hex line is reported with its number and the others are read", () => {
  const document = readDump(
    "40000000: 0000000000000001 0000000000000002\n(gdb) x/2gx 0x40\n40000010: 0000000000000003 0000000000000004\n",
  );
  assert.equal(document.memory.size, 32);
  assert.equal(document.problemCount, 1);
  assert.equal(document.problems[0].line, 2);
  assert.match(document.problems[0].message, /No hex line: no address/);
});

test("each kind of broken line has its own reason and column", () => {
  const reasons: readonly (readonly [string, RegExp, number])[] = [
    ["40000000: 00000000000000zz", /no hexadecimal data follows/, 10],
    ["40000000: 000 000", /3 hexadecimal digits/, 10],
    ["0x40: 0x0000 0x00", /groups of 4 and of 2 digits/, 15],
    ["40000000: 0000 zz", /unexpected text/, 15],
    ["11112222333344445: 00 00", /more than 64 bits/, 0],
    ["0x40 <f>: 0x001122", /no 1-, 2-, 4- or 8-byte word/, 12],
    [`40000000: ${"00 ".repeat(2000)}`, /longer than 4096/, 0],
  ];
  for (const [line, reason, column] of reasons) {
    const { problems } = readDump(`40000000: 0000000000000001\n${line}\n`);
    assert.match(problems[0]?.message ?? "none", reason, line);
    assert.equal(problems[0].line, 2);
    assert.equal(problems[0].column, column, line);
  }
});

test("hexadecimal-looking text beside the data is not data", () => {
  const first = "00000000: 6465 2061 6420 6265 2065 6620 6361 6665  de ad be ef cafe\n";
  const last = "00000010: 6465 2061 6420                           de ad \n";
  const document = readDump(first + last);
  assert.equal(document.memory.size, 22);
  assert.equal(Buffer.from(document.memory.read(0, 22) ?? []).toString(), "de ad be ef cafede ad ");
});

test("a repeat stands for the line before it, up to the next address or the length line", () => {
  const document = readDump(
    "000000 1111111111111111 2222222222222222\n*\n000040 0000000000000005 0000000000000006\n*\n000068\n",
  );
  assert.deepEqual(document.problems, []);
  assert.equal(document.memory.size, 0x68);
  assert.equal(document.memory.readNumber(0x30, 8), 0x1111111111111111n);
  assert.equal(document.memory.readNumber(0x60, 8), 5n);
});

test("a repeat over terabytes is reported and stays unknown", () => {
  const document = readDump(`000000 ${ZEROS}\n*\nfffffffffff0 ${ZEROS}\n`);
  assert.deepEqual(
    document.problems.map((problem) => problem.code),
    ["GIC-DUMP-REPEAT"],
  );
  assert.equal(document.memory.size, 32);
});

test("a repeat without a line before it, or without an end, is reported", () => {
  assert.deepEqual(messages(`*\n000000 ${ZEROS}\n*\n`), ["1:0 GIC-DUMP-REPEAT", "3:0 GIC-DUMP-REPEAT"]);
});

test("addresses given twice are reported; the later line counts", () => {
  const document = readDump("40000000: 0000000000000001\n40000008: 0000000000000002\n40000000: 0000000000000009\n");
  assert.equal(document.memory.readNumber(0x40000000, 8), 9n);
  assert.equal(document.problems.length, 1);
  assert.equal(document.problems[0].code, "GIC-DUMP-OVERLAP");
  assert.equal(document.problems[0].line, 3);
  assert.match(document.problems[0].message, /8 bytes at 0x40000000/);
});

test("spans: gaps stay gaps, touching lines join in any order", () => {
  const document = readDump("40000010: 0000000000000003\n40000008: 0000000000000002\n50000000: 0000000000000005\n");
  assert.deepEqual(
    spansOf(document.memory).map((span) => [span.address, span.bytes.length]),
    [
      [0x40000008, 16],
      [0x50000000, 8],
    ],
  );
});

test("kernel addresses keep all 64 bits", () => {
  const document = readDump("ffff000012340010:  8000000000000001 0000000000400000   ..........@.....\n");
  const [span] = spansOf(document.memory);
  assert.equal(document.memory.format(span.address), "0xffff000012340010");
  assert.equal(document.memory.format(span.address + 15), "0xffff00001234001f");
});

test("an address far from the first one is reported", () => {
  assert.deepEqual(messages("ffff000012340010: 8000000000000001\n40000000: 0000000000000001\n"), [
    "2:0 GIC-DUMP-ADDRESS",
  ]);
});

test("the QEMU monitor's refusal ends a line, the data before it counts", () => {
  const document = readDump("0000000040000000: 0x0000000000000001 Cannot access memory\n");
  assert.equal(document.memory.readNumber(0x40000000, 8), 1n);
  assert.match(document.problems[0].message, /Cannot access memory/);
});

test("comments, empty lines, CRLF, byte order marks and UTF-16 are no problem", () => {
  const text =
    "# a comment\r\n\r\n40000000: 0000000000000001\r\n40000008: 0000000000000002\r\n40000010: 0000000000000003\r\n";
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  const utf8 = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
  for (const input of [text, utf16, utf8]) {
    const document = readDump(input);
    assert.deepEqual(document.problems, []);
    assert.equal(document.memory.readNumber(0x40000010, 8), 3n);
  }
});

test("the order of bytes in a group: text column, width, the dump's own word, the caller's word", () => {
  const order = (text: string) => readDump(text).text?.style.groups.order;
  assert.equal(order("00000000: 41424344 45464748  DCBAHGFE\n"), "little");
  assert.equal(order("00000000: 41424344 45464748  ABCDEFGH\n"), "bytes");
  assert.equal(order("00000000: 0400 0808 0000 0280\n"), "bytes");
  assert.equal(order("00000000: 04000808 00000280\n"), "little");
  assert.equal(order("# gic: order=bytes\n00000000: 04000808 00000280\n"), "bytes");
  const asked = readDump("00000000: 0400 0808 0000 0280\n", { order: "little" });
  assert.equal(hex(spansOf(asked.memory)[0].bytes), "0004080800008002");
});

test("several formats may stand in one file", () => {
  const text =
    "0x40000000 <a>:\t0x0000000000000001\n000000 0000000000000002 0000000000000003\n0000000050000000: 0x0000000000000004\n";
  const { memory, problems } = readDump(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [memory.readNumber(0x40000000, 8), memory.readNumber(8, 8), memory.readNumber(0x50000000, 8)],
    [1n, 3n, 4n],
  );
});

test("the fast path and the scanner read the same", () => {
  // A comment after every line keeps the fast path from ever starting.
  const line = fc.record({
    bytes: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    step: fc.constantFrom(0, 0, 0, 0, 16, 65536),
  });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(0x40000000, 0x4000fff0, 0xfffffff0),
      (lines, start) => {
        let address = start;
        const texts = lines.map(({ bytes, step }) => {
          address += step;
          const digits = Buffer.from(bytes)
            .toString("hex")
            .replace(/(.{4})(?=.)/g, "$1 ");
          const text = Array.from(bytes, (byte) =>
            byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
          ).join("");
          const written = `${address.toString(16).padStart(8, "0")}: ${digits}  ${text}`;
          address += 16;
          return written;
        });
        const fast = readDump(texts.join("\n"), { order: "bytes" });
        const slow = readDump(texts.join("\n# comment\n"), { order: "bytes" });
        assert.deepEqual(fast.problems, []);
        const spans = (document: typeof fast) =>
          spansOf(document.memory).map((span) => [span.address, hex(span.bytes)]);
        assert.deepEqual(spans(fast), spans(slow));
      },
    ),
  );
});

test("no text throws, and every problem has a place in the text", () => {
  const part = fc.constantFrom(
    "40000000",
    ": ",
    "0x",
    " ",
    "  ",
    "\t",
    "*",
    "#",
    "\n",
    "\n",
    "00",
    "deadbeef",
    "|",
    ">",
    "<f>:",
    "é",
    "zz",
    "# gic: table=",
    "\r\n",
    "0000000000000000",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      const lines = text.split("\n").length;
      const document = readDump(text);
      for (const problem of document.problems) assert.ok(problem.line >= 0 && problem.line <= lines);
    }),
    { numRuns: 2000 },
  );
});

test("problems are counted, but only a thousand are kept", () => {
  const document = readDump("this is no dump\n".repeat(5000));
  assert.equal(document.problemCount, 5001);
  assert.equal(document.problems.length, 1000);
});

test("hints are read, unknown ones reported", () => {
  const { sections, problems } = readDump(`# gic: table=itt base=0x40 colour=red\n000040 ${ZEROS}\n`);
  assert.deepEqual(sections[0].hints, { table: "itt", base: "0x40" });
  assert.equal(problems[0].code, "GIC-DUMP-HINT");
  assert.equal(problems[0].line, 1);
});
