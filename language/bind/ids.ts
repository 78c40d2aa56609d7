import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import { formatValue } from "../parse/number.ts";
import type { Span } from "../parse/syntax.ts";

/** What a number names, when it names one thing of a machine. */
export type IdKind = "DeviceID" | "EventID" | "ICID" | "vPEID" | "INTID";

/** Bits of an id where the ITS's commands hold it: no machine can have one that is wider. */
const idBits: Readonly<Record<IdKind, number>> = { DeviceID: 32, EventID: 32, ICID: 16, vPEID: 16, INTID: 32 };

/**
 * The number of a value that names something: the only way from a script's 64 bits to an id, so that no id is ever cut short.
 * @param largest of the machine, where it is known: told beside the range that the kind has anywhere
 */
export function idNumber(
  kind: IdKind,
  value: bigint,
  place: Span,
  largest?: (kind: IdKind) => number | undefined,
): number | Diagnostic {
  const bits = idBits[kind];
  if (value >= 0n && value < 1n << BigInt(bits)) return Number(value);
  return errors.idOutOfRange(place, kind, formatValue(value), bits, largest?.(kind));
}

/** The number of an ITS that some machine could have. Whether this one has it is found out where it is looked for. */
export function itsNumber(value: bigint, place: Span): number | Diagnostic {
  return value >= 0n && value < limits.itss ? Number(value) : errors.noSuchIts(place, formatValue(value));
}

/** The number of a PE that some machine could have. Whether this one has it is found out where it is looked for. */
export function peNumber(value: bigint, place: Span): number | Diagnostic {
  return value >= 0n && value < limits.cpus ? Number(value) : errors.needsPe(place, formatValue(value));
}
