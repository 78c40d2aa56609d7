import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { explainDumpLine } from "../../dumps/explain.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { readingSentence } from "../../dumps/reading.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import { MATRIX_BASE, matrixTables } from "./matrix/tables.ts";
import { hex } from "./sample-bytes.ts";

const upper = (bytes: readonly number[]) =>
  bytes
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
const sum = (bytes: readonly number[]) => bytes.reduce((all, byte) => all + byte, 0);

/** An Intel HEX record. */
function intel(address: number, data: readonly number[], type = 0): string {
  const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
  return `:${upper([...bytes, -sum(bytes) & 0xff])}`;
}

/** An S-record. */
function motorola(type: number, address: number, addressBytes: number, data: readonly number[]): string {
  const places = Array.from({ length: addressBytes }, (_, i) => (address / 256 ** (addressBytes - 1 - i)) & 0xff);
  const bytes = [addressBytes + data.length + 1, ...places, ...data];
  return `S${type}${upper([...bytes, ~sum(bytes) & 0xff])}`;
}

const spans = (text: string) => [...readDump(text).memory.spans()].map(({ address, length }) => [address, length]);
const said = (text: string) =>
  readDump(text).problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);

describe("Intel HEX", () => {
  it("has its bytes where segment and linear base records say, and is read with its checksums as the reason", () => {
    const text = [
      intel(0x10, [1, 2]),
      intel(0, [0x12, 0x34], 2),
      intel(0x20, [3, 4]),
      intel(0, [0x41, 0x00], 4),
      intel(0xfffe, [5, 6]),
      intel(0, [0, 0, 0x10, 0], 3),
      intel(0, [0, 0, 0x10, 0], 5),
      intel(0, [], 1),
      // Another file behind the end of one begins with base 0.
      intel(0x40, [7]).toLowerCase(),
    ].join("\n");
    assert.deepEqual(said(text), []);
    assert.deepEqual(spans(text), [
      [0x10, 2],
      [0x40, 1],
      [0x12360, 2],
      [0x4100_fffe, 2],
    ]);
    const dump = readDump(text);
    assert.equal(dump.format, "Intel HEX");
    assert.match(readingSentence(dump.text?.style ?? assert.fail()), /4 records with the right checksum/);
  });

  it("has a record with a wrong checksum reported at its place, and does not use it", () => {
    const wrong = intel(0x20, [1, 2, 3]).replace("010203", "010303");
    const text = [intel(0x10, [9]), wrong, intel(0x30, [8])].join("\n");
    assert.deepEqual(said(text), [
      "GIC-DUMP-SUM 2:15 A damaged record: its checksum is 0xd7, its bytes give 0xd6; not used.",
    ]);
    assert.deepEqual(spans(text), [
      [0x10, 1],
      [0x30, 1],
    ]);
  });

  it("places nothing behind a damaged record that may have said another base, up to the next one", () => {
    const base = intel(0, [0x41, 0x00], 4).replace("4100", "4200");
    const text = [base, intel(0x10, [1]), intel(0, [0x43, 0x00], 4), intel(0x10, [2])].join("\n");
    assert.deepEqual(spans(text), [[0x4300_0010, 1]]);
    assert.match(
      said(text)[1],
      /^GIC-DUMP-LINE 2:0 .*line 1, which is damaged, may have said the upper bits of its address/,
    );
  });

  it("says what else is wrong with a record, and its column", () => {
    for (const [record, reason] of [
      [`:02001000AB`, /1:1 .*says that it has 7 bytes in all, and has 5/],
      [intel(0, [1], 4), /1:1 .*type 4 has 2 bytes of data, it has 1/],
      [intel(0, [], 9), /1:7 .*type 9 is none of Intel HEX/],
      [intel(0xffff, [1, 2]), /1:3 .*go beyond the 64 KiB/],
      [`${intel(0, [1])}A`, /1:14 .*half a byte/],
      [`${intel(0, [1]).slice(0, -1)}g`, /1:12 .*no hexadecimal digit/],
    ] as const) {
      assert.match(said(record)[1], reason);
      assert.ok(readDump(record).memory.isEmpty);
    }
  });

  it("explains its bytes on hover, and takes `# gic:` lines", () => {
    const table = matrixTables["device-table"];
    const text = `# gic: table=device-table layout=kvm-rev0\n${intel(0, [0x41, 0], 4)}\n${intel(8, [...table.subarray(8, 16)])}\n`;
    const dump = readDump(text);
    const hover = explainDumpLine(dump, decodeSections(dump), 3, 10);
    assert.deepEqual(hover?.byte, { address: "0x41000008", value: 4 });
    assert.deepEqual([hover?.start, hover?.end], [9, 11]);
    assert.match(hover?.entries[0]?.title ?? "", /DTE of DeviceID/);
  });

  it("of which any character is another one gives the same bytes, or says that some are not used", () => {
    const table = matrixTables.itt;
    const lines = [
      intel(0, [MATRIX_BASE >>> 24, (MATRIX_BASE >> 16) & 0xff], 4),
      ...Array.from({ length: 4 }, (_, i) => intel(i * 16, [...table.subarray(i * 16, i * 16 + 16)])),
      intel(0, [], 1),
    ].join("\n");
    for (let at = 0; at < lines.length; at++) {
      // Without its colon, or with it alone, a line is no record.
      if (lines[at] === ":" || lines[at - 1] === ":") continue;
      for (const character of ["0", "f", "g", " ", "\n"]) {
        const { memory, problemCount } = readDump(`${lines.slice(0, at)}${character}${lines.slice(at + 1)}`);
        for (const { address, length } of memory.spans()) {
          const right = table.subarray(address - MATRIX_BASE, address - MATRIX_BASE + length);
          assert.equal(hex(memory.read(address, length)), hex(right), `${at}`);
        }
        assert.ok(memory.size === 64 || problemCount > 0, `${at} ${JSON.stringify(character)}`);
      }
    }
  });
});

describe("S-records", () => {
  it("have addresses of two, three and four bytes, and may be counted", () => {
    const text = [
      motorola(0, 0, 2, [0x68, 0x69]),
      motorola(1, 0x10, 2, [1]),
      motorola(2, 0x12_0000, 3, [2, 2]),
      motorola(3, 0x4100_0000, 4, [3, 3, 3]),
      motorola(5, 3, 2, []),
      motorola(7, 0x4100_0000, 4, []),
      motorola(0, 0, 2, []),
      motorola(1, 0x20, 2, [4]),
      motorola(6, 1, 3, []),
      motorola(9, 0, 2, []),
    ].join("\r\n");
    assert.deepEqual(said(text), []);
    assert.equal(readDump(text).format, "S-record");
    assert.deepEqual(spans(text), [
      [0x10, 1],
      [0x20, 1],
      [0x12_0000, 2],
      [0x4100_0000, 3],
    ]);
  });

  it("that are damaged are not used, and those that are missing are told", () => {
    const wrong = motorola(1, 0x20, 2, [1, 2]).replace("0102", "0302");
    const text = [motorola(1, 0x10, 2, [1]), wrong, motorola(5, 7, 2, [])].join("\n");
    assert.deepEqual(spans(text), [[0x10, 1]]);
    assert.match(
      said(text)[0],
      /^GIC-DUMP-SUM 2:12 A damaged record: its checksum is 0x\w\w, its bytes give 0x\w\w; not used/,
    );
    assert.match(said(text)[1], /^GIC-DUMP-SUM 3:0 The record counts 7 records with bytes, but there are 2/);
  });

  it("say what else is wrong with them", () => {
    for (const [record, reason] of [
      [motorola(4, 0, 3, [1]), /1:0 .*type 4 is reserved/],
      [motorola(3, 1, 2, []), /1:2 .*type 3 has 6 bytes at the least/],
      [motorola(1, 0, 2, [1]).slice(0, -2), /1:2 .*says that it has 5 bytes in all, and has 4/],
    ] as const) {
      assert.match(said(record)[1], reason);
    }
  });
});

describe("records among other lines", () => {
  it("are read beside a dump of another tool, and text that only looks like one is none", () => {
    const text = [
      "SCSI: a driver",
      ":-) 00",
      "Some text",
      "40100040: 8002000008080004 80b6000008090000",
      motorola(3, 0x4200_0000, 4, [1, 2]),
    ];
    assert.deepEqual(spans(text.join("\n")), [
      [0x4010_0040, 16],
      [0x4200_0000, 2],
    ]);
  });

  it("are what the real programs write", () => {
    const folder = path.join(import.meta.dirname, "matrix/fixtures");
    for (const name of ["objcopy-O-ihex", "objcopy-O-srec", "srec-cat-o-intel", "srec-cat-o-motorola"]) {
      const fixture = JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8"));
      const dump = readDump(fixture.itt.whole);
      assert.deepEqual(dump.problems, [], name);
      assert.equal(hex(dump.memory.read(MATRIX_BASE, matrixTables.itt.length)), hex(matrixTables.itt));
    }
  });
});
