import { inflateRawSync } from "node:zlib";
import { deflateAsync } from "@gfx/zopfli";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
/** Bit 3 of the flags: sizes and checksum stand behind the data, in a descriptor; we write them in the headers. */
const DESCRIPTOR = 0x8;
/** Rounds of looking for the shortest form. More take as much longer each, and five have found nearly all. */
const ROUNDS = 5;

/**
 * The same archive with the same entries, each deflated as small as the format allows (Zopfli), which is 3 to 4 % smaller than zlib's best.
 * Of archives below 4 GiB without encryption, as vsce writes them. Takes some ten seconds a megabyte.
 * @throws Error for what is no such archive
 */
export async function recompressZip(zip: Buffer): Promise<Buffer> {
  const end = zip.lastIndexOf(numbered(END));
  if (end < 0) throw new Error("not a zip archive: no end of central directory");
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let place = 0;
  let at = zip.readUInt32LE(end + 16);
  const count = zip.readUInt16LE(end + 10);
  for (let entry = 0; entry < count; entry++) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new Error(`no entry of a central directory at ${at}`);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const header = Buffer.from(zip.subarray(at, at + 46 + nameBytes + extraBytes + commentBytes));
    at += header.length;
    const data = await smallest(contentOf(zip, header), header.readUInt16LE(10));
    header.writeUInt16LE(header.readUInt16LE(8) & ~DESCRIPTOR, 8);
    header.writeUInt32LE(data.length, 20);
    header.writeUInt32LE(place, 42);
    directory.push(header);
    // What both headers have alike: version, flags, method, time, checksum, sizes, the length of the name.
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    header.copy(local, 4, 6, 30);
    const name = header.subarray(46, 46 + nameBytes);
    parts.push(local, name, data);
    place += local.length + name.length + data.length;
  }
  const last = Buffer.from(zip.subarray(end));
  last.writeUInt32LE(Buffer.concat(directory).length, 12);
  last.writeUInt32LE(place, 16);
  return Buffer.concat([...parts, ...directory, last]);
}

/** The data of an entry as they stand in the archive. */
function contentOf(zip: Buffer, header: Buffer): Buffer {
  const local = header.readUInt32LE(42);
  if (zip.readUInt32LE(local) !== LOCAL) throw new Error(`no entry at ${local}`);
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return zip.subarray(begin, begin + header.readUInt32LE(20));
}

async function smallest(data: Buffer, method: number): Promise<Buffer> {
  if (method !== DEFLATED) return data;
  const plain = inflateRawSync(data);
  const shorter = Buffer.from(
    await deflateAsync(plain, { numiterations: ROUNDS, blocksplitting: true, blocksplittingmax: 0 }),
  );
  // What is packed is what was there, whatever the packer thinks.
  if (!inflateRawSync(shorter).equals(plain))
    throw new Error("an entry does not come out of the archive as it went in");
  return shorter.length < data.length ? shorter : data;
}

function numbered(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
