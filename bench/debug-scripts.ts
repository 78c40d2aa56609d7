// The scripts that bench/debug.ts runs, beside those of event-lines.ts.

/** Where a machine of one window of RAM at this address is, with `setup = ready`: its queue of 64 KiB first. */
const RAM = 0x4000_0000;
const QUEUE_BYTES = 0x10000;
const COMMAND_BYTES = 32;
/** Commands that one store to GITS_CWRITER starts at most. */
export const QUEUE_COMMANDS = QUEUE_BYTES / COMMAND_BYTES - 1;

const hex = (value: number): string => `0x${value.toString(16)}`;

/** A queue full of INT and CLEAR, which is started anew by each further line until about so many commands have run. */
export function queueLines(commands: number): { readonly text: string; readonly commands: number } {
  const lines = [
    "MAPC ICID=0, RDbase=0",
    `MAPD DeviceID=1, ITT_addr=${hex(RAM + 0x400000)}, Size=7`,
    "MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0",
    "write GITS_CTLR = 0",
    `write GITS_CBASER = 0x8000000000000000 | ${hex(RAM)} | ${hex(QUEUE_BYTES / 4096 - 1)}`,
  ];
  for (let slot = 0; slot <= QUEUE_COMMANDS; slot++) {
    lines.push(`mem64[${hex(RAM + slot * COMMAND_BYTES)}] = ${hex(2 ** 32 + (slot % 2 === 0 ? 3 : 4))}`);
    lines.push(`mem64[${hex(RAM + slot * COMMAND_BYTES + 8)}] = 0`);
  }
  lines.push("write GITS_CTLR = 1");
  let run = 0;
  for (let at = 0; run < commands; run += QUEUE_COMMANDS) {
    at = (at + QUEUE_COMMANDS) % (QUEUE_COMMANDS + 1);
    lines.push(`write GITS_CWRITER = ${hex(at * COMMAND_BYTES)}`);
  }
  return { text: lines.join("\n"), commands: run };
}

/** 65,536 devices and 32,768 pending LPIs, and then lines to step over. */
export function fullLines(): string {
  const lines = ["machine { ram = 0x40000000, 256M }", "MAPC ICID=0, RDbase=0"];
  for (let device = 0; device < 65_536; device++) {
    lines.push(`MAPD DeviceID=${device}, ITT_addr=${hex(RAM + 0x400000 + device * 256)}, Size=1`);
  }
  for (let lpi = 0; lpi < 32_768; lpi++) {
    lines.push(`MAPTI DeviceID=${lpi}, EventID=0, pINTID=${8192 + lpi}, ICID=0`, `INT DeviceID=${lpi}, EventID=0`);
  }
  for (let line = 0; line < 1000; line++) lines.push(`CLEAR DeviceID=${line}, EventID=0`);
  return lines.join("\n");
}
