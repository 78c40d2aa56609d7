const CHUNK = 8192;

/** Bytes as characters, one each: names of a stream are ASCII, and its description escapes all else. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}
