/** A file by offset. A saved guest has gigabytes, so that it is never loaded whole. */
export interface ByteSource {
  /** Bytes of the file. */
  readonly size: number;
  /** The bytes from `offset` on: `length` of them, fewer at the end of the file. They stay as they are, and are not to be written to. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes that are in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
