/**
 * Compares two names with numbers in them, "kvm-6.1" before "kvm-6.12" before "kvm-7.2". It is for names of ours, which are ASCII: a collator
 * of the runtime knows all languages, and its first comparison takes as long as a tenth of `gicwb run`.
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (one !== other) return isNumber(index) ? Number(one) - Number(other) : one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** What is between numbers, and the numbers, in turn. */
function parts(text: string): string[] {
  return text.split(/(\d+)/);
}

function isNumber(index: number): boolean {
  return index % 2 === 1;
}
