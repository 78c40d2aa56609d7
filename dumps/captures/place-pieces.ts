import type { FloatingMemory, PlacedMemory } from "./capture.ts";
import { type DumpPiece, pieceText } from "./dump-pieces.ts";
import type { CaptureFacts } from "./facts.ts";
import { addressOfRole, type FileRole, roleOf } from "./file-roles.ts";
import type { FloatingTable } from "./section-facts.ts";

/** Bytes of a file whose place nothing in the file tells. */
export interface Unplaced {
  readonly name: string;
  readonly piece: DumpPiece;
  /** The table that a line of the file says it is. */
  readonly table: FloatingTable | undefined;
  /** They are all that the file has: what is said of the file is said of them. */
  readonly isWhole: boolean;
}

/** What is said of a file that is used otherwise than it seems, or not at all. */
interface Told {
  readonly file: string;
  readonly message: string;
}

/** Physical addresses of the architecture are below this, and what is not in memory at a place that is known stands above. */
const PHYSICAL_END = 2 ** 52;
/** Bits of a kernel's addresses that tell one from another. */
const KERNEL_ADDRESSES = 2 ** 48;

/**
 * Where bytes without a known place stand in a capture: offsets as they are, a kernel's addresses beyond all physical ones, so that no pointer of
 * a table leads to them by chance.
 */
export function ownAddress({ memory, addresses, origin }: DumpPiece): number {
  if (addresses === "physical") return Number(origin + BigInt(memory.start));
  return addresses === "virtual" ? PHYSICAL_END + (memory.start % KERNEL_ADDRESSES) : memory.start;
}

/**
 * Places what names say: a list of addresses, the name of a file, or the `base=` of a line about other addresses.
 * @param addresses of files, by their names @param facts learn where the tables of lines are @param placed takes what is placed
 * @returns the others
 */
export function placeByName(
  all: readonly Unplaced[],
  addresses: ReadonlyMap<string, number>,
  facts: CaptureFacts,
  placed: PlacedMemory[],
): Unplaced[] {
  return all.filter((one) => {
    const { name, table } = one;
    const role = roleOfPiece(one);
    const base = table?.base === undefined || table.base >= PHYSICAL_END ? undefined : Number(table.base);
    const given = one.isWhole ? addresses.get(name) : undefined;
    const at = given ?? base ?? (role?.kind === "address" ? role.address : undefined);
    if (at === undefined) return true;
    placed.push(placedAt(one, at));
    table?.tell(at, facts);
    return false;
  });
}

/**
 * Places what registers, logs and lists tell: a table where it is said to be.
 * @param isGuess the only dump says nothing, and was taken for a table
 * @returns what the tables above it may place yet, and what is to be said
 */
export function placeByFacts(
  all: readonly Unplaced[],
  isGuess: boolean,
  facts: CaptureFacts,
  placed: PlacedMemory[],
): { readonly floating: FloatingMemory[]; readonly told: Told[] } {
  const floating: FloatingMemory[] = [];
  const told: Told[] = [];
  for (const one of all) {
    const { name, piece, table } = one;
    const { memory, addresses } = piece;
    const role = roleOfPiece(one);
    const at = role && addressOfRole(role, facts);
    const isOnTheWay = role?.kind === "itt" || role?.kind === "level2";
    if (at !== undefined && !(isOnTheWay && table !== undefined)) placed.push(placedAt(one, at));
    else if (isOnTheWay || addresses === "raw") floating.push({ name, memory, role });
    else if (table !== undefined || isGuess) {
      const own = ownAddress(piece);
      table?.tell(own, facts);
      placed.push(placedAt(one, own));
      if (addresses === "virtual") told.push({ file: name, message: ownText(piece, own) });
    } else if (addresses === "offsets" && holdsTable(memory, facts)) placed.push(placedAt(one, memory.start));
    else told.push({ file: name, message: `${pieceText(piece)}: its bytes are left out. ${HELP}` });
  }
  return { floating, told };
}

const HELP =
  "The address of its first byte may be in its name (mem-0x42590000.txt), in a *.giccap.json, or in base= of a # gic: line";

function ownText(piece: DumpPiece, own: number): string {
  return `${pieceText(piece)}; nothing says where they are in memory, so what stands there is shown from 0x${own.toString(16)} on`;
}

function placedAt({ name, piece: { memory } }: Unplaced, at: number): PlacedMemory {
  return { name, memory, shift: at - memory.start };
}

function roleOfPiece({ name, table, isWhole }: Unplaced): FileRole | undefined {
  return table === undefined ? (isWhole ? roleOf(name) : undefined) : table.role;
}

/** Whether something that is known to be in memory is where the addresses of a piece have bytes: they are memory's, then. */
function holdsTable(memory: DumpPiece["memory"], facts: CaptureFacts): boolean {
  const known = [
    ...facts.tables.values(),
    ...facts.pendingTables.values(),
    ...(facts.propertyTable === undefined ? [] : [facts.propertyTable]),
    ...(facts.commandQueue === undefined ? [] : [facts.commandQueue]),
  ];
  return known.some(({ address }) => memory.holds(address));
}
