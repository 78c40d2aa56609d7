/** Bytes by their offset: an array of them, or a file of which only what is asked for is read. */
export interface ByteStore {
  readonly length: number;
  /**
   * The bytes from one offset up to another; fewer where the store ends. They are not to be written to.
   * @throws whatever the store's owner throws when the bytes cannot be read
   */
  subarray(from: number, to: number): Uint8Array;
}
