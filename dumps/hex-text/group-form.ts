/** `bytes`: a group lists bytes in memory order (xxd). `little`: a group is one little-endian number (od, gdb, U-Boot). */
export type GroupOrder = "bytes" | "little";

/** What the groups of a line are written in: a base, or a character for each byte (od -c). */
export type DigitForm = 16 | 10 | 8 | 2 | "characters";

/** Names of the forms, in options, hints and sentences. */
export const DIGIT_NAMES = {
  hexadecimal: 16,
  octal: 8,
  decimal: 10,
  binary: 2,
  characters: "characters",
} as const satisfies Readonly<Record<string, DigitForm>>;

export type DigitName = keyof typeof DIGIT_NAMES;

export const digitNames = Object.keys(DIGIT_NAMES) as readonly DigitName[];

export function digitName(form: DigitForm): DigitName {
  return digitNames.find((name) => DIGIT_NAMES[name] === form) ?? "hexadecimal";
}
