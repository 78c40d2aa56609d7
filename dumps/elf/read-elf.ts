import type { ByteStore } from "../byte-store.ts";
import type { CoreFacts, DumpDocument } from "../document.ts";
import { joinRuns, type Overlap, type Runs } from "../hex-text/join-runs.ts";
import { DumpMemory } from "../memory.ts";
import { MAX_PROBLEMS, ProblemList } from "../problem.ts";
import type { Work } from "../work.ts";
import { type ElfHeader, readElfHeader } from "./elf-header.ts";
import { type LoadSegment, readSegments } from "./segments.ts";

/** Addresses are exact below this. */
const MAX_ADDRESS = 2n ** 53n;
/** Upper bits that all addresses of a kernel have; they are kept once. */
const UPPER_BITS = 48n;
/** p_paddr of memory that has no physical address: what /proc/kcore says of vmalloc's. */
const NO_ADDRESS: Readonly<Record<32 | 64, bigint>> = { 32: 0xffff_ffffn, 64: 0xffff_ffff_ffff_ffffn };

type Read = Omit<DumpDocument, "format" | "formatTitle">;

/**
 * Reads an ELF file's memory: a core of QEMU's `dump-guest-memory`, a vmcore, what gdb's `gcore` wrote. Only its headers are read; the
 * bytes of memory stay in the file until somebody asks for them. Never throws of its own: a header that cannot be believed is a problem
 * with its offset, and the others are read.
 */
export function* readElf(file: ByteStore): Work<Read> {
  const problems = new ProblemList();
  const header = readElfHeader(file);
  if ("message" in header) {
    problems.addAt("GIC-DUMP-CORE", header.offset, `No memory can be read: ${header.message}.`);
    return readOf(new DumpMemory([]), problems, []);
  }
  const loads = yield* readSegments(file, header, problems);
  // A debugger writes 0 for the physical address of all that a process has.
  const isPhysical = loads.some(({ physical }) => physical !== 0n) || loads.every(({ virtual }) => virtual === 0n);
  const placed = place(loads, header, isPhysical, problems);
  const { memory, overlaps } = yield* join(file, header, placed.segments, placed.origin, problems);
  const { bits, isLittle, type, machine } = header;
  const core: CoreFacts = {
    bits,
    byteOrder: isLittle ? "little" : "big",
    type,
    machine,
    addresses: isPhysical ? "physical" : "virtual",
    segments: placed.segments.length,
  };
  if (memory.isEmpty && problems.count === 0)
    problems.addAt("GIC-DUMP-CORE", header.place, "No program header of it has bytes of memory (PT_LOAD).");
  return { ...readOf(memory, problems, overlaps), core };
}

function readOf(memory: DumpMemory, problems: ProblemList, overlaps: readonly Overlap[]): Read {
  const { items, count, limits } = problems;
  return { memory, problems: items, problemCount: count, limits, overlaps, sections: [] };
}

interface PlacedSegment extends LoadSegment {
  readonly address: bigint;
}

/** The segments whose addresses can be: all below 2^53, or all with the upper bits that most of the bytes have. */
function place(
  loads: readonly LoadSegment[],
  { bits }: ElfHeader,
  isPhysical: boolean,
  problems: ProblemList,
): { segments: readonly PlacedSegment[]; origin: bigint } {
  const top = 2n ** BigInt(bits);
  const tell = ({ headerAt, number }: LoadSegment, message: string) =>
    problems.addAt("GIC-DUMP-CORE", headerAt, `Segment ${number}: ${message}; it is left out.`);
  const possible = loads.flatMap((load): PlacedSegment[] => {
    const address = isPhysical ? load.physical : load.virtual;
    if (isPhysical && address === NO_ADDRESS[bits]) tell(load, "it has no physical address");
    else if (address + BigInt(load.length) > top)
      tell(load, `0x${load.length.toString(16)} bytes from 0x${address.toString(16)} on go beyond 2^${bits}`);
    else return [{ ...load, address }];
    return [];
  });
  const sizes = new Map<bigint, number>();
  for (const { address, length } of possible) {
    const origin = originOf(address);
    sizes.set(origin, (sizes.get(origin) ?? 0) + length);
  }
  const [[origin] = [0n]] = [...sizes].sort((a, b) => b[1] - a[1]);
  const segments = possible.filter((load) => {
    const { address, length } = load;
    const fits = address >= origin && address + BigInt(length) - origin <= MAX_ADDRESS;
    if (!fits)
      tell(load, `its address 0x${address.toString(16)} is too far from the others (0x${origin.toString(16)})`);
    return fits;
  });
  return { segments, origin };
}

function originOf(address: bigint): bigint {
  return address < MAX_ADDRESS ? 0n : (address >> UPPER_BITS) << UPPER_BITS;
}

/** Makes memory of segments. Where they overlap, the later one counts, as the later line does of a text. */
function* join(
  file: ByteStore,
  header: ElfHeader,
  segments: readonly PlacedSegment[],
  origin: bigint,
  problems: ProblemList,
): Work<{ memory: DumpMemory; overlaps: Overlap[] }> {
  const runs = new SegmentRuns(segments, origin);
  const overlaps: Overlap[] = [];
  const stretches = yield* joinRuns(runs, file, (overlap) => {
    if (overlaps.length < MAX_PROBLEMS) overlaps.push(overlap);
    const { address, length, line, earlierLine } = overlap;
    problems.addAt("GIC-DUMP-OVERLAP", header.place + line * header.stride, () => {
      const from = `0x${(origin + BigInt(address)).toString(16)}`;
      return `0x${length.toString(16)} bytes at ${from} are in segment ${earlierLine} and in segment ${line}; the later one counts.`;
    });
  });
  return { memory: new DumpMemory(stretches, origin), overlaps };
}

/** Segments as what is joined to memory. */
class SegmentRuns implements Runs {
  readonly count: number;
  readonly addresses: Float64Array;
  readonly offsets: Float64Array;
  readonly patterns: Uint32Array;
  /** Numbers of the program headers. */
  readonly firstLines: Uint32Array;
  private readonly lengths: Float64Array;

  constructor(segments: readonly PlacedSegment[], origin: bigint) {
    this.count = segments.length;
    this.addresses = Float64Array.from(segments, ({ address }) => Number(address - origin));
    this.offsets = Float64Array.from(segments, ({ offset }) => offset);
    this.lengths = Float64Array.from(segments, ({ length }) => length);
    this.patterns = new Uint32Array(segments.length);
    this.firstLines = Uint32Array.from(segments, ({ number }) => number);
  }

  isData(): boolean {
    return true;
  }

  endOf(at: number): number {
    return this.addresses[at] + this.lengths[at];
  }
}
