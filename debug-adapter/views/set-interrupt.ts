import { extractMeaning, FIRST_LPI, hex, insertRaw, lpiEnable, lpiPriority } from "../../architecture/index.ts";
import type { Steps } from "../../emulator/index.ts";
import {
  InterruptRegisters,
  interruptKey,
  type ListedInterrupt,
  listInterrupts,
  type ScriptRun,
} from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { consoleStatement, evaluateNumber, performStatement } from "../evaluate.ts";
import type { InterruptPiece, SetInterruptArguments, SetInterruptBody } from "../views-protocol.ts";
import { settablePieces } from "./interrupts.ts";

/** GICR_PROPBASER.Physical_Address. */
const PROPERTY_TABLE = 0xf_ffff_ffff_f000n;

/**
 * Changes a piece of an interrupt's state as a driver would: by its registers; of an LPI by INT and CLEAR, and by its configuration byte and
 * an INV, which makes the GIC read it.
 * @throws AdapterError when there is no such interrupt or piece, or a statement fails
 */
export function* setInterrupt(run: ScriptRun, { key, piece, value }: SetInterruptArguments): Steps<SetInterruptBody> {
  const interrupt = find(run, key);
  const isV2 = run.target.map.gicc !== undefined;
  if (interrupt === undefined) throw errors.noVariable(key);
  if (!settablePieces(interrupt, isV2).includes(piece)) throw errors.notWritable(`${piece} of ${key}`);
  if (value > (piece === "priority" ? 0xff : 1)) throw errors.notWritable(`${value} as ${piece} of ${key}`);
  const statements =
    interrupt.kind === "LPI" ? ofLpi(run, interrupt, piece, value) : [ofRegister(run, interrupt, piece, value)];
  for (const text of statements) {
    const statement = consoleStatement(text);
    if (statement === undefined) throw errors.notAssignable();
    yield* performStatement(text, statement, run);
  }
  const now = find(run, key);
  const is = now === undefined ? undefined : pieceOf(now, piece);
  if (is === value) return { statements };
  const note =
    is === undefined
      ? `${key} is not there any more.`
      : `${piece} of ${key} is ${piece === "priority" ? hex(is) : is}, not ${piece === "priority" ? hex(value) : value}: ${reason(piece)}.`;
  return { statements, note };
}

function find(run: ScriptRun, key: string): ListedInterrupt | undefined {
  return listInterrupts(run.target).find((one) => interruptKey(one) === key);
}

function pieceOf(interrupt: ListedInterrupt, piece: InterruptPiece): number | undefined {
  const value = piece === "trigger" ? interrupt.edge : interrupt[piece];
  return value === undefined ? undefined : Number(value);
}

function reason(piece: InterruptPiece): string {
  switch (piece) {
    case "priority":
      return "bits of it are not implemented";
    case "pending":
      return "the level of its line, or what took it at once, decides";
    default:
      return "the hardware ignored the write";
  }
}

function ofRegister(run: ScriptRun, { intid, pe = 0 }: ListedInterrupt, piece: InterruptPiece, value: number): string {
  const registers = new InterruptRegisters(run.target);
  const own = piece === "group" ? "group1" : piece === "trigger" ? "edge" : piece;
  const register = registers.registerOf(own, intid);
  const { lsb, bits } = registers.placeOf(own, intid);
  if (own === "enabled" || own === "pending" || own === "active") {
    const written = value === 1 ? register : register.replace("_IS", "_IC");
    return `write ${registers.named(written, pe)} = ${hex(1n << BigInt(lsb))}`;
  }
  const named = registers.named(register, pe);
  const mask = ((1n << BigInt(bits)) - 1n) << BigInt(lsb);
  // Of a trigger's two bits the lower one is reserved.
  const raw = BigInt(own === "edge" ? value << 1 : value) << BigInt(lsb);
  return `write ${named} = ${hex((evaluateNumber(named, run) & ~mask) | raw)}`;
}

function ofLpi(
  run: ScriptRun,
  { intid, route, mapped }: ListedInterrupt,
  piece: InterruptPiece,
  value: number,
): string[] {
  if (mapped === undefined) throw errors.notWritable(`${piece} of LPI ${intid}`);
  const event = `DeviceID=${hex(mapped.device)}, EventID=${hex(mapped.event)}`;
  if (piece === "pending") return [`${value === 1 ? "INT" : "CLEAR"} ${event}`];
  const pe = route?.kind === "pes" ? route.pes[0] : 0;
  const address = (evaluateNumber(`GICR_PROPBASER[${pe}]`, run) & PROPERTY_TABLE) + BigInt(intid - FIRST_LPI);
  const byte = evaluateNumber(`mem8[${hex(address)}]`, run);
  const next =
    piece === "enabled"
      ? insertRaw(byte, lpiEnable, BigInt(value))
      : insertRaw(byte, lpiPriority, BigInt(value >> (lpiPriority.shift ?? 0)));
  if (piece === "priority" && Number(extractMeaning(next, lpiPriority)) !== value)
    throw errors.notWritable(`${hex(value)} as priority of LPI ${intid}: bits [1:0] are zero; that`);
  return [`mem8[${hex(address)}] = ${hex(next)}`, `INV ${event}`];
}
