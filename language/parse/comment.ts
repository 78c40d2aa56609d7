/** Where a line's comment begins, its length when it has none. `#` in a string begins none. */
export function commentStart(text: string): number {
  if (!text.includes("#")) return text.length;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "#" && !quoted) return at;
  }
  return text.length;
}
