/** Scripts whose single statements take seconds. */

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

function machine(model: string): string {
  return `machine {\n  model = ${model}\n  ram = 0x40000000, 64M\n}`;
}

const QUEUE = 0x4100_0000;
/** GITS_CBASER: valid, 256 pages of 4 KiB. */
const WHOLE_QUEUE = hex((1n << 63n) | BigInt(QUEUE) | 0xffn);

/**
 * Stores to GITS_CWRITER that have a queue of INVALLs carried out each.
 * @param stores how many @param before lines that run first @param commands of the first store, up to 32,767; the later ones go nearly once around the queue of 1 MiB
 */
export function longQueues(model: string, stores: number, commands = 32767, before: readonly string[] = []): string {
  const lines = [
    machine(model),
    ...before,
    "MAPC ICID=0xd0d, RDbase=0",
    "write GITS_CTLR = 0",
    // Each packet is all 0x0d: INVALL ICID=0xd0d.
    `fill ${hex(QUEUE)}, 1M, 0x0d`,
    `write GITS_CBASER = ${WHOLE_QUEUE}`,
    "write GITS_CTLR = 1",
  ];
  for (let store = 0; store < stores; store++) {
    lines.push(`write GITS_CWRITER = ${hex((commands - (store % 2)) * 32)}`);
  }
  return lines.join("\n");
}

const LEVEL1 = 0x4200_0000;
const LEVEL2 = 0x4210_0000;
const ITT = 0x4220_0000;
const DTES = 8192;

/** A restore of 65,536 devices: eight level-1 entries share a page, and its 8,192 devices an ITT. @param events in that ITT */
export function sharedPages(model: string, events: number): string {
  const lines = [
    machine(model),
    "MAPC ICID=0, RDbase=0",
    "save",
    "MAPC ICID=0, V=0",
    "write GITS_CTLR = 0",
    // Indirect, pages of 64 KiB, one of them.
    `write GITS_BASER0 = ${hex((1n << 63n) | (1n << 62n) | BigInt(LEVEL1) | (2n << 8n))}`,
  ];
  for (let entry = 0; entry < 8; entry++) {
    lines.push(`mem64[${hex(LEVEL1 + entry * 8)}] = ${hex((1n << 63n) | BigInt(LEVEL2))}`);
  }
  const dte = (1n << 63n) | (1n << 49n) | (BigInt(ITT / 256) << 5n) | 15n;
  for (let entry = 0; entry < DTES; entry++) lines.push(`mem64[${hex(LEVEL2 + entry * 8)}] = ${hex(dte)}`);
  for (let event = 0; event < events; event++) {
    const next = event === events - 1 ? 0n : 1n;
    lines.push(`mem64[${hex(ITT + event * 8)}] = ${hex((next << 48n) | (BigInt(8192 + event) << 16n))}`);
  }
  lines.push("restore", "read GITS_CREADR");
  return lines.join("\n");
}

/** Machines with much RAM that are filled, one after another. @param size of the RAM as scripts write it */
export function filledMachines(count: number, size = "1G"): string {
  const one = `machine {\n  ram = 0x40000000, ${size}\n}\nfill 0x40000000, ${size}, 1`;
  return Array.from({ length: count }, () => one).join("\n");
}

/** Two vCPUs in their guests, one of which has a queue carried out; the other one has an active interrupt in a list register. */
export function queueBesideGuests(): string {
  return longQueues("kvm-7.2", 1, 3000, [
    "MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4",
    "MAPC ICID=1, RDbase=1",
    "MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=1",
    "write GICD_CTLR = 2",
    "write ICC_PMR_EL1[1] = 0xff",
    "write ICC_IGRPEN1_EL1[1] = 1",
    "mem8[0x43e00000] = 0xa3",
    "write GICR_PROPBASER[1] = 0x43e0000d",
    "write GICR_PENDBASER[1] = 0x43d00000",
    "write GICR_CTLR[1] = 1",
    "INV DeviceID=1, EventID=0",
    "vcpu-run 0",
    "vcpu-run 1",
    "msi DeviceID=1, EventID=0",
    // Active in a list register of the vCPU, and known nowhere else until it leaves its guest.
    "read ICC_IAR1_EL1[1]",
  ]);
}
