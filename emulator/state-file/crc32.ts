/** Remainders of the 256 bytes for the reflected polynomial 0xEDB88320 (IEEE 802.3), as zlib and gzip have it. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

/** CRC-32 of bytes, as `crc32` and zlib compute it. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) value = (value >>> 8) ^ remainders[(value ^ byte) & 0xff];
  return (value ^ 0xffff_ffff) >>> 0;
}

/** CRC-32 of the text's characters, each below U+0080. */
export function crc32OfAscii(text: string): number {
  let value = 0xffff_ffff;
  for (let at = 0; at < text.length; at++) value = (value >>> 8) ^ remainders[(value ^ text.charCodeAt(at)) & 0xff];
  return (value ^ 0xffff_ffff) >>> 0;
}
