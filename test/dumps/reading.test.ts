import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDoubtful, readDump, readingSentence } from "../../dumps/index.ts";
import { recordedTables } from "./recorded-tables.ts";

const BASE = 0x4010_0000;
/** The words of a small device table of KVM. */
const DTES = new Map([
  [BASE + 0x40, 0x8002_0000_0808_0004n],
  [BASE + 0x48, 0x80b6_0000_0809_0000n],
  [BASE + 0x320, 0x8000_0000_080a_0007n],
]);

type Words = ReadonlyMap<number, bigint>;

interface Line {
  readonly address: number;
  readonly bytes: Buffer;
}

/** The lines of 16 bytes that have any of the words; the others are left out. */
function linesOf(words: Words): Line[] {
  const lines = new Map<number, Buffer>();
  for (const [address, word] of words) {
    const start = address - (address % 16);
    const bytes = lines.get(start) ?? Buffer.alloc(16);
    bytes.writeBigUInt64LE(word, address - start);
    lines.set(start, bytes);
  }
  return [...lines].map(([address, bytes]) => ({ address, bytes })).sort((a, b) => a.address - b.address);
}

/** Groups of a line. @param order of their digits */
function groups({ bytes }: Line, size: number, order: "bytes" | "little"): string {
  const list: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const group = Buffer.from(bytes.subarray(at, at + size));
    list.push((order === "bytes" ? group : group.reverse()).toString("hex"));
  }
  return list.join(" ");
}

const hex = (address: number): string => address.toString(16).padStart(8, "0");
const text = (words: Words, line: (line: Line) => string): string => linesOf(words).map(line).join("\n");

const wordAt = (dump: ReturnType<typeof readDump>, address: number): bigint | undefined =>
  dump.memory.readNumber(address, 8);

describe("how a dump is read", () => {
  const xxd = (size: number) => text(DTES, (line) => `${hex(line.address)}: ${groups(line, size, "bytes")}`);
  const words = (size: number) => text(DTES, (line) => `${hex(line.address)}: ${groups(line, size, "little")}`);
  const od = (order: "bytes" | "little", base: number, digits: number) =>
    text(DTES, (line) => `${line.address.toString(base).padStart(digits, "0")} ${groups(line, 8, order)}`);
  const forms = [
    ["xxd -g8", xxd(8)],
    ["xxd", xxd(2)],
    ["xxd -e -g8", words(8)],
    ["U-Boot md.w", words(2)],
    ["U-Boot md.q", words(8)],
    ["od -A x -t x8", od("little", 16, 6)],
    ["od --endian=big -A x -t x8", od("bytes", 16, 6)],
  ] as const;
  for (const [what, dump] of forms) {
    it(`goes by the entries that the words are: ${what}`, () => {
      const read = readDump(dump);
      assert.deepEqual(
        [...DTES.keys()].map((address) => wordAt(read, address)),
        [...DTES.values()],
      );
      assert.deepEqual(read.text?.style.main?.doubt, undefined);
    });
  }

  it("says so when the words make sense in both orders, and takes what was asked for everywhere", () => {
    const read = readDump(xxd(4));
    assert.ok(read.text !== undefined && isDoubtful(read.text.style));
    assert.match(readingSentence(read.text.style), /about as good: --order (bytes|little) reads the other way/);
    // Also where lines have no colon, and their form is that of numbers.
    const asked = readDump(od("bytes", 16, 6), { order: "little" });
    assert.equal(wordAt(asked, BASE + 0x40), 0x0400_0808_0000_0280n);
  });

  it("takes words with 0x for numbers, also where more of them make sense the other way: QEMU's ITEs of 12 bytes", () => {
    const itt = [
      "0000000042f6dc00: 0x00008003 0x00000000 0x000003ff 0x00000000",
      "0000000042f6ca00: 0x00008007 0x00000001 0x000003ff 0x00000000",
      "0000000042f6c000: 0x0000800b 0x00000002 0x000003ff 0x00000000",
      "0000000042face00: 0x0000800f 0x00000003 0x000003ff 0x00008013",
      "0000000042face10: 0x00000000 0x000003ff 0x00008017 0x00000001",
      "0000000042face20: 0x000003ff 0x00000000 0x00000000 0x00000000",
    ].join("\n");
    for (const table of ["itt", undefined] as const) {
      const read = readDump(itt, { table });
      assert.equal(wordAt(read, 0x42fa_ce00), 0x0000_0003_0000_800fn);
      assert.equal(read.text?.style.main?.doubt, undefined);
    }
  });

  it("has octal addresses where od writes them, with repeats between the lines", () => {
    const dump = [
      "0000000 0000000000000000 0000000000000000",
      "*",
      "0000100 8002000008080004 80b6000008090000",
      "0000120 0000000000000000 0000000000000000",
      "*",
      "0001440 80000000080a0007 0000000000000000",
      "*",
      "0010000",
    ];
    const read = readDump(dump.join("\n"));
    assert.deepEqual(
      [wordAt(read, 0x40), wordAt(read, 0x320), read.memory.size],
      [0x8002_0000_0808_0004n, 0x8000_0000_080a_0007n, 0x1000],
    );
    // Nothing but the form of the addresses tells here.
    const bare = readDump("0000100 8002000008080004 80b6000008090000\n*\n0001440 80000000080a0007 0000000000000000\n");
    assert.deepEqual([wordAt(bare, 0x40), bare.text?.style.addresses.doubt], [0x8002_0000_0808_0004n, 16]);
  });

  it("takes binary digits for bits, and says what does not fit", () => {
    const bits = (from: number) =>
      Array.from({ length: 6 }, (_, at) => ((from + at) & 0xff).toString(2).padStart(8, "0")).join(" ");
    const dump = [0, 6, 12, 18].map((at) => `${hex(at)}: ${bits(at)}  ......`).join("\n");
    const read = readDump(dump);
    assert.equal(read.memory.size, 24);
    assert.match(readingSentence(read.text?.style ?? assert.fail()), /^binary groups \(3 neighbouring addresses/);
    const odd = readDump("00000000: 0011 2233\n00000008: 4455 6677\n00000010: 8899 aabb\n");
    assert.deepEqual(
      odd.problems.map(({ code, line }) => [code, line]),
      [["GIC-DUMP-STEP", 1]],
    );
  });
});

describe("the recorded tables of KVM and QEMU", () => {
  /** Lines of a table that are not zero, up to so many words. */
  function first(bytes: Uint8Array, address: number, count: number): Words {
    const found = new Map<number, bigint>();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at + 8 <= bytes.length && found.size < count; at += 8) {
      const word = view.getBigUint64(at, true);
      if (word !== 0n) found.set(address + at, word);
    }
    return found;
  }

  for (const count of [1, 2, 3, 5, 1000]) {
    it(`are never read in the wrong order without a word, however they are written: ${count} words of each`, () => {
      const wrong: string[] = [];
      let [clear, all, few] = [0, 0, 0];
      for (const { what, table, address, bytes } of recordedTables()) {
        const memory = first(bytes, address, count);
        if (memory.size < Math.min(count, 3)) continue;
        for (const size of [2, 4, 8]) {
          for (const order of ["bytes", "little"] as const) {
            const dump = text(memory, (line) => `${hex(line.address)}: ${groups(line, size, order)}`);
            const read = readDump(dump, { table });
            const right = [...memory].every(([at, word]) => wordAt(read, at) === word);
            const doubt = read.text?.style.main?.doubt;
            all++;
            if (right && doubt === undefined) clear++;
            if (doubt === "few") few++;
            if (!right && doubt === undefined) wrong.push(`${what}, groups of ${size}, ${order}`);
          }
        }
      }
      assert.deepEqual(wrong, []);
      if (count < 3) assert.ok(few > all / 4, `${few} of ${all} are of too few words`);
      else assert.ok(clear > all / 2, `${clear} of ${all} are told without a doubt`);
    });
  }
});

describe("a dump of very few words", () => {
  const lines = ["40100000: 8002000008080004 0000000000000000", "40100000: 0400080800000280 0000000000000000"];

  for (const [at, order] of (["little", "bytes"] as const).entries()) {
    it(`offers both readings: ${order}`, () => {
      const { style } = readDump(lines[at]).text ?? assert.fail();
      assert.deepEqual([style.main?.order, style.main?.doubt], [order, "few"]);
      const other = order === "little" ? "bytes" : "little";
      assert.match(
        readingSentence(style),
        new RegExp(
          `1 of 1 words are whole entries so, 0 the other way, which so few words may be by chance: --order ${other}`,
        ),
      );
    });
  }

  it("is certain where its form is that of numbers, or a text column tells it", () => {
    for (const line of [
      "0x40100000: 0x0400080800000280",
      "40100000: 8002000008080041 0000000000000000  A...............",
    ])
      assert.equal(readDump(line).text?.style.main?.doubt, undefined, line);
    // GITS_BASER0, which read the other way round is an entry of some layout.
    assert.equal(wordAt(readDump("0x08080100: 0xb107000000000200"), 0x808_0100), 0xb107_0000_0000_0200n);
  });
});
