import type { ByteStore } from "../byte-store.ts";

/** Where an ELF file's program headers are, and how its numbers are written. Source: System V gABI, chapter 4 and 5; Linux's elf.h. */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly isLittle: boolean;
  /** e_type: 4 is a core. */
  readonly type: number;
  /** e_machine: 183 is AArch64. */
  readonly machine: number;
  /** e_phoff. */
  readonly place: number;
  /** e_phentsize: bytes from one program header to the next. */
  readonly stride: number;
  /** e_phnum; of PN_XNUM headers, what sh_info of section 0 says. */
  readonly count: number;
}

/** What is wrong with a file, and where. */
export interface ElfFault {
  readonly offset: number;
  readonly message: string;
}

export const ET_CORE = 4;

/** e_phnum when there are more headers than 16 bits can count: sh_info of section header 0 counts them. */
const PN_XNUM = 0xffff;

/** Bytes of a header of the file, of a program header and of a section header. */
export const SIZES = {
  32: { file: 52, program: 32, section: 40 },
  64: { file: 64, program: 56, section: 64 },
} as const;

/** Whether the first bytes of a file are those of an ELF file. */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** Numbers of a piece of an ELF file. */
export class ElfView {
  private readonly view: DataView;
  private readonly isLittle: boolean;

  constructor(bytes: Uint8Array, isLittle: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isLittle = isLittle;
  }

  half(at: number): number {
    return this.view.getUint16(at, this.isLittle);
  }

  word(at: number): number {
    return this.view.getUint32(at, this.isLittle);
  }

  double(at: number): bigint {
    return this.view.getBigUint64(at, this.isLittle);
  }
}

/** Reads the header of an ELF file. */
export function readElfHeader(file: ByteStore): ElfHeader | ElfFault {
  const ident = file.subarray(0, 16);
  if (ident.length < 16) return { offset: 0, message: "the file ends within its ELF header" };
  const [, , , , fileClass, data] = ident;
  if (fileClass !== 1 && fileClass !== 2)
    return { offset: 4, message: `EI_CLASS is ${fileClass}, neither 1 (32 bits) nor 2 (64 bits)` };
  if (data !== 1 && data !== 2)
    return { offset: 5, message: `EI_DATA is ${data}, neither 1 (little-endian) nor 2 (big-endian)` };
  const bits = fileClass === 1 ? 32 : 64;
  const size = SIZES[bits];
  const bytes = file.subarray(0, size.file);
  if (bytes.length < size.file) return { offset: 0, message: "the file ends within its ELF header" };
  const isLittle = data === 1;
  const view = new ElfView(bytes, isLittle);
  const is64 = bits === 64;
  const place = is64 ? view.double(32) : BigInt(view.word(28));
  const sections = is64 ? view.double(40) : BigInt(view.word(32));
  const [stride, counted] = is64 ? [view.half(54), view.half(56)] : [view.half(42), view.half(44)];
  const count = counted === PN_XNUM ? extendedCount(file, sections, bits, isLittle) : counted;
  const [type, machine] = [view.half(16), view.half(18)];
  const atPlace = is64 ? 32 : 28;
  if (typeof count !== "number") return count;
  if (count === 0)
    return {
      offset: is64 ? 56 : 44,
      message: "it has no program headers, so nothing says where its bytes are in memory (an object file?)",
    };
  if (stride < size.program)
    return { offset: is64 ? 54 : 42, message: `e_phentsize is ${stride}, a program header has ${size.program} bytes` };
  if (place >= BigInt(file.length))
    return {
      offset: atPlace,
      message: `the program headers are said to be at 0x${place.toString(16)}, behind the end of the file`,
    };
  return { bits, isLittle, type, machine, place: Number(place), stride, count };
}

function extendedCount(file: ByteStore, sections: bigint, bits: 32 | 64, isLittle: boolean): number | ElfFault {
  const size = SIZES[bits].section;
  const at = Number(sections);
  const bytes = sections < BigInt(file.length) ? file.subarray(at, at + size) : new Uint8Array();
  if (bytes.length < size)
    return {
      offset: bits === 64 ? 40 : 32,
      message: "e_phnum is 0xffff, and the section header that has the number of program headers is not in the file",
    };
  return new ElfView(bytes, isLittle).word(bits === 64 ? 44 : 28);
}
