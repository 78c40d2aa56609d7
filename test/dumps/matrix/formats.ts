/** How a tool is made to write a format. */
export interface MatrixFormat {
  /** The command, as docs and messages name it. */
  readonly name: string;
  /** `input`: reads the bytes from standard input; `elf`: a file with the bytes at their address; the others are asked over a prompt. */
  readonly by: "input" | "elf" | "srec" | "qemu" | "u-boot";
  readonly command: readonly string[];
}

const input = (...command: string[]): MatrixFormat => ({ name: command.join(" "), by: "input", command });
const elf = (name: string, ...command: string[]): MatrixFormat => ({ name, by: "elf", command });

/** Every way of writing bytes that is compared; ELF stands for the file, OUT for one that the tool writes, COUNT for what it counts. */
export const matrixFormats: readonly MatrixFormat[] = [
  input("xxd"),
  input("xxd", "-a"),
  input("xxd", "-g1"),
  input("xxd", "-g4"),
  input("xxd", "-g8"),
  input("xxd", "-e"),
  input("xxd", "-e", "-g8"),
  input("xxd", "-d"),
  input("xxd", "-b"),
  input("xxd", "-p"),
  input("xxd", "-i"),
  input("hexdump"),
  input("hexdump", "-C"),
  input("hexdump", "-x"),
  input("hexdump", "-b"),
  input("hexdump", "-d"),
  input("hexdump", "-o"),
  input("hexdump", "-c"),
  input("od"),
  input("od", "-b"),
  input("od", "-c"),
  input("od", "-d"),
  input("od", "-o"),
  input("od", "-x"),
  input("od", "-tu4"),
  input("od", "-Ax", "-td8"),
  input("od", "-Ax", "-tx8"),
  input("od", "-Ax", "-tx4"),
  input("od", "-Ax", "-tx1z"),
  input("od", "-tx8"),
  input("od", "-tx1"),
  input("od", "-Ad", "-tx8"),
  input("od", "-An", "-tx8"),
  input("od", "-An", "-tx1"),
  input("od", "-An", "-v", "-tx8"),
  input("od", "-An", "-v", "-tx1"),
  input("od", "--endian=big", "-Ax", "-tx8"),
  input("od", "-Ax", "-tx1", "-tx8"),
  input("od", "-Ax", "-c"),
  input("busybox", "xxd"),
  input("busybox", "xxd", "-p"),
  input("busybox", "hexdump"),
  input("busybox", "hexdump", "-C"),
  input("busybox", "od"),
  input("busybox", "od", "-b"),
  input("busybox", "hexdump", "-d"),
  input("busybox", "od", "-An", "-tx8"),
  elf("gdb x/gx", "gdb", "-batch", "-nx", "-ex", "x/COUNT8gx BASE", "ELF"),
  elf("gdb x/wx", "gdb", "-batch", "-nx", "-ex", "x/COUNT4wx BASE", "ELF"),
  elf("gdb x/hx", "gdb", "-batch", "-nx", "-ex", "x/COUNT2hx BASE", "ELF"),
  elf("gdb x/bx", "gdb", "-batch", "-nx", "-ex", "x/COUNT1bx BASE", "ELF"),
  elf("objdump -s", "objdump", "-s", "ELF"),
  elf("objcopy -O ihex", "objcopy", "-I", "elf64-x86-64", "-O", "ihex", "ELF", "OUT"),
  elf("objcopy -O srec", "objcopy", "-I", "elf64-x86-64", "-O", "srec", "ELF", "OUT"),
  { name: "srec_cat -o - -intel", by: "srec", command: ["-intel"] },
  { name: "srec_cat -o - -motorola", by: "srec", command: ["-motorola"] },
  { name: "srec_cat -o - -hex-dump", by: "srec", command: ["-hex-dump"] },
  { name: "QEMU xp /gx", by: "qemu", command: ["xp /COUNT8gx BASE"] },
  { name: "QEMU xp /wx", by: "qemu", command: ["xp /COUNT4wx BASE"] },
  { name: "QEMU xp /bx", by: "qemu", command: ["xp /COUNT1bx BASE"] },
  { name: "U-Boot md.q", by: "u-boot", command: ["md.q BASE HEX8"] },
  { name: "U-Boot md.l", by: "u-boot", command: ["md.l BASE HEX4"] },
  { name: "U-Boot md.w", by: "u-boot", command: ["md.w BASE HEX2"] },
  { name: "U-Boot md.b", by: "u-boot", command: ["md.b BASE HEX1"] },
];

/** Name of the file with what a format's tool wrote. */
export function fixtureName(format: MatrixFormat): string {
  return `${format.name.replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, "")}.json`;
}

/** What a tool wrote of each table: whole, and without its last five bytes where the tool can leave them out. */
export type Fixture = Readonly<Record<string, { readonly whole: string; readonly short?: string }>>;
