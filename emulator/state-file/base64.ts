const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codes = Array.from(ALPHABET, (character) => character.charCodeAt(0));
/** Values of the characters by code; 0xFF = none. */
const values = new Uint8Array(128).fill(0xff);
for (const [value, code] of codes.entries()) values[code] = value;
const PAD = 61;
/** Characters that `String.fromCharCode` is given at a time. */
const CHUNK = 8192;

/** Bytes as base64 with padding (RFC 4648). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  const chunk: number[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    chunk.push(codes[group >>> 18], codes[(group >>> 12) & 63]);
    chunk.push(left > 1 ? codes[(group >>> 6) & 63] : PAD, left > 2 ? codes[group & 63] : PAD);
    if (chunk.length >= CHUNK) parts.push(String.fromCharCode(...chunk.splice(0)));
  }
  parts.push(String.fromCharCode(...chunk));
  return parts.join("");
}

/** Bytes of base64 with padding. @returns the offset of the first character that cannot stand where it does, when there is one */
export function fromBase64(text: string): Uint8Array | { readonly badAt: number } {
  if (text.length % 4 !== 0) return { badAt: text.length };
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let group = 0;
  let out = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const value = at >= digits ? 0 : code < 128 ? values[code] : 0xff;
    if (value === 0xff) return { badAt: at };
    group = (group << 6) | value;
    if (at % 4 !== 3) continue;
    for (let shift = 16; shift >= 0 && out < bytes.length; shift -= 8) bytes[out++] = (group >>> shift) & 0xff;
    group = 0;
  }
  return bytes;
}
