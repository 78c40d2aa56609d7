/** A value as JSON has it: 64 bits do not fit a JSON number. */
export function hexWord(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** For `JSON.stringify`: every bigint as {@link hexWord}. */
export function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? hexWord(value) : value;
}
