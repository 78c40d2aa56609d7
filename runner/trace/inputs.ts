import { peOfAffinity } from "../../dumps/qemu-trace/affinity.ts";
import { numberIn, type TraceEvent, wideNumberIn } from "../../dumps/qemu-trace/event.ts";
import { systemRegisterOf } from "./registers.ts";
import type { AccessBytes, Frame, TraceTarget } from "./target.ts";

/** GITS_TRANSLATER in its frame. */
const TRANSLATER = 0x40;
const IGROUPR0 = 0x1_0080;

/**
 * What giving an event to a machine came to: nothing to compare, the value that software reads, or a reason why the machine cannot take it.
 */
export type Fed =
  | { readonly kind: "given" }
  | { readonly kind: "value"; readonly field: string; readonly value: bigint }
  | { readonly kind: "unsupported"; readonly reason: string };

const GIVEN: Fed = { kind: "given" };

/** Gives an access or an input to a machine. @param effects lines that follow from it, and perhaps more */
export function feed(target: TraceTarget, event: TraceEvent, effects: readonly TraceEvent[]): Fed {
  const { name } = event.spec;
  const frame = frameOf(event);
  if (frame !== undefined) return name.endsWith("write") ? write(target, frame, event) : read(target, frame, event);
  switch (name) {
    case "gicv3_dist_set_irq":
      target.setLine(numberIn(event, "intid"), numberIn(event, "level") !== 0);
      return GIVEN;
    case "gicv3_redist_set_irq":
      target.setLine(numberIn(event, "intid"), numberIn(event, "level") !== 0, peOf(event));
      return GIVEN;
    case "gicv3_its_translation_write":
      // Other registers of the frame take nothing.
      if (numberIn(event, "offset") === TRANSLATER) {
        target.signalMsi(numberIn(event, "requester"), Number(BigInt.asUintN(32, wideNumberIn(event, "data"))));
      }
      return GIVEN;
    case "gicv3_icc_generate_sgi":
      return generateSgi(target, event, effects);
    default:
      return systemRegister(target, event);
  }
}

/** PE of an event. */
export function peOf(event: TraceEvent): number {
  return peOfAffinity(numberIn(event, "cpu")) ?? 0;
}

/** Frame that a register access goes to; undefined for other events. */
function frameOf(event: TraceEvent): Frame | undefined {
  const block = /^gicv3_(dist|redist|its)_(?:bad)?(?:read|write)$/.exec(event.spec.name)?.[1];
  if (block === "dist") return "distributor";
  if (block === "its") return "its";
  return block === "redist" ? { pe: peOf(event) } : undefined;
}

function accessOf(event: TraceEvent): { offset: number; bytes: AccessBytes; secure: boolean } | undefined {
  const bytes = numberIn(event, "size");
  if (bytes !== 1 && bytes !== 2 && bytes !== 4 && bytes !== 8) return undefined;
  return { offset: numberIn(event, "offset"), bytes, secure: numberIn(event, "secure") !== 0 };
}

const ODD_SIZE: Fed = { kind: "unsupported", reason: "no access has that size" };

function read(target: TraceTarget, frame: Frame, event: TraceEvent): Fed {
  const access = accessOf(event);
  if (access === undefined) return ODD_SIZE;
  const value = target.read(frame, access.offset, access.bytes, access.secure) ?? 0n;
  // A refused read says nothing of a value; the guest reads 0 then.
  return { kind: "value", field: "data", value };
}

function write(target: TraceTarget, frame: Frame, event: TraceEvent): Fed {
  const access = accessOf(event);
  if (access === undefined) return ODD_SIZE;
  target.write(frame, access.offset, access.bytes, wideNumberIn(event, "data"), access.secure);
  return GIVEN;
}

function systemRegister(target: TraceTarget, event: TraceEvent): Fed {
  const register = systemRegisterOf(event);
  const reason = `the machine has no ${register ?? event.spec.name}`;
  if (register === undefined) return { kind: "unsupported", reason };
  if (event.spec.name.endsWith("_write")) {
    const written = target.writeSystemRegister(peOf(event), register, wideNumberIn(event, "value"));
    return written ? GIVEN : { kind: "unsupported", reason };
  }
  const value = target.readSystemRegister(peOf(event), register);
  return value === undefined ? { kind: "unsupported", reason } : { kind: "value", field: "value", value };
}

/**
 * An SGI. The line does not say which of ICC_SGI1R_EL1 and ICC_SGI0R_EL1 was written; whether a redistributor took the SGI tells, as it
 * takes one of its own group only.
 */
function generateSgi(target: TraceTarget, event: TraceEvent, effects: readonly TraceEvent[]): Fed {
  const intid = numberIn(event, "intid");
  const affinity = BigInt(numberIn(event, "affinity"));
  const value =
    BigInt(numberIn(event, "targets") & 0xffff) |
    ((affinity & 0xffn) << 16n) |
    (BigInt(intid & 0xf) << 24n) |
    (((affinity >> 8n) & 0xffn) << 32n) |
    (BigInt(numberIn(event, "irm") & 1) << 40n) |
    ((affinity >> 16n) << 48n);
  const taker = effects[0]?.spec.name === "gicv3_redist_send_sgi" ? effects[0] : undefined;
  const groups = target.read({ pe: peOf(taker ?? event) }, IGROUPR0, 4, true) ?? 0n;
  const group1 = ((groups >> BigInt(intid & 0xf)) & 1n) === 1n;
  const register = group1 === (taker !== undefined) ? "ICC_SGI1R_EL1" : "ICC_SGI0R_EL1";
  const written = target.writeSystemRegister(peOf(event), register, BigInt.asUintN(64, value));
  return written ? GIVEN : { kind: "unsupported", reason: `the machine has no ${register}` };
}
