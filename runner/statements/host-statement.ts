import { type AttributeGroup, attributesOf, type DeviceType } from "../../architecture/index.ts";
import type { HostResult, StepResult, Steps, Vmm } from "../../emulator/index.ts";
import type { Operation, Span } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { judgeCall } from "../judge.ts";
import type { StatementResult } from "../statement-result.ts";
import type { Stretches } from "../stretches.ts";
import type { Target } from "../target.ts";

type HostOperation = Extract<Operation, { kind: "host" }>;
type AttributeOperation = Extract<Operation, { kind: "attribute" }>;

/** Carries out what the VMM or one of its vCPUs does: `user-write`, `vcpu-run`, `begin`, `step` and their kin. */
export function performHost(target: Target, operation: HostOperation, whole: Span): Partial<StatementResult> {
  const { vmm } = target;
  const { verb, pe } = operation;
  if (vmm === undefined) return { problems: [runErrors.noUserSpace(whole, verb, target.name)] };
  if (pe !== undefined && pe >= target.cpus) return { problems: [runErrors.noPe(whole, String(pe), target.cpus)] };
  if (verb === "step" && pe !== undefined) return stepWriter(vmm, pe, operation, whole);
  if (verb === "user-read") return readRegister(vmm, operation, whole);
  const result = act(vmm, operation, pe);
  if (typeof result === "string") return { problems: [runErrors.noStep(whole, result)] };
  if (result === undefined) {
    return { problems: [runErrors.noRegisterAttribute(whole, operation.location?.name ?? "")] };
  }
  return { problems: judgeCall(verb, result, operation, whole), answer: BigInt(result.errno) };
}

/** @returns a sentence when there is nothing to step or to begin, undefined when there is no such register */
function act(vmm: Vmm, operation: HostOperation, pe: number | undefined): HostResult | string | undefined {
  const { verb, location, value = 0n } = operation;
  switch (verb) {
    case "vcpu-run":
      return vmm.runVcpu(pe ?? 0);
    case "vcpu-add":
      return vmm.addVcpu(Number(value));
    case "vcpu-stop":
      return vmm.stopVcpu(pe ?? 0);
    case "step":
      return vmm.stepSet() ?? "User space has begun nothing. Write begin user, REGISTER = VALUE.";
    default:
      if (location === undefined) return undefined;
      if (verb === "user-write") return vmm.setRegister(location, value);
      if (pe === undefined) return vmm.beginSet(location, value);
      if (vmm.beginCwriter(pe, location.its, Number(value & 0xffff_ffffn))) return { errno: 0 };
      return `The last store of PE ${pe} has not returned. Write step ${pe}.`;
  }
}

/** What a step of a store to GITS_CWRITER was, for users. */
const steps: Readonly<Record<StepResult, string>> = {
  waits: "waits for the lock",
  "took the queue": "stored the value and carries out the commands",
  "left it to another": "stored the value and returned; another PE carries out the commands",
  command: "carried out a command",
  "moved on": "moved GITS_CREADR on",
  returned: "returned",
};

/** The next step of a vCPU in its store. What it was is shown. */
function stepWriter(vmm: Vmm, pe: number, operation: HostOperation, whole: Span): Partial<StatementResult> {
  const step = vmm.stepCwriter(pe);
  if (step === undefined) {
    const sentence = `PE ${pe} is in no store to GITS_CWRITER. Write begin ${pe}, GITS_CWRITER = VALUE.`;
    return { problems: [runErrors.noStep(whole, sentence)] };
  }
  const problems = judgeCall("step", { errno: 0 }, operation, whole);
  return { problems, shown: { label: `PE ${pe}`, value: 0n, width: 1, text: steps[step] } };
}

function readRegister(vmm: Vmm, operation: HostOperation, whole: Span): Partial<StatementResult> {
  const { location } = operation;
  const read = location && vmm.getRegister(location);
  if (location === undefined || read === undefined) {
    return { problems: [runErrors.noRegisterAttribute(whole, location?.name ?? "")] };
  }
  const problems = judgeCall("user-read", read, operation, whole);
  if (read.errno !== 0) return { problems };
  return { problems, shown: { label: location.name, value: read.value, width: location.register.width } };
}

const calls = { "set-attr": "set", "get-attr": "get", "has-attr": "has" } as const;

/** Carries out a call of the device-attribute API. */
export function* performAttribute(
  target: Target,
  operation: AttributeOperation,
  whole: Span,
  stretches: Stretches,
): Steps<Partial<StatementResult>> {
  const { vmm } = target;
  const { verb, device, its, group, attribute, value } = operation;
  if (vmm === undefined) return { problems: [runErrors.noUserSpace(whole, verb, target.name)] };
  const call = { verb: calls[verb], device, its, group: group.group, attribute, value };
  const result = yield* stretches.call(() => vmm.attribute(call));
  if (result === undefined)
    return { problems: [runErrors.noDevice(whole, target.name, its === 0 ? device : `${device} ${its}`)] };
  if (result.crash !== undefined) return { problems: [runErrors.hostCrash(whole, result.crash)] };
  const problems = judgeCall(verb, result, operation, whole);
  if (verb !== "get-attr" || result.errno !== 0) return { problems, answer: BigInt(result.errno) };
  const label = [device, group.name, attributeLabel(device, group, attribute)].filter((part) => part !== "").join(" ");
  return { problems, shown: { label, value: result.value, width: group.valueBytes * 8 } };
}

/** An attribute by its name or number; empty in a group without any. */
function attributeLabel(device: DeviceType, group: AttributeGroup, attribute: bigint): string {
  if (group.attributes === undefined && group.encodings === undefined) return "";
  const named = attributesOf(group, device).find(({ attr }) => BigInt(attr) === attribute);
  return named?.name ?? `0x${attribute.toString(16)}`;
}
