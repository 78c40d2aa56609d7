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
  if (target.vmm === undefined) return;
  const { length } = target.map.its;
  const restored = restoredIts(operation);
  if (restored !== undefined && restored < length) {
    if (target.queue(restored).enabled)
      found.add(rules.enabledBeforeTables, "GITS_CTLR.Enabled is 1 when RESTORE_TABLES is called");
    // Without the table of collections alone the call fails, or there is no event to lose.
    if (!isValid(target, DEVICES, restored)) found.add(rules.nothingToRestore, DEVICES);
  }
  if (operation.kind !== "host" || operation.verb !== "user-write" || operation.location?.name !== "GITS_IIDR") return;
  const { its } = operation.location;
  for (const { deviceId } of its < length ? target.tables(its).devices() : []) {
    const why = `GITS_IIDR is written when DeviceID ${hex(deviceId)} is there already`;
    found.add(rules.enabledBeforeTables, why);
    break;
  }
}

/** Number of the ITS whose tables an operation restores; undefined: it restores none. */
function restoredIts(operation: Operation): number | undefined {
  if (operation.kind === "action") return operation.action === "restore" ? operation.its : undefined;
  if (operation.kind !== "attribute" || operation.verb !== "set-attr") return undefined;
  const { device, group, attribute, its } = operation;
  return device === "VGIC_ITS" && group.name === "CTRL" && attribute === RESTORE_TABLES ? its : undefined;
}

/** KVM_DEV_ARM_ITS_RESTORE_TABLES. */
const RESTORE_TABLES = 2n;

function isValid(target: Target, name: string, its: number): boolean {
  const member = registerByName(name);
  const value = member && peekRegister(target, { name, ...member, pe: 0, its });
  return value === undefined || valid === undefined || extractRaw(value, valid) === 1n;
}
