/** Text of a file for a terminal, which control characters could steer: they become dots. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not reach a terminal
  return text.trimEnd().replace(/[\u0000-\u001f\u007f-\u009f]/g, ".");
}
