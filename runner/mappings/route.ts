import { commandByOpcode } from "../../architecture/index.ts";
import type { Operation } from "../../language/index.ts";
import { commandIds } from "../explain-outcome.ts";
import type { Target } from "../target.ts";

/** Where the event of an MSI or a command went. */
export interface Route {
  readonly intid: number;
  /** PE number; undefined while the event's collection has none, and of a virtual event. */
  readonly pe: number | undefined;
  /** Of a virtual event: the vPE that it goes to. */
  readonly vpe: number | undefined;
}

/** Commands that name an event which is mapped already. */
const named: ReadonlySet<string> = new Set(["INT", "CLEAR", "INV", "MOVI", "VMOVI"]);

/** Where an ITS sends the event that an operation names; undefined when it names none, or one that is not mapped. */
export function routeOf(operation: Operation, target: Target): Route | undefined {
  const ids = eventOf(operation);
  if (ids === undefined || ids.its >= target.map.its.length) return undefined;
  const tables = target.tables(ids.its);
  const event = tables.event(ids.device, ids.event);
  if (event === undefined) return undefined;
  const collection = event.icid === undefined ? undefined : tables.collection(event.icid);
  return { intid: event.intid, pe: collection?.target, vpe: event.virtual?.vpeId };
}

/** An event of a device of an ITS. */
interface EventIds {
  readonly its: number;
  readonly device: number;
  readonly event: number;
}

function eventOf(operation: Operation): EventIds | undefined {
  if (operation.kind === "msi")
    return { its: operation.its, device: Number(operation.deviceId), event: Number(operation.eventId) };
  if (operation.kind !== "command") return undefined;
  const command = commandByOpcode(Number(BigInt.asUintN(8, operation.words[0])));
  if (command === undefined || !named.has(command.name)) return undefined;
  const { deviceId, eventId } = commandIds(command, operation.words);
  if (deviceId === undefined || eventId === undefined) return undefined;
  return { its: operation.its, device: deviceId, event: eventId };
}
