import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsOfLine, placeAt, placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { readSample, spansOf } from "./sample-bytes.ts";

test("a column of a word leads to its byte and back", () => {
  const document = readDump("# words\n40100040: 8002000008080004 80b6000008090000  ................\n");
  const place = placeAt(document, 2, 10);
  assert.equal(place?.address, 0x40100047);
  assert.deepEqual(place?.group, {
    address: 0x40100040,
    byteCount: 8,
    start: 10,
    end: 26,
    order: "little",
    isHex: true,
  });
  assert.equal(placeAt(document, 2, 25)?.address, 0x40100040);
  assert.equal(placeAt(document, 2, 26), undefined);
  assert.deepEqual(placeOfAddress(document, 0x40100047), { line: 2, start: 10, end: 12 });
});

test("bytes in memory order count from the left", () => {
  const document = readDump("40100040: 0400 0808 0000 0280 0000 0908 0000 b680  ................\n");
  assert.equal(placeAt(document, 1, 10)?.address, 0x40100040);
  assert.equal(placeAt(document, 1, 47)?.address, 0x4010004f);
});

for (const name of [
  "xxd.txt",
  "xxd-words.txt",
  "hexdump-c.txt",
  "hexdump.txt",
  "od-x8.txt",
  "gdb-gx.txt",
  "gdb-bx.txt",
]) {
  test(`every byte of ${name} has a place whose digits are its value`, () => {
    const document = readDump(readSample(name));
    const lines = readSample(name).toString().split("\n");
    const [span] = spansOf(document.memory);
    let shown = 0;
    for (const [i, value] of span.bytes.entries()) {
      const place = placeOfAddress(document, span.address + i);
      if (place === undefined) continue;
      shown++;
      assert.equal(Number.parseInt(lines[place.line - 1].slice(place.start, place.end), 16), value);
      assert.equal(placeAt(document, place.line, place.start)?.address, span.address + i);
    }
    const inRepeats = lines.filter((line) => line === "*").length > 0;
    assert.equal(shown === span.bytes.length, !inRepeats);
  });
}

test("a word that od filled up holds only the bytes of the file", () => {
  const document = readDump("000000 6562206461206564 0000000000666520\n00000b\n");
  assert.equal(document.memory.size, 11);
  assert.deepEqual(
    groupsOfLine(document, 1).map((group) => group.byteCount),
    [8, 3],
  );
});
