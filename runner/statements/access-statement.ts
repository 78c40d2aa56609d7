import { extractRaw, type Field, fieldArgument, hex, insertRaw } from "../../architecture/index.ts";
import type { AccessBytes } from "../../emulator/index.ts";
import {
  type AccessWidth,
  computeAddress,
  type Diagnostic,
  isProblem,
  locateRegister,
  namedWidth,
  type Operation,
  type ReadExpression,
  type Scope,
  type Span,
} from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { judgeAccess, judgeCall } from "../judge.ts";
import type { StatementResult } from "../statement-result.ts";
import { registerAddress, type Target } from "../target.ts";

type RegisterOperation = Extract<Operation, { kind: "write-register" | "modify-register" | "read-register" }>;

type ReadOperation = Extract<Operation, { kind: "read-register" | "read-address" }>;

/** Bits that a load reads where neither its word nor its register says how many. */
const DEFAULT_WIDTH = 32;

/** Bytes of an access. */
export function bytesOf({ width }: { readonly width: AccessWidth }): AccessBytes {
  return width === 64 ? 8 : width === 32 ? 4 : width === 16 ? 2 : 1;
}

/** The problem of an ITS that the machine does not have. */
export function noSuchIts({ map, name }: Target, its: number, whole: Span): Diagnostic {
  return map.its.length === 0 ? runErrors.noIts(whole) : runErrors.noItsOfNumber(whole, its, map.its.length, name);
}

/** Reads or writes a register as its PE does. */
export function performRegister(target: Target, operation: RegisterOperation, whole: Span): Partial<StatementResult> {
  const { location } = operation;
  const { name, pe } = location;
  if (pe >= target.cpus) return { problems: [runErrors.noRegisterOfPe(whole, name, pe, target.cpus)] };
  if (location.register.block === "GITS" && location.its >= target.map.its.length) {
    return { problems: [noSuchIts(target, location.its, whole)] };
  }
  const address = registerAddress(target, location);
  const bytes = bytesOf(operation);
  const read = (): bigint | undefined =>
    address === undefined
      ? (target.readSystemRegister(pe, name) ?? target.readHypervisorRegister?.(pe, name))
      : target.read(address, bytes, pe);
  const write = (value: bigint): boolean =>
    address === undefined ? target.writeSystemRegister(pe, name, value) : target.write(address, bytes, value, pe);
  const judged = (answered: boolean): Partial<StatementResult> => ({
    problems:
      address !== undefined || answered
        ? judgeAccess(target, answered, name, operation, whole)
        : absent(target, operation, whole),
  });
  if (operation.kind === "write-register") return judged(write(operation.value));
  const value = read();
  if (value === undefined) return judged(false);
  if (operation.kind === "modify-register") return judged(write(insertRaw(value, operation.field, operation.raw)));
  const result = judged(true);
  if ((result.problems ?? []).length > 0) return result;
  const { field, width } = operation;
  if (field === undefined) return { shown: { label: name, value, width } };
  return {
    shown: { label: `${name}.${field.name}`, value: extractRaw(value, field), width: field.msb - field.lsb + 1 },
  };
}

/** What is wrong with a register that has no address, when nothing answers. */
function absent(target: Target, operation: RegisterOperation, whole: Span): readonly Diagnostic[] {
  const { name, pe, register } = operation.location;
  const errno = target.vmm?.takeRunError() ?? 0;
  if (errno !== 0) return judgeCall("KVM_RUN", { errno }, operation, whole);
  if (operation.kind !== "read-register" && register.access === "RO") return [runErrors.readOnlyRegister(whole, name)];
  const isHost = target.readHypervisorRegister?.(pe, name) !== undefined;
  return [isHost ? runErrors.hypervisorRegister(whole, name) : runErrors.noRegister(whole, name, target.name)];
}

/**
 * Reads a register or an address with its effects, in the middle of an expression.
 * @param begins is told of the load before it is made @returns the value, or what is wrong
 */
export function readInExpression(
  target: Target,
  read: ReadExpression,
  scope: Scope,
  begins: (operation: ReadOperation) => void,
): bigint | Diagnostic {
  const width = namedWidth(read.word.text);
  const { target: place } = read;
  if (place.kind !== "register") {
    const address = computeAddress(place, scope);
    if (isProblem(address)) return address;
    const operation: ReadOperation = {
      kind: "read-address",
      address,
      width: width ?? DEFAULT_WIDTH,
      pe: scope.pe ?? 0,
    };
    begins(operation);
    const value = target.read(Number(address), bytesOf(operation), operation.pe);
    const [problem] = judgeAccess(target, value !== undefined, hex(address), {}, read);
    return problem ?? value ?? runErrors.busError(read, hex(address));
  }
  const located = locateRegister(place, scope);
  if (isProblem(located)) return located;
  const { location, field } = located;
  const operation = { kind: "read-register", location, width: width ?? location.register.width, field } as const;
  begins(operation);
  const { problems: [problem] = [], shown } = performRegister(target, operation, read);
  if (problem !== undefined || shown === undefined) return problem ?? runErrors.busError(read, location.name);
  return ofField(shown.value, field);
}

/** A field's value as expressions have it: addresses whole. */
function ofField(value: bigint, field: Field | undefined): bigint {
  return field === undefined ? value : fieldArgument(field, value);
}
