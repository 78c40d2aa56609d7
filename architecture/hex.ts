/** A number as programmers write it: `0x1f`, `-0x1f`. @param digits at least so many, filled up with zeros */
export function hex(value: bigint | number, digits = 1): string {
  const magnitude = (value < 0 ? -value : value).toString(16).padStart(digits, "0");
  return value < 0 ? `-0x${magnitude}` : `0x${magnitude}`;
}
