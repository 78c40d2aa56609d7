/** Where the tools that know addresses have the tables in memory. */
export const MATRIX_BASE = 0x4100_0000;

/** Small tables that all formats are made of, by the name of the table. */
export const matrixTables = {
  "device-table": words(32, { 1: 0x8002000008200004n, 3: 0x80b6000008201000n, 14: 0x8000000008210007n }),
  itt: words(32, { 0: 0x0001000020000000n, 1: 0x0003000020010001n, 4: 0x0000000020050002n }),
  "collection-table": words(32, { 0: 0x8000000000000000n, 1: 0x8000000000010001n, 2: 0x8000000000030002n }),
  "command-queue": words(32, {
    0: 0x0000000800000008n,
    1: 0x4n,
    2: 0x8000000041040000n,
    4: 0x9n,
    6: 0x8000000000010001n,
  }),
  "lpi-config": configuration(200),
} as const;

export type MatrixTable = keyof typeof matrixTables;

/** Little-endian words of 8 bytes at some places, zero at all others. */
function words(count: number, values: Readonly<Record<number, bigint>>): Uint8Array {
  const bytes = new Uint8Array(count * 8);
  const view = new DataView(bytes.buffer);
  for (const [place, value] of Object.entries(values)) view.setBigUint64(Number(place) * 8, value, true);
  return bytes;
}

function configuration(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, at) => (at > 48 ? 0xa2 : at % 7 === 0 ? 0xa3 : 0xa2));
}
