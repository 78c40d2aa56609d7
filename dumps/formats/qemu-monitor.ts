import type { TextFormat } from "./format.ts";

/** The QEMU monitor's x and xp: an address of 16 digits, words with 0x. */
export const qemuMonitor: TextFormat = {
  kind: "text",
  name: "QEMU xp",
  title: "QEMU monitor xp",
  sample: "0000000040100040: 0x8002000008080004 0x80b6000008090000",
  recognise: (line) => (line.groupsPrefixed && !line.addressPrefixed && line.addressMark === "colon" ? 90 : 0),
};
