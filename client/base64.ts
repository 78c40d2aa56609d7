/** Bytes that are made a string at a time: an argument each, of which a call takes so many. */
const PIECE = 0x8000 - (0x8000 % 3);

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(from, from + PIECE)));
  }
  return text;
}
