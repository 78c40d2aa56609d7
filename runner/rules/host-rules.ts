import { extractRaw, type Field, hex, registerByName } from "../../architecture/index.ts";
import { type Operation, rules } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";
import type { Found } from "./found.ts";

const baser = registerByName("GITS_BASER0");
const valid: Field | undefined = baser?.register.fields.find(({ name }) => name === "Valid");
/** The register of the table of devices, in KVM. */
const DEVICES = "GITS_BASER0";

/** Looks at what a VMM does to an ITS, before it is done. */
export function checkHost(operation: Operation, target: Target, found: Found): void {
  if (target.vmm === undefined || target.map.its.length === 0) return;
  if (isRestore(operation)) {
    if (target.queue(0).enabled)
      found.add(rules.enabledBeforeTables, "GITS_CTLR.Enabled is 1 when RESTORE_TABLES is called");
    // Without the table of collections alone the call fails, or there is no event to lose.
    if (!isValid(target, DEVICES)) found.add(rules.nothingToRestore, DEVICES);
  }
  if (operation.kind !== "host" || operation.verb !== "user-write" || operation.location?.name !== "GITS_IIDR") return;
  for (const { deviceId } of target.tables(0).devices()) {
    const why = `GITS_IIDR is written when DeviceID ${hex(deviceId)} is there already`;
    found.add(rules.enabledBeforeTables, why);
    break;
  }
}

function isRestore(operation: Operation): boolean {
  if (operation.kind === "action") return operation.action === "restore";
  if (operation.kind !== "attribute" || operation.verb !== "set-attr") return false;
  const { device, group, attribute } = operation;
  return device === "VGIC_ITS" && group.name === "CTRL" && attribute === RESTORE_TABLES;
}

/** KVM_DEV_ARM_ITS_RESTORE_TABLES. */
const RESTORE_TABLES = 2n;

function isValid(target: Target, name: string): boolean {
  const member = registerByName(name);
  const value = member && peekRegister(target, { name, ...member, pe: 0, its: 0 });
  return value === undefined || valid === undefined || extractRaw(value, valid) === 1n;
}
