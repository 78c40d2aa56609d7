import type { ByteStore } from "../byte-store.ts";
import { MAX_STRETCHES } from "../limits.ts";
import type { ProblemList } from "../problem.ts";
import type { Work } from "../work.ts";
import { type ElfHeader, ElfView, SIZES } from "./elf-header.ts";

/** Bytes of memory that a program header of type PT_LOAD says are in the file. */
export interface LoadSegment {
  /** Place of the program header among all, from 0, and in the file. */
  readonly number: number;
  readonly headerAt: number;
  readonly offset: number;
  /** Bytes in the file. What the memory has more of is unknown: of a core it was not saved. */
  readonly length: number;
  readonly virtual: bigint;
  readonly physical: bigint;
}

const PT_LOAD = 1;

/** Program headers that are looked at, those of other types among them. */
const MAX_HEADERS = 2 * MAX_STRETCHES;
/** Bytes of headers that are read at once. */
const SLICE_BYTES = 0x10000;

/** Reads the program headers. Segments without bytes in the file are left out; of others, what is wrong with them is told. */
export function* readSegments(file: ByteStore, header: ElfHeader, problems: ProblemList): Work<LoadSegment[]> {
  const found: LoadSegment[] = [];
  const { place, stride, bits, isLittle } = header;
  const count = Math.min(header.count, MAX_HEADERS);
  const size = SIZES[bits].program;
  const slice = Math.max(1, Math.floor(SLICE_BYTES / stride));
  for (let first = 0; first < count; first += slice) {
    const many = Math.min(slice, count - first);
    const at = place + first * stride;
    const bytes = file.subarray(at, at + many * stride);
    const view = new ElfView(bytes, isLittle);
    for (let i = 0; i < many; i++) {
      const headerAt = at + i * stride;
      if (i * stride + size > bytes.length) {
        const rest = header.count - first - i;
        problems.addAt(
          "GIC-DUMP-CORE",
          headerAt,
          `The file ends within its program headers: ${rest} of ${header.count} are not there.`,
        );
        return found;
      }
      const segment = readSegment(view, i * stride, first + i, headerAt, file.length, bits, problems);
      if (segment === undefined) continue;
      if (found.length >= MAX_STRETCHES) return leaveOut(found, first + i, problems);
      found.push(segment);
    }
    yield;
  }
  return count < header.count ? leaveOut(found, count, problems) : found;
}

function leaveOut(found: LoadSegment[], from: number, problems: ProblemList): LoadSegment[] {
  const message = `The core has too many segments. From segment ${from} on they are not read.`;
  problems.addLimit("GIC-DUMP-LIMIT", 0, message);
  return found;
}

function readSegment(
  view: ElfView,
  at: number,
  number: number,
  headerAt: number,
  fileLength: number,
  bits: 32 | 64,
  problems: ProblemList,
): LoadSegment | undefined {
  if (view.word(at) !== PT_LOAD) return undefined;
  const field = (at64: number, at32: number) => (bits === 64 ? view.double(at + at64) : BigInt(view.word(at + at32)));
  const offset = field(8, 4);
  const virtual = field(16, 8);
  const physical = field(24, 12);
  const inFile = field(32, 16);
  const inMemory = field(40, 20);
  if (inFile === 0n) return undefined;
  const tell = (message: string) => problems.addAt("GIC-DUMP-CORE", headerAt, `Segment ${number}: ${message}`);
  let length = inFile;
  if (inFile > inMemory) {
    tell(
      `p_filesz is 0x${inFile.toString(16)}, more than p_memsz, 0x${inMemory.toString(16)}; so many bytes are read.`,
    );
    length = inMemory;
  }
  const end = BigInt(fileLength);
  if (offset >= end) {
    tell(`its bytes are said to be at 0x${offset.toString(16)}, behind the end of the file; it is left out.`);
    return undefined;
  }
  if (offset + length > end) {
    const there = end - offset;
    tell(`the file ends after 0x${there.toString(16)} of its 0x${length.toString(16)} bytes; the rest is unknown.`);
    length = there;
  }
  return length === 0n
    ? undefined
    : { number, headerAt, offset: Number(offset), length: Number(length), virtual, physical };
}
