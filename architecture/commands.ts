import type { Command, CommandField, GicVersion } from "./command.ts";
import {
  alloc,
  collectionId,
  defaultDoorbell,
  defaultDoorbellValid,
  deviceId,
  doorbell,
  doorbellValid,
  eventId,
  itsList,
  ittAddress,
  ittSize,
  mappedRdBase,
  movedDefaultDoorbell,
  movedDoorbell,
  pendingTableZero,
  physicalIntid,
  rdBase,
  rdBaseFrom,
  rdBaseTo,
  sequenceNumber,
  sgiFields,
  valid,
  vconfAddress,
  virtualIntid,
  vpeId,
  vptAddress,
  vptSize,
} from "./command-fields.ts";

const linux = "Linux 7.2 drivers/irqchip/irq-gic-v3-its.c its_encode_*; include/linux/irqchip/arm-gic-v3.h GITS_CMD_*";
const qemu = "QEMU 10.0 hw/intc/gicv3_internal.h";

function command(
  name: string,
  opcode: number,
  since: GicVersion,
  barrier: Command["barrier"],
  fields: readonly CommandField[],
  summary: string,
  extra: Pick<Command, "formerName"> = {},
): Command {
  const source = since === "v4.1" ? linux : `${linux}; ${qemu}`;
  return { name, opcode, since, fields, summary, barrier, source, ...extra };
}

const event = [deviceId, eventId] as const;

/**
 * Every ITS command of GICv3, GICv4.0 and GICv4.1. Fields stand in the order in which scripts and disassembly show them.
 * The opcode of a GICv4 command is its GICv3 counterpart's plus 0x20; VMOVP, VSGI and INVDB have no counterpart.
 */
export const commands: readonly Command[] = [
  command(
    "MOVI",
    0x01,
    "v3",
    "SYNC",
    [...event, collectionId],
    "Retargets an event to another collection, with its pending state.",
  ),
  command(
    "INT",
    0x03,
    "v3",
    "SYNC",
    event,
    "Makes the interrupt of an event pending, as a write of EventID to GITS_TRANSLATER does.",
  ),
  command("CLEAR", 0x04, "v3", "SYNC", event, "Removes the pending state of the interrupt of an event."),
  command(
    "SYNC",
    0x05,
    "v3",
    undefined,
    [rdBase],
    "Waits until the effects of earlier physical commands on a redistributor are visible.",
  ),
  command(
    "MAPD",
    0x08,
    "v3",
    undefined,
    [deviceId, ittAddress, ittSize, valid],
    "Maps a DeviceID to an ITT, or removes the mapping with V = 0.",
  ),
  command(
    "MAPC",
    0x09,
    "v3",
    "SYNC",
    [collectionId, mappedRdBase, valid],
    "Maps a collection to a redistributor, or removes the mapping with V = 0.",
  ),
  command(
    "MAPTI",
    0x0a,
    "v3",
    "SYNC",
    [...event, physicalIntid, collectionId],
    "Maps an event of a device to a physical LPI and a collection.",
    { formerName: "MAPVI" },
  ),
  command(
    "MAPI",
    0x0b,
    "v3",
    "SYNC",
    [...event, collectionId],
    "Maps an event of a device to the physical LPI of the same number and a collection.",
  ),
  command(
    "INV",
    0x0c,
    "v3",
    "SYNC",
    event,
    "Makes the redistributor read the configuration byte of the event's interrupt again.",
  ),
  command(
    "INVALL",
    0x0d,
    "v3",
    "SYNC",
    [collectionId],
    "Makes the redistributor read the configuration of all interrupts of a collection again.",
  ),
  command(
    "MOVALL",
    0x0e,
    "v3",
    "SYNC",
    [rdBaseFrom, rdBaseTo],
    "Moves the pending state of all LPIs of one redistributor to another.",
  ),
  command(
    "DISCARD",
    0x0f,
    "v3",
    "SYNC",
    event,
    "Removes the mapping of an event and the pending state of its interrupt.",
  ),
  command(
    "VMOVI",
    0x21,
    "v4.0",
    "VSYNC",
    [...event, vpeId, doorbellValid, movedDoorbell],
    "Retargets a virtual event to another vPE, and its doorbell with D = 1.",
  ),
  command(
    "VMOVP",
    0x22,
    "v4.0",
    "VSYNC",
    [vpeId, rdBase, sequenceNumber, itsList, defaultDoorbellValid, movedDefaultDoorbell],
    "Moves a vPE to another redistributor.",
  ),
  command(
    "VSGI",
    0x23,
    "v4.1",
    "VSYNC",
    [vpeId, ...sgiFields],
    "Configures a virtual SGI of a vPE, or removes its pending state with Clear = 1.",
  ),
  command(
    "VSYNC",
    0x25,
    "v4.0",
    undefined,
    [vpeId],
    "Waits until the effects of earlier commands on a vPE are visible.",
  ),
  command(
    "VMAPP",
    0x29,
    "v4.0",
    "VSYNC",
    [vpeId, mappedRdBase, vptAddress, vptSize, alloc, pendingTableZero, vconfAddress, defaultDoorbell, valid],
    "Maps a vPE to a redistributor and its virtual pending table, or removes the mapping with V = 0. GICv4.1: V = 0 needs no VSYNC.",
  ),
  command(
    "VMAPTI",
    0x2a,
    "v4.0",
    "VSYNC",
    [...event, vpeId, virtualIntid, doorbell],
    "Maps an event of a device to a virtual LPI of a vPE and a doorbell.",
    { formerName: "VMAPVI" },
  ),
  command(
    "VMAPI",
    0x2b,
    "v4.0",
    "VSYNC",
    [...event, vpeId, doorbell],
    "Maps an event of a device to the virtual LPI of the same number of a vPE and a doorbell.",
  ),
  command(
    "VINVALL",
    0x2d,
    "v4.0",
    "VSYNC",
    [vpeId],
    "Makes the redistributor read the configuration of all virtual LPIs of a vPE again.",
  ),
  command(
    "INVDB",
    0x2e,
    "v4.1",
    "VSYNC",
    [vpeId],
    "Makes the redistributor read the configuration of a vPE's default doorbell again.",
  ),
];

const byName = new Map<string, Command>();
const byOpcode = new Map<number, Command>();
for (const entry of commands) {
  byName.set(entry.name, entry);
  if (entry.formerName !== undefined) byName.set(entry.formerName, entry);
  byOpcode.set(entry.opcode, entry);
}

/** The command of a name in the manual's capitals; a former name (MAPVI) finds the command under its present one. */
export function commandByName(name: string): Command | undefined {
  return byName.get(name);
}

/** Opcode of a command, DW0[7:0]. @throws Error when it is not declared */
export function opcodeOf(name: string): number {
  const command = commandByName(name);
  if (command === undefined) throw new Error(`${name} is not declared`);
  return command.opcode;
}

/** The command of an opcode, DW0[7:0]. */
export function commandByOpcode(opcode: number): Command | undefined {
  return byOpcode.get(opcode);
}

/** The field of a command by its name in the manual's spelling. */
export function commandField(owner: Command, name: string): CommandField | undefined {
  return owner.fields.find((field) => field.name === name);
}
