import { bare } from "./bare.ts";
import { crash } from "./crash.ts";
import { elfCore } from "./elf-core.ts";
import type { DumpFormat } from "./format.ts";
import { gdb } from "./gdb.ts";
import { hexdump } from "./hexdump.ts";
import { intelHex } from "./intel-hex.ts";
import { jLink } from "./j-link.ts";
import { kdump } from "./kdump.ts";
import { kernelLog } from "./kernel-log.ts";
import { objdump } from "./objdump.ts";
import { od } from "./od.ts";
import { odNumbers } from "./od-numbers.ts";
import { plain } from "./plain.ts";
import { qemuMonitor } from "./qemu-monitor.ts";
import { sRecord } from "./s-record.ts";
import { trace32 } from "./trace32.ts";
import { uefiDmem } from "./uefi-dmem.ts";
import { values } from "./values.ts";
import { wordsWithText } from "./words-with-text.ts";
import { xxd } from "./xxd.ts";
import { xxdBinary } from "./xxd-binary.ts";

export type { BinaryFormat, DumpFormat, TextFormat } from "./format.ts";

/** Every known format. A new one is a file here and a line in this list. */
export const dumpFormats: readonly DumpFormat[] = [
  xxd,
  wordsWithText,
  hexdump,
  od,
  odNumbers,
  xxdBinary,
  gdb,
  qemuMonitor,
  crash,
  kernelLog,
  objdump,
  intelHex,
  sRecord,
  trace32,
  jLink,
  uefiDmem,
  values,
  bare,
  plain,
  elfCore,
  kdump,
];
