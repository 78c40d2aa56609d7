import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const block = 512;

/** Sizes in bytes of the files in a package's archive (tar, gzip), by their paths in the package. */
export async function filesInArchive(archive: string): Promise<Map<string, number>> {
  const files = new Map<string, number>();
  let data = Buffer.alloc(0);
  let skip = 0; // Bytes of a file's content that are still to come.
  let longName: string | undefined; // Of the next entry, where it does not fit into the header.
  let longEntry: { readonly type: string; readonly size: number } | undefined;
  for await (const chunk of createReadStream(archive).pipe(createGunzip())) {
    data = data.length === 0 ? chunk : Buffer.concat([data, chunk]);
    for (;;) {
      const skipped = Math.min(skip, data.length);
      data = data.subarray(skipped);
      skip -= skipped;
      if (skip > 0) break;
      if (longEntry !== undefined) {
        if (data.length < padded(longEntry.size)) break;
        const text = data.toString("utf8", 0, longEntry.size);
        longName =
          (longEntry.type === "L" ? text.replace(/\0.*$/s, "") : /^\d+ path=(.*)$/m.exec(text)?.[1]) ?? longName;
        data = data.subarray(padded(longEntry.size));
        longEntry = undefined;
      }
      if (data.length < block) break;
      const header = data.subarray(0, block);
      data = data.subarray(block);
      if (header[0] === 0) continue; // Blocks of zeros close an archive.
      const size = Number.parseInt(field(header, 124, 12), 8);
      const type = field(header, 156, 1);
      if (type === "x" || type === "L") {
        longEntry = { type, size };
        continue;
      }
      const prefix = field(header, 257, 5) === "ustar" ? field(header, 345, 155) : "";
      const name = longName ?? (prefix === "" ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`);
      longName = undefined;
      if (type === "0" || type === "") files.set(name.slice(name.indexOf("/") + 1), size); // Its first folder is no folder of the package.
      skip = padded(size);
    }
  }
  return files;
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function field(header: Buffer, offset: number, length: number): string {
  const text = header.toString("utf8", offset, offset + length);
  const end = text.indexOf("\0");
  return (end < 0 ? text : text.slice(0, end)).trimEnd();
}
