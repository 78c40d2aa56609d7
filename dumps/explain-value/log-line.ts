import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { commandByName } from "../../architecture/commands.ts";
import { hex } from "../../architecture/hex.ts";
import { LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import { eventOfLine } from "../captures/interrupts.ts";
import { type Reading, sentence } from "./reading.ts";
import { bytesText, rangeText } from "./value-text.ts";

/** Linux's queue (irq-gic-v3-its.c `ITS_CMD_QUEUE_SZ`). */
const QUEUE_BYTES = 0x1_0000;
const SLOTS = QUEUE_BYTES / COMMAND_BYTES;

interface LogForm {
  readonly form: RegExp;
  readonly read: (found: readonly string[]) => Reading;
}

/** Lines of Linux's drivers, of whatever version. Each form begins with its own words and backtracks nowhere. */
const forms: readonly LogForm[] = [
  { form: /\bITS queue timeout \((\d{1,20}) (\d{1,20})(?: (\d{1,20}))?\)/, read: queueTimeout },
  {
    form: /\bITS cmd (?:its_build_([a-z0-9]{1,12})_cmd|(\S{1,64}))(?:\+\S{1,40})? failed/,
    read: ([, command, other]) => commandFailed(command, other),
  },
  {
    form: /\b(ITS-MSI|ITS-PCI-MSIX?-[0-9a-f:.]{12,16}) +(\d{1,15})\b/,
    read: ([, chip, hwirq]) => interrupt(chip, hwirq),
  },
  {
    form: /\ballocated (\d{1,10}) (Devices|Interrupt Collections|Virtual CPUs) @([0-9a-f]{1,16}) \((indirect|flat), esz (\d{1,3}), psz (\d{1,3})K, shr (\d)\)/,
    read: tableAllocated,
  },
];

/** Lines of a kernel's log that are about an ITS: all that stand in a text. Empty when there is none. */
export function readLogLines(text: string): Reading[] {
  const readings: Reading[] = [];
  for (const { form, read } of forms) {
    const found = form.exec(text);
    if (found !== null) readings.push(read(found));
  }
  return readings;
}

/**
 * `ITS queue timeout (to read)`: offsets in bytes on one scale, which goes on where the queue wraps; older kernels print `(from to read)`.
 * The second comes from GITS_CREADR as it is, bit 0 included. Source: irq-gic-v3-its.c its_wait_for_range_completion.
 */
function queueTimeout([line, ...numbers]: readonly string[]): Reading {
  const offsets = numbers.filter((number) => number !== undefined).map(BigInt);
  const [to, read] = offsets.length === 3 ? offsets.slice(1) : offsets;
  const slotOf = (offset: bigint): number => Number((offset / BigInt(COMMAND_BYTES)) % BigInt(SLOTS));
  const stalled = (read & 1n) === 1n;
  const at = slotOf(read);
  const last = (slotOf(to) + SLOTS - 1) % SLOTS;
  const notes = stalled
    ? [
        `Bit 0 of the last number is GITS_CREADR.Stalled: the ITS has refused the command in slot ${at}, at ${hex(at * COMMAND_BYTES)} from the start of the queue.`,
        "Disassemble that slot (gicwb disassemble of the memory at GITS_CBASER), and look at the tables that its command goes through.",
        "Slots that look right in memory and are refused: the ITS reads something else than the CPU wrote, because it is not coherent (flush the queue and the tables) or does not reach that address (32-bit GIC-600 integrations).",
        "Write GITS_CWRITER with Retry = 1 once the cause is mended, or reset the ITS.",
      ]
    : [
        "Bit 0 of the last number, GITS_CREADR.Stalled, is 0: the ITS has refused nothing, it does not go on.",
        "GITS_CTLR.Enabled is 0, GITS_CBASER.Valid is 0, the ITS has no clock, it cannot read the queue, or it waits for a PE that is off (SYNC).",
      ];
  notes.push("The next line of the log names the command that Linux waited for, not the one that stands at that slot.");
  return sentence(
    "log-line",
    line,
    `Linux waited a second for the command in slot ${last} of ${SLOTS}; the ITS stands at slot ${at}${stalled ? ", stalled" : ""}.`,
    notes,
  );
}

/** `ITS cmd its_build_mapc_cmd failed`: the function that built the command. */
function commandFailed(builder: string | undefined, other: string | undefined): Reading {
  const command = builder === undefined ? undefined : commandByName(builder.toUpperCase());
  const what = command?.name ?? other ?? builder ?? "";
  return sentence(
    "log-line",
    `ITS cmd ${what} failed`,
    `Linux gave up waiting for ${what}, or for the SYNC or VSYNC behind it.`,
    [
      "The line before it, ITS queue timeout (A B), says where the ITS stands: the command that is wrong may be an earlier one.",
      ...(command === undefined ? [] : [command.summary]),
    ],
  );
}

/** A line of /proc/interrupts. */
function interrupt(chip: string, hwirq: string): Reading {
  const line = { irq: 0, counts: [], chip, hwirq: Number(hwirq), actions: "", source: { file: "", line: 0 } };
  const { deviceId, eventId } = eventOfLine(line);
  const id = deviceId ?? 0;
  const bdf = `${(id >> 8).toString(16).padStart(2, "0")}:${((id >> 3) & 31).toString(16).padStart(2, "0")}.${id & 7}`;
  const segment = chip === "ITS-MSI" ? Math.floor(Number(hwirq) / 2 ** 27) : undefined;
  return sentence(
    "log-line",
    `${chip} ${hwirq}`,
    `EventID ${eventId} of the PCI function ${bdf}, requester id ${hex(id)}${segment === undefined || segment === 0 ? "" : `, segment ${segment}`}.`,
    [
      "The DeviceID is the requester id, unless msi-map of the device tree, or IORT, maps it to another one.",
      "The number counts vectors of the device; Linux uses it as EventID.",
    ],
  );
}

const registerOf: Readonly<Record<string, string>> = {
  Devices: "device table",
  "Interrupt Collections": "collection table",
  "Virtual CPUs": "vPE table",
};

/** `ITS@…: allocated 8192 Devices @425a0000 (indirect, esz 8, psz 64K, shr 1)`: with `indirect` the number counts level-1 entries. */
function tableAllocated([
  line,
  count,
  what,
  address,
  form,
  entryBytes,
  pageKiB,
  shareability,
]: readonly string[]): Reading {
  const indirect = form === "indirect";
  const page = Number(pageKiB) * 1024;
  const bytes = Number(count) * (indirect ? LEVEL1_ENTRY_BYTES : Number(entryBytes));
  const perPage = Math.floor(page / Number(entryBytes));
  const entries = indirect ? Number(count) * perPage : Number(count);
  const shared = ["Non-shareable", "Inner Shareable", "Outer Shareable"][Number(shareability)] ?? "reserved";
  return sentence(
    "log-line",
    line,
    indirect
      ? `The ${registerOf[what]} has two levels: ${count} level-1 entries, ${bytesText(bytes)} at ${rangeText(BigInt(`0x${address}`), bytes)}, each for a page of ${perPage} entries.`
      : `The ${registerOf[what]} is flat: ${count} entries of ${entryBytes} bytes, ${bytesText(bytes)} at ${rangeText(BigInt(`0x${address}`), bytes)}.`,
    [
      `Room for ${entries} entries of ${entryBytes} bytes. GITS_BASER<n>: Indirect ${indirect ? 1 : 0}, Entry_Size ${Number(entryBytes) - 1}, Page_Size ${pageKiB} KiB, Shareability ${shareability} (${shared}).`,
      ...(Number(shareability) === 0
        ? ["Not shareable: the ITS does not see what is in a CPU's cache. Drivers flush what they write to the table."]
        : []),
    ],
  );
}
