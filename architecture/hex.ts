/** A number as programmers write it: `0x1f`, `-0x1f`. @param digits at least so many, filled up with zeros */
export function hex(value: bigint | number, digits = 1): string {
  if (value < 0) return `-${hex(-value, digits)}`;
  const text = typeof value === "number" ? digitsOf(value) : value.toString(16);
  return `0x${text.length < digits ? text.padStart(digits, "0") : text}`;
}

/**
 * Digits in groups of four, the lowest first to fill: `b907000040100607` as `b907_0000_4010_0607`. Words of 64 bits show so; the script
 * language reads numbers with and without `_`.
 */
export function digitGroups(digits: string): string {
  let groups = digits.slice(-4);
  for (let end = digits.length - 4; end > 0; end -= 4) groups = `${digits.slice(Math.max(end - 4, 0), end)}_${groups}`;
  return groups;
}

/** A number for people: one of more than 32 bits in groups of digits, `0xb907_0000_4010_0607`. @param digits at least so many */
export function hexGrouped(value: bigint | number, digits = 1): string {
  const text = hex(value, digits);
  const start = text.indexOf("x") + 1;
  return text.length - start > 8 ? text.slice(0, start) + digitGroups(text.slice(start)) : text;
}

/** The last three digits of a number, by their value. */
const LAST_DIGITS: readonly string[] = Array.from({ length: 0x1000 }, (_, low) => low.toString(16).padStart(3, "0"));
let lastHigh = 0;
let lastHighDigits = "0";

/** `toString` of base 16 is slow beyond 31 bits. Numbers often ascend: their upper digits are those of the last one. */
function digitsOf(value: number): string {
  if (value < 0x1000 || !Number.isSafeInteger(value)) return value.toString(16);
  const high = Math.floor(value / 0x1000);
  if (high !== lastHigh) {
    lastHigh = high;
    lastHighDigits = high.toString(16);
  }
  return lastHighDigits + LAST_DIGITS[value % 0x1000];
}
