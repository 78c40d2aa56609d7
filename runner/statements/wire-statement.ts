import type { Operation, Span } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { judgeCall } from "../judge.ts";
import type { StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";

type WireOperation = Extract<Operation, { kind: "wire" }>;

/** Drives the input of an interrupt, of the guest or of its host, or ties one to the other. */
export function performWire(target: Target, operation: WireOperation, whole: Span): Partial<StatementResult> {
  const { verb, intid, pe, value } = operation;
  if (pe >= target.cpus) return { problems: [runErrors.noPe(whole, String(pe), target.cpus)] };
  if (verb === "line" && (target.vmm !== undefined || operation.expected !== undefined)) {
    return driveLine(target, operation, whole);
  }
  if (verb === "line") {
    const set = target.setLine?.(intid, value === 1, pe) ?? false;
    return set ? {} : { problems: [runErrors.noInput(whole, `INTID ${intid}`)] };
  }
  const host = target.vmm?.hostInterrupts;
  if (host === undefined) return { problems: [runErrors.noHost(whole, verb, target.name)] };
  if (verb === "host-line") {
    const set = host.setLine(intid, value === 1, pe);
    return set ? {} : { problems: [runErrors.noInput(whole, `the host's INTID ${intid}`)] };
  }
  const result = verb === "host-map" ? host.map({ intid, pe, physical: value }) : host.unmap(intid, pe);
  return { problems: judgeCall(verb, result, operation, whole) };
}

/** An input of a KVM guest is driven by KVM_IRQ_LINE, which has an errno; elsewhere there is an input or there is none. */
function driveLine(target: Target, operation: WireOperation, whole: Span): Partial<StatementResult> {
  const { intid, pe, value, expected } = operation;
  const { vmm } = target;
  const errno = vmm?.driveLine(intid, value === 1, pe).errno ?? 0;
  const missing = vmm === undefined && target.setLine?.(intid, value === 1, pe) !== true;
  if (missing || (errno !== 0 && expected === undefined))
    return { problems: [runErrors.noInput(whole, `INTID ${intid}`)] };
  return { problems: judgeCall("line", { errno }, operation, whole) };
}
