import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { recompressZip } from "../../scripts/recompress-zip.ts";
import { zipNames } from "../../scripts/zip-names.ts";

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly isStored?: true;
}

/** An archive as vsce writes it: sizes and checksums behind the data. */
function archive(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let place = 0;
  for (const { name, text, isStored } of entries) {
    const plain = Buffer.from(text);
    const data = isStored ? plain : deflateRawSync(plain, { level: 1 });
    const method = isStored ? 0 : 8;
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x08074b50, 0);
    const central = Buffer.alloc(46 + name.length);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc32(plain), 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(plain.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(place, 42);
    central.write(name, 46);
    locals.push(local, data, descriptor);
    centrals.push(central);
    place += local.length + data.length + descriptor.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(centrals).length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}

/** Entries by their local headers alone, as a reader that streams takes them. */
function localEntries(zip: Buffer): readonly (readonly [name: string, text: string])[] {
  const found: (readonly [string, string])[] = [];
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const bytes = zip.readUInt32LE(at + 18);
    const begin = at + 30 + zip.readUInt16LE(at + 26);
    const data = zip.subarray(begin, begin + bytes);
    const plain = zip.readUInt16LE(at + 8) === 8 ? inflateRawSync(data) : data;
    assert.equal(zip.readUInt32LE(at + 14), crc32(plain));
    assert.equal(zip.readUInt32LE(at + 22), plain.length);
    found.push([zip.toString("utf8", at + 30, begin), plain.toString()]);
    at = begin + bytes;
  }
  return found;
}

const entries: readonly Entry[] = [
  { name: "a.txt", text: "MAPTI DeviceID=8, EventID=1\n".repeat(500) },
  { name: "empty", text: "" },
  { name: "b/c.png", text: "stored as it is", isStored: true },
];

test("an archive holds the same when it is packed as small as can be, and is smaller", async () => {
  const before = archive(entries);
  const after = await recompressZip(before);
  assert.ok(after.length < before.length, `${after.length} of ${before.length} bytes`);
  assert.deepEqual(zipNames(after), zipNames(before));
  assert.deepEqual(
    localEntries(after),
    entries.map(({ name, text }) => [name, text]),
  );
  assert.deepEqual(await recompressZip(after), after);
});

test("what is no archive is refused", async () => {
  await assert.rejects(recompressZip(Buffer.from("plain text")), /not a zip archive/);
});
