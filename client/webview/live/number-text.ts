import { digitGroups } from "../../../architecture/hex.ts";

/** In which way a number is written; `plain` is hexadecimal with no groups of digits. */
export const radixes = ["hex", "plain", "dec", "bin"] as const;
export type Radix = (typeof radixes)[number];

/**
 * A value of a register in the forms that it may take, the longest first: grouped by four digits, without the groups, and without the zeros
 * before its first digit that counts, which are the first to go: `0x0000_0000_0000_00e0`, `0x00000000000000e0`, `0x…e0`.
 * @param value `0x` and all digits
 */
export function valueForms(value: string, radix: Radix = "hex"): string[] {
  if (radix === "dec") return [BigInt(value).toString()];
  const digits =
    radix === "bin"
      ? BigInt(value)
          .toString(2)
          .padStart((value.length - 2) * 4, "0")
      : value.slice(2);
  const prefix = radix === "bin" ? "0b" : "0x";
  const significant = digits.replace(/^0+(?=.)/, "");
  const short = significant === digits ? [] : [`${prefix}…${significant}`];
  const grouped = digits.length > 8 && radix !== "plain" ? [`${prefix}${digitGroups(digits)}`] : [];
  return [...grouped, `${prefix}${digits}`, ...short];
}

/**
 * The text that fits, else the last one, cut behind its first digits.
 * @param room in characters
 * @param needs room that each form asks for, where rows that belong together take the same form; otherwise its own length
 */
export function fitting(forms: readonly string[], room: number, needs: readonly number[] = []): string {
  const fits = forms.find(({ length }, at) => (needs[at] ?? length) <= room);
  if (fits !== undefined) return fits;
  const last = forms.at(-1) ?? "";
  return room < 2 ? last : `${last.slice(0, room - 1)}…`;
}
