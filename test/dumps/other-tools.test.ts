import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { hex } from "./sample-bytes.ts";

/** Two DTEs of KVM at 0x40100040. Lines are made by hand; the formats say where their shapes are from. */
const BYTES = "040008080000028000000908 0000b680".replaceAll(" ", "");

const written: readonly (readonly [what: string, format: string, text: string])[] = [
  [
    "TRACE32, 32 bits",
    "TRACE32",
    "_________address|________0________4________8________C_0123456789ABCDEF\n   NSD:0000::40100040|>08080004 80020000 08090000 80B60000 ................\n",
  ],
  ["TRACE32, 64 bits", "TRACE32", " SD:40100040| 8002000008080004 80B6000008090000 ................\n"],
  ["TRACE32, bytes", "TRACE32", "D:40100040| 04 00 08 08 00 00 02 80 00 00 09 08 00 00 B6 80 ................\n"],
  ["J-Link mem32", "J-Link mem", "J-Link>mem32 0x40100040, 4\n40100040 = 08080004 80020000 08090000 80B60000 \n"],
  ["J-Link mem8", "J-Link mem", "40100040 = 04 00 08 08 00 00 02 80 00 00 09 08 00 00 B6 80  ................\n"],
  ["J-Link mem64", "J-Link mem", "40100040 = 8002000008080004 80B6000008090000\n"],
  [
    "UEFI dmem",
    "UEFI dmem",
    "Memory Address 0000000040100040 10 Bytes\n  40100040: 04 00 08 08 00 00 02 80-00 00 09 08 00 00 B6 80  *................*\n",
  ],
  [
    "LLDB",
    "xxd",
    "(lldb) memory read 0x40100040\n0x40100040: 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80  ................\n",
  ],
  ["LLDB -fx -s8", "gdb x", "0x40100040: 0x8002000008080004 0x80b6000008090000\n"],
  ["values", "address = value", "0x40100040 = 0x8002000008080004\n0x40100048 = 0x80b6000008090000\n"],
  [
    "devmem2",
    "address = value",
    "Value at address 0x40100040 (0xffff9a04): 0x8080004\nValue at address 0x40100044 (0xffff9a08): 0x80020000\nValue at address 0x40100048 (0xffff9a0c): 0x8090000\nValue at address 0x4010004C (0xffff9a10): 0x80B60000\n",
  ],
];

describe("dumps of other tools", () => {
  for (const [what, format, text] of written) {
    it(`are read: ${what}`, () => {
      const dump = readDump(text, { order: "little" });
      assert.equal(hex(dump.memory.read(0x4010_0040, 16)), BYTES);
      assert.equal(dump.memory.size, 16);
      if (format !== "xxd") assert.equal(dump.format, format);
    });
  }

  it("of TRACE32 have blank items before the first one, and a text that looks like items", () => {
    const dump = readDump(" SD:40100040|         >80020000 44414544 46454542 ....DEADBEEF\n");
    const first = readDump(" SD:40100040| 44414544 46454542 DEADBEEF\n");
    assert.deepEqual([dump.memory.start, dump.memory.size], [0x4010_0044, 12]);
    assert.equal(first.memory.size, 8);
  });

  it("of values without leading zeros are as wide as their addresses are apart", () => {
    const words = "0x8080000 = 0x1\n0x8080004 = 0x43b\n0x8080008 = 0x12345678\n";
    assert.equal(hex(readDump(words).memory.read(0x808_0000, 12)), "010000003b04000078563412");
    assert.equal(placeOfAddress(readDump(words), 0x808_0005)?.line, 2);
    const doubles = readDump("0x8080100 = 0x1\n0x8080108 = 0x107000000000000\n");
    assert.equal(hex(doubles.memory.read(0x808_0100, 16)), "01000000000000000000000000000701");
  });

  it("are none of lines that only look so", () => {
    for (const line of ["timeout = 0x20", "0x40 = 0x1", "x: 10 = 20", "D:foo| 00", "1234 == 0x1", "a = b"]) {
      assert.ok(readDump(`${line}\n`).memory.isEmpty, line);
    }
  });
});

describe("lines behind the prefixes of a log", () => {
  const lines = [
    "0000000 0004 0820 0000 8002",
    "0000008 0000 0000 0000 0000",
    "*",
    "0000018 1000 0820 0000 80b6",
    "0000020",
  ];
  const bytes = readDump(lines.join("\n")).memory.read(0, 32);

  for (const prefix of [
    "[   12.345678] its: ",
    "Nov 20 15:15:01 host kernel: ",
    "2026-11-20T15:15:01+0000 host its[12]: ",
    "15:15:01.123 ",
    "<6>[   12.3] its: ",
  ]) {
    it(`are read without a colon after their address, with their \`*\`: ${prefix.trim()}`, () => {
      const dump = readDump(lines.map((line) => prefix + line).join("\n"));
      assert.deepEqual(dump.problems, []);
      assert.equal(hex(dump.memory.read(0, 32)), hex(bytes));
      assert.equal(placeOfAddress(dump, 0)?.start, prefix.length + 10);
    });
  }

  it("are none when they do not follow each other: words of a log", () => {
    const log = "[    1.0] its: 1234567 2048 4096\n[    1.1] its: 7654321 abcd 1234\n[    1.2] pci: 0000000 ffff\n";
    assert.ok(readDump(log).memory.isEmpty);
  });
});
