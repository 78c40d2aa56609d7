import type { TextFormat } from "./format.ts";

/** gdb's x/Ngx, /Nwx, /Nhx, /Nbx; the symbol part is optional. */
export const gdb: TextFormat = {
  kind: "text",
  name: "gdb x",
  title: "gdb x/gx",
  sample: "0x40100040 <device_table+64>:\t0x8002000008080004\t0x80b6000008090000",
  recognise: (line) => (line.addressPrefixed && line.groupsPrefixed ? 95 : line.addressMark === "symbol" ? 90 : 0),
};
