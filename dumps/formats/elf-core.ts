import { isElf } from "../elf/elf-header.ts";
import { readElf } from "../elf/read-elf.ts";
import type { BinaryFormat } from "./format.ts";

/** ELF cores: QEMU's dump-guest-memory, gdb's gcore, a vmcore. Their PT_LOAD segments are memory by physical address. */
export const elfCore: BinaryFormat = {
  kind: "binary",
  name: "ELF core",
  title: "ELF core (QEMU dump-guest-memory, vmcore, gdb gcore)",
  recognise: (head) => (isElf(head) ? 100 : 0),
  read: (file) => readElf(file),
};
