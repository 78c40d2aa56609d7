import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { guestFormatOf, HEAD_BYTES, readGuest, type SavedGuest } from "../../../dumps/guests/index.ts";
import { finish } from "../../../dumps/work.ts";

const folder = path.join(import.meta.dirname, "fixtures");

/** What make.ts made with a real QEMU: the stream, and what QEMU answered before it. */
export function fixture(name: "qemu-gicv3" | "qemu-gicv2"): {
  readonly bytes: Uint8Array;
  readonly observed: Readonly<Record<string, string>>;
} {
  const place = path.join(folder, `${name}.stream`);
  const { observed } = JSON.parse(readFileSync(`${place}.json`, "utf8")) as { observed: Record<string, string> };
  return { bytes: gunzipSync(readFileSync(`${place}.gz`)), observed };
}

/** The guest of a file. @throws Error when there is none */
export function guestOf(content: Uint8Array | string, memory?: Uint8Array, name = "state"): SavedGuest {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const format = guestFormatOf(bytes.subarray(0, HEAD_BYTES), name);
  if (format === undefined) throw new Error("no guest");
  const read = finish(readGuest(format, bytes, memory));
  if ("failure" in read) throw new Error(read.failure);
  return read.guest;
}
