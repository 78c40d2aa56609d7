/** Small texts that stand for large or many tables; each once ended the process that decoded it. */

const hex = (value: number | bigint, digits: number) => value.toString(16).padStart(digits, "0");
const line = (address: number, words: readonly bigint[]) =>
  `${hex(address, 8)}: ${words.map((word) => hex(word, 16)).join(" ")}\n`;

/** Sections whose level-1 tables are made with `*`; all entries point to one full page. */
export function levelOneByRepeats(sections: number, bytesEach: number): string {
  const page = 0x4000_0000;
  const pointer = (1n << 63n) | BigInt(page);
  const dte = (1n << 63n) | (1n << 49n) | (0x404000n << 5n) | 1n;
  let text = `# gic: table=device-table layout=kvm-rev0 levels=1\n${line(page, [dte, dte])}*\n${hex(page + 0x10000, 8)}\n`;
  for (let i = 0; i < sections; i++) {
    const base = 0x5000_0000 + i * bytesEach;
    text += `# gic: table=device-table layout=kvm-rev0 levels=2 base=0x${hex(base, 8)}\n`;
    text += `${line(base, [pointer, pointer])}*\n${hex(base + bytesEach, 8)}\n`;
  }
  return text;
}

/** Four lines: an LPI pending table whose every second bit is set. */
export function alternatingPendingBits(bytes: number): string {
  const bits = 0x5555_5555_5555_5555n;
  return `# gic: table=lpi-pending\n${line(0x4000_0000, [bits, bits])}*\n${hex(0x4000_0000 + bytes, 8)}\n`;
}

/** The same, written out. */
export function alternatingPendingLines(bytes: number): string {
  const lines = ["# gic: table=lpi-pending\n"];
  const bits = 0x5555_5555_5555_5555n;
  for (let at = 0; at < bytes; at += 16) lines.push(line(0x4000_0000 + at, [bits, bits]));
  return lines.join("");
}

/** Many sections of one line each. */
export function manySections(sections: number): string {
  const lines: string[] = [];
  const dte = (1n << 63n) | (0x404000n << 5n) | 1n;
  for (let i = 0; i < sections; i++) {
    lines.push(`# gic: table=device-table layout=kvm-rev0 levels=1\n${line(0x4000_0000 + i * 0x100, [dte, 0n])}`);
  }
  return lines.join("");
}

/** One address, over and over. */
export function repeatedAddress(lines: number): string {
  return `# gic: table=device-table layout=kvm-rev0 levels=1\n${line(0x4000_0000, [1n << 63n, 0n]).repeat(lines)}`;
}

/** Two sections that give the same addresses. */
export function sharedAddress(): string {
  const dte = (size: bigint) => (1n << 63n) | (0x404000n << 5n) | size;
  const head = "# gic: table=device-table layout=kvm-rev0 levels=1\n";
  const twice = line(0x4000_0000, [dte(1n), dte(2n)]) + line(0x4000_0000, [dte(3n), dte(4n)]);
  return head + twice + head + line(0x4000_0008, [dte(5n), dte(6n)]) + line(0x4000_0000, [dte(7n), dte(8n)]);
}
