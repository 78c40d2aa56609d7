import { hex } from "../../architecture/hex.ts";
import type { RegisterLocation } from "../../language/index.ts";
import type { Target } from "../target.ts";
import { fieldType, type NumberStyle } from "./format-value.ts";
import { children, type DisplayNode } from "./node.ts";
import { type FieldView, type RegisterView, readRegister } from "./read-register.ts";
import type { RegisterGroup } from "./register-group.ts";

/** A register with its fields below it. */
export function registerNode(target: Target, location: RegisterLocation, style: NumberStyle = {}): DisplayNode {
  const view = readRegister(target, location, style);
  return {
    name: view.name,
    value: view.text,
    type: registerType(view),
    address: view.address,
    expression: registerExpression(location),
    writable: isWritable(view.access) && !isSeenByHost(location),
    children:
      view.value === undefined
        ? undefined
        : children((wanted) =>
            readRegister(target, location, wanted).fields.map((field) => fieldNode(location, view.access, field)),
          ),
  };
}

/** A group as a node, its registers below it. */
export function groupNode(target: Target, group: RegisterGroup): DisplayNode {
  return {
    name: group.title,
    value: "",
    children: children((style) => group.locations.map((location) => registerNode(target, location, style))),
  };
}

/** "64-bit register at 0x8080080, RW" */
function registerType({ width, address, access }: RegisterView): string {
  return `${width}-bit register${address === undefined ? "" : ` at ${hex(address)}`}, ${access}`;
}

function fieldNode(location: RegisterLocation, access: string, view: FieldView): DisplayNode {
  return {
    name: view.name,
    value: view.text,
    type: `${fieldType(view.field)}, ${view.access ?? access}`,
    address: view.field.unit === "address" && view.raw !== 0n ? Number(view.meaning) : undefined,
    expression: `${registerExpression(location)}.${view.name}`,
    writable: isWritable(view.access ?? access) && !isSeenByHost(location),
  };
}

/** The register as scripts name it: `GICR_CTLR[1]`, `GITS_CTLR@1`. */
export function registerExpression({ name, register, pe, its }: RegisterLocation): string {
  if (register.block === "GICD" && pe > 0) return `${name}@${pe}`;
  if (register.block !== "GITS" && pe > 0) return `${name}[${pe}]`;
  return register.block === "GITS" && its > 0 ? `${name}@${its}` : name;
}

/** The hypervisor interface is KVM's own: it can be looked at. */
function isSeenByHost({ register }: RegisterLocation): boolean {
  return register.block === "ICH" || register.block === "GICH";
}

/** Whether software can write a field of a register: its own access, or the register's. */
export function isWritableField(
  { location, access }: Pick<RegisterView, "location" | "access">,
  field: Pick<FieldView, "access">,
): boolean {
  return isWritable(field.access ?? access) && !isSeenByHost(location);
}

function isWritable(access: string): boolean {
  return ["RW", "WO", "W1C", "W1S"].includes(access);
}
