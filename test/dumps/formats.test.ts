import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { dumpFormats } from "../../dumps/formats/index.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { hex, readSample, sampleBytes, spansOf } from "./sample-bytes.ts";

const stored: readonly (readonly [file: string, format: string, address: number])[] = [
  ["xxd.txt", "xxd", 0],
  ["xxd-words.txt", "xxd -e / md", 0],
  ["hexdump-c.txt", "hexdump -C", 0],
  ["hexdump.txt", "od / hexdump", 0],
  ["od-x8.txt", "od / hexdump", 0],
  ["od-x1z.txt", "od / hexdump", 0],
  ["gdb-gx.txt", "gdb x", 0x40100000],
  ["gdb-wx.txt", "gdb x", 0x40100000],
  ["gdb-bx.txt", "gdb x", 0x40100000],
];

for (const [file, format, address] of stored) {
  test(`reads ${file} as its tool wrote it`, () => {
    const document = readDump(readSample(file));
    assert.deepEqual(document.problems, []);
    assert.equal(document.format, format);
    assert.equal(spansOf(document.memory).length, 1);
    assert.equal(spansOf(document.memory)[0].address, address);
    assert.equal(hex(spansOf(document.memory)[0].bytes), hex(sampleBytes()));
  });
}

/** Lines as tools that cannot be run here write them, for two DTEs at 0x40100040. */
const written: readonly (readonly [format: string, text: string])[] = [
  ["QEMU xp", "0000000040100040: 0x8002000008080004 0x80b6000008090000 \n"],
  ["QEMU xp", "0000000040100040: 0x08080004 0x80020000 0x08090000 0x80b60000\n"],
  [
    "QEMU xp",
    "0000000040100040: 0x04 0x00 0x08 0x08 0x00 0x00 0x02 0x80\n0000000040100048: 0x00 0x00 0x09 0x08 0x00 0x00 0xb6 0x80\n",
  ],
  ["xxd -e / md", "40100040: 8002000008080004 80b6000008090000  ................\n"],
  ["xxd -e / md", "40100040: 08080004 80020000 08090000 80b60000  ................\n"],
  ["crash rd", "        40100040:  8002000008080004 80b6000008090000   ................\n"],
  ["crash rd", "        40100040:  0004 0808 0000 8002 0000 0809 0000 80b6   ................\n"],
  [
    "print_hex_dump",
    "[   12.345678] dte: 40100040: 04 00 08 08 00 00 02 80 00 00 09 08 00 00 b6 80  ................\n",
  ],
  ["print_hex_dump", "Nov 20 15:15:01 host kernel: dte40100040: 8002000008080004 80b6000008090000  ................\n"],
  ["address: words", "40100040: 8002000008080004 80b6000008090000\n"],
  ["address: words", "0x40100040: 8002000008080004 80b6000008090000\n"],
];

for (const [format, text] of written) {
  test(`reads ${JSON.stringify(text.slice(0, 50))} as ${format}`, () => {
    const document = readDump(text);
    assert.deepEqual(document.problems, []);
    assert.equal(document.format, format);
    const [span] = spansOf(document.memory);
    assert.equal(span.address, 0x40100040);
    assert.equal(hex(span.bytes), hex(sampleBytes().subarray(0x40, 0x50)));
  });
}

test("every format's own sample names it", () => {
  for (const format of dumpFormats) {
    if (format.kind === "text") assert.equal(readDump(`${format.sample}\n`).format, format.name);
  }
});

const commands: readonly (readonly [tool: string, args: readonly string[]])[] = [
  ["xxd", []],
  ["xxd", ["-a"]],
  ["xxd", ["-u", "-g", "1", "-c", "32"]],
  ["xxd", ["-g", "8"]],
  ["xxd", ["-e", "-g", "2"]],
  ["xxd", ["-e", "-g", "4"]],
  ["xxd", ["-a", "-e", "-g", "8"]],
  ["xxd", ["-d"]],
  ["hexdump", ["-C"]],
  ["hexdump", ["-v", "-C"]],
  ["hexdump", []],
  ["od", ["-A", "x", "-t", "x8"]],
  ["od", ["-A", "x", "-t", "x4"]],
  ["od", ["-A", "x", "-t", "x2"]],
  ["od", ["-A", "x", "-t", "x1"]],
  ["od", ["-A", "x", "-t", "x8z"]],
  ["od", ["-A", "d", "-t", "x8"]],
  ["od", ["-A", "o", "-v", "-t", "x1z"]],
];

/** Text that looks like hexadecimal, repeats, zeros and noise: what has fooled readers of dumps. */
function trickyBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const words = "de ad be ef  cafe 00000000: 12345678 |ab| >00< ";
  let noise = 12345;
  for (let i = 0; i < length; i++) {
    noise = (Math.imul(noise, 1103515245) + 12345) >>> 0;
    const part = (i >> 9) % 4;
    bytes[i] = part === 0 ? words.charCodeAt(i % words.length) : part === 1 ? 0 : part === 2 ? noise >>> 24 : i >> 5;
  }
  return bytes;
}

for (const [tool, args] of commands) {
  // The stored samples stand in where a tool is not installed.
  if (spawnSync(tool, [...args], { input: "x" }).error !== undefined) continue;
  test(`reads what ${tool} ${args.join(" ")} writes`, () => {
    for (const length of [16, 17, 31, 255, 1024, 4099, 70000]) {
      // Two lines do not prove that addresses are octal.
      if (args.includes("o") && length < 255) continue;
      const bytes = trickyBytes(length);
      const { stdout } = spawnSync(tool, [...args], { input: bytes, maxBuffer: 1 << 26 });
      const document = readDump(stdout);
      assert.deepEqual(document.problems, [], `length ${length}`);
      assert.equal(hex(document.memory.read(0, length)), hex(bytes), `length ${length}`);
      assert.equal(document.memory.size, length);
    }
  });
}
