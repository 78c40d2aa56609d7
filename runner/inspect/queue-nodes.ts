import { hex } from "../../architecture/hex.ts";
import { COMMAND_BYTES, type CommandWords, declaredRegister, formatCommand } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import { peekRegister, type Target } from "../target.ts";
import { decimal } from "./format-value.ts";
import { type DisplayNode, list, type NodeChildren } from "./node.ts";

/** GITS_CBASER [51:12]; GITS_CREADR and GITS_CWRITER [19:5]. */
const ADDRESS_MASK = 0x000f_ffff_ffff_f000n;
const OFFSET_MASK = 0xfffe0n;

/** Where the commands of an ITS wait. Offsets and sizes in bytes. */
export interface QueueWindow {
  readonly address: number;
  readonly bytes: number;
  readonly readOffset: number;
  readonly writeOffset: number;
  readonly stalled: boolean;
  /** Commands from GITS_CREADR to GITS_CWRITER. */
  readonly waiting: number;
}

/** The command queue of an ITS; undefined while GITS_CBASER.Valid is 0 or its pointers leave it. */
export function queueWindow(target: Target, its = 0): QueueWindow | undefined {
  const cbaser = readGits(target, its, "GITS_CBASER");
  if (cbaser >> 63n === 0n) return undefined;
  const bytes = (Number(cbaser & 0xffn) + 1) * 4096;
  const creadr = readGits(target, its, "GITS_CREADR");
  const readOffset = Number(creadr & OFFSET_MASK);
  const writeOffset = Number(readGits(target, its, "GITS_CWRITER") & OFFSET_MASK);
  if (readOffset >= bytes || writeOffset >= bytes) return undefined;
  return {
    address: Number(cbaser & ADDRESS_MASK),
    bytes,
    readOffset,
    writeOffset,
    stalled: (creadr & 1n) === 1n,
    waiting: ((writeOffset - readOffset + bytes) % bytes) / COMMAND_BYTES,
  };
}

/** The commands that wait, oldest first, as lines of a script. */
export function waitingCommands(target: Target, its = 0): NodeChildren {
  return list(
    () => queueWindow(target, its)?.waiting ?? 0,
    (start, count) => {
      const window = queueWindow(target, its);
      if (window === undefined) return [];
      const last = Math.min(start + count, window.waiting);
      return Array.from({ length: Math.max(last - start, 0) }, (_, at) => commandNode(target, window, start + at));
    },
  );
}

/** The queue in one line, with the commands that wait below it. */
export function queueNode(target: Target, its = 0): DisplayNode {
  const window = queueWindow(target, its);
  if (window === undefined) return { name: "Command queue", value: "none" };
  const waiting = window.waiting === 1 ? "1 command waits" : `${decimal(window.waiting)} commands wait`;
  return {
    name: "Command queue",
    value: window.stalled ? `${waiting}, stalled` : waiting,
    type: `${decimal(window.bytes / COMMAND_BYTES)} commands at ${hex(window.address)}`,
    address: window.address,
    children: window.waiting === 0 ? undefined : waitingCommands(target, its),
  };
}

function commandNode(target: Target, window: QueueWindow, position: number): DisplayNode {
  const offset = (window.readOffset + position * COMMAND_BYTES) % window.bytes;
  const address = window.address + offset;
  const bytes = target.readMemory(address, COMMAND_BYTES);
  const word = (index: number): bigint => (bytes === undefined ? 0n : littleEndian(bytes.subarray(index, index + 8)));
  const words: CommandWords = [word(0), word(8), word(16), word(24)];
  return {
    name: hex(offset),
    value: bytes === undefined ? "not in RAM" : formatCommand(words),
    type: "ITS command, 32 bytes",
    address,
  };
}

function readGits(target: Target, its: number, name: string): bigint {
  return peekRegister(target, { ...declaredRegister(name), pe: 0, its }) ?? 0n;
}
