import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ByteStore } from "../../dumps/byte-store.ts";
import { MAX_PROBLEMS } from "../../dumps/problem.ts";
import { binaryFormat, readBinaryWork, readDump } from "../../dumps/read-dump.ts";
import { coreSentence } from "../../dumps/reading.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import { finish } from "../../dumps/work.ts";
import { CORE_BASE, type MadeSegment, madeCore, recordedCore } from "./cores/cores.ts";
import { matrixTables } from "./matrix/tables.ts";
import { hex } from "./sample-bytes.ts";

const table = matrixTables["device-table"];
const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const said = (core: Uint8Array) => readDump(core).problems.map(({ offset, message }) => `${offset}: ${message}`);

describe("a core that a real program wrote", () => {
  for (const [name, addresses, machine] of [
    ["qemu-dump-guest-memory", "physical", "AArch64"],
    ["gdb-gcore", "virtual", "x86-64"],
  ] as const) {
    it(`is read by ${addresses} address: ${name}`, () => {
      const dump = readDump(recordedCore(name));
      assert.equal(dump.format, "ELF core");
      assert.equal(dump.core?.addresses, addresses);
      assert.match(coreSentence(dump.core), new RegExp(`^ELF64 core, ${machine}, little-endian`));
      assert.equal(hex(dump.memory.read(CORE_BASE, table.length)), hex(table));
    });
  }

  it("has the table where it is said to be, as long as it is said to be", () => {
    const dump = readDump(recordedCore("gdb-gcore"));
    const request = { table: "device-table", base: BigInt(CORE_BASE), size: table.length } as const;
    const [{ result, doubts, notes }] = decodeSections(dump, request);
    assert.deepEqual([doubts, notes], [[], []]);
    assert.ok(result.ok);
    const ids = Array.from({ length: result.table.rowCount }, (_, row) => result.table.row(row).index);
    assert.deepEqual([result.table.layout, ids], ["kvm-rev0", [1, 3, 14]]);
  });

  it("has what is behind the table doubted when nobody says how long that is", () => {
    const { core, ...dump } = readDump(recordedCore("gdb-gcore"));
    const [{ doubts, notes }] = decodeSections({ core, ...dump }, { table: "device-table", base: BigInt(CORE_BASE) });
    assert.match(notes.join(), /0x10000 bytes were read/);
    assert.match(doubts.join(), /make no sense, and nothing says how long the table is/);
  });

  it("wants the length of an ITT, which nothing else ends", () => {
    const dump = readDump(recordedCore("qemu-dump-guest-memory"));
    const decode = (more: object) => decodeSections(dump, { table: "itt", base: BigInt(CORE_BASE), ...more })[0].result;
    assert.match(JSON.stringify(decode({})), /Nothing says where the ITT ends/);
    assert.ok(decode({ eventBits: 3 }).ok);
    assert.ok(decode({ size: 64 }).ok);
    assert.ok(!decode({ size: 0 }).ok);
  });
});

describe("an ELF core", () => {
  const two: readonly MadeSegment[] = [
    { physical: 0x1000n, virtual: 0xffff_8000_0000_0000n, bytes: filled(16, 0x11) },
    { type: 4, bytes: filled(100, 0xee) },
    { physical: 0x4000n, virtual: 0xffff_8000_0000_3000n, bytes: filled(32, 0x22) },
  ];

  for (const bits of [32, 64]) {
    for (const isLittle of [true, false]) {
      it(`of ${bits} bits, ${isLittle ? "little" : "big"}-endian, has the bytes of its PT_LOAD segments at p_paddr`, () => {
        const dump = readDump(madeCore(two, { bits, isLittle }));
        assert.deepEqual(dump.problems, []);
        const spans = [...dump.memory.spans()].map(({ address, length }) => [address, length]);
        assert.deepEqual(spans, [
          [0x1000, 16],
          [0x4000, 32],
        ]);
        assert.equal(hex(dump.memory.read(0x4000, 4)), "22222222");
        assert.equal(dump.core?.segments, 2);
      });
    }
  }

  it("with p_paddr 0 everywhere is read by virtual address; kernel addresses are told whole", () => {
    const kernel = 0xffff_8000_1234_0000n;
    const dump = readDump(madeCore([{ virtual: kernel, bytes: table }]));
    assert.equal(dump.core?.addresses, "virtual");
    assert.equal(dump.memory.format(dump.memory.start), "0xffff800012340000");
    const [{ result }] = decodeSections(dump, { table: "device-table", base: kernel, size: table.length });
    assert.ok(result.ok);
    assert.equal(dump.memory.format(result.table.row(0).address), "0xffff800012340008");
  });

  it("of a machine whose RAM begins at 0 is read by physical address", () => {
    assert.equal(readDump(madeCore([{ bytes: table }])).core?.addresses, "physical");
  });

  it("has memory that is not in the file unknown, not zero", () => {
    const { memory } = readDump(madeCore([{ physical: 0x1000n, bytes: filled(16, 1), inMemory: 0x1000n }]));
    assert.equal(memory.size, 16);
  });

  it("has as many segments as its first section says when 16 bits do not count them", () => {
    const many = Array.from({ length: 70_000 }, (_, i): MadeSegment => ({ type: i < 69_999 ? 0 : 1 }));
    const segments = [...many.slice(0, -1), { physical: 0x1000n, bytes: filled(8, 7) }];
    for (const bits of [32, 64]) {
      const dump = readDump(madeCore(segments, { bits }));
      assert.deepEqual([dump.problems, dump.memory.size], [[], 8]);
    }
  });
});

describe("a core that cannot be believed", () => {
  const good: MadeSegment = { physical: 0x9000n, bytes: filled(16, 0x99) };

  for (const [what, bad, reason] of [
    ["lies behind the file", { physical: 0x1000n, offset: 0x10_0000n, inFile: 16n }, /behind the end of the file/],
    ["is longer than the file", { physical: 0x1000n, inFile: 0x10_0000n }, /the rest is unknown/],
    ["wraps 2^64", { physical: 2n ** 64n - 8n, bytes: filled(16, 1) }, /go beyond 2\^64/],
    ["is far from the others", { physical: 2n ** 60n, bytes: filled(8, 1) }, /too far from the others/],
    ["has more in the file than in memory", { physical: 0x1000n, bytes: filled(16, 1), inMemory: 8n }, /p_memsz/],
    ["has no physical address", { physical: 2n ** 64n - 1n, bytes: filled(16, 1) }, /no physical address/],
  ] as const satisfies readonly (readonly [string, MadeSegment, RegExp])[]) {
    it(`has a segment that ${what}: it is told with its offset, and the others are read`, () => {
      const core = madeCore([bad, good]);
      const [problem, ...more] = said(core);
      assert.match(problem, reason);
      assert.match(problem, /^64: Segment 0: /);
      assert.deepEqual(more, []);
      assert.equal(hex(readDump(core).memory.read(0x9000, 16)), "99".repeat(16));
    });
  }

  it("has segments that overlap: the later one counts, as the later line does", () => {
    const core = madeCore([{ physical: 0x9008n, bytes: filled(16, 1) }, good]);
    assert.match(
      said(core).join(),
      /^120: 0x8 bytes at 0x9008 are in segment 0 and in segment 1; the later one counts/,
    );
    assert.equal(hex(readDump(core).memory.read(0x9000, 24)), "99".repeat(16) + "01".repeat(8));
  });

  it("ends anywhere: it says where, and throws nothing", () => {
    const core = madeCore([good, good]);
    for (let length = 4; length < core.length; length++) {
      const dump = readDump(core.subarray(0, length));
      assert.ok(dump.problemCount > 0, `${length} bytes`);
      assert.ok(dump.problems.every(({ offset = -1 }) => offset >= 0 && offset <= core.length));
    }
  });

  it("has any header: whatever it is, reading ends", () => {
    const core = madeCore([good, { ...good, physical: 0x9008n }]);
    for (let at = 4; at < core.length; at++) {
      for (const byte of [0, 1, 2, 0x7f, 0xff]) {
        const changed = core.slice();
        changed[at] = byte;
        const { memory, problems } = readDump(changed);
        assert.ok(memory.size <= core.length && problems.length <= MAX_PROBLEMS);
        for (const { address, length } of memory.spans()) assert.equal(memory.read(address, length)?.length, length);
      }
    }
  });

  it("overlaps itself over and over: the work is bounded", () => {
    const many = Array.from(
      { length: 50_000 },
      (_, i): MadeSegment => ({ ...good, physical: 0x9000n + BigInt(i % 7) }),
    );
    const { problems, problemCount, memory } = readDump(
      madeCore(many.map((one, i) => (i === 0 ? one : { ...one, bytes: undefined, offset: 64n, inFile: 16n }))),
    );
    assert.deepEqual([problems.length, problemCount, memory.size], [MAX_PROBLEMS, 49_999, 22]);
  });

  it("is a compressed kdump: what to do instead is said", () => {
    for (const signature of ["KDUMP   ", "DISKDUMP", "makedumpfile\0\0\0\0"]) {
      const { memory, problems } = readDump(Buffer.from(`${signature}${"\0".repeat(100)}`));
      assert.ok(memory.isEmpty);
      assert.match(problems[0].message, /makedumpfile -E/);
    }
  });
});

describe("a core of any size", () => {
  /** A file of which nothing is there but what was written, and that counts what is read. */
  class SparseFile implements ByteStore {
    readonly length: number;
    readBytes = 0;
    private readonly head: Uint8Array;

    constructor(head: Uint8Array, length: number) {
      this.head = head;
      this.length = length;
    }

    subarray(from: number, to: number): Uint8Array {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, this.length) - from));
      bytes.set(this.head.subarray(from, to));
      this.readBytes += bytes.length;
      return bytes;
    }
  }

  it("is opened, and a table of it decoded, by reading what is needed alone", () => {
    const length = 3 * 2 ** 33;
    const head = madeCore([
      {
        physical: 0x4000_0000n,
        bytes: table,
        offset: 120n,
        inFile: BigInt(length - 120),
        inMemory: BigInt(length - 120),
      },
    ]);
    const file = new SparseFile(head, length);
    const format = binaryFormat(file.subarray(0, 4096));
    assert.ok(format !== undefined);
    const dump = finish(readBinaryWork(format, file));
    assert.ok(file.readBytes < 8192, `${file.readBytes} bytes to open it`);
    assert.equal(dump.memory.size, length - 120);
    const [{ result }] = decodeSections(dump, { table: "device-table", base: 0x4000_0000n });
    assert.ok(result.ok);
    assert.equal(result.table.rowCount, 3);
    assert.ok(file.readBytes < 4 << 20, `${file.readBytes} bytes`);
    // Offsets beyond 32 bits are read, too.
    assert.equal(dump.memory.read(0x4000_0000 + length - 128, 8)?.length, 8);
  });
});
