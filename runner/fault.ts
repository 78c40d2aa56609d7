import { commandErrorByCode, hex } from "../architecture/index.ts";
import type { Fault } from "../language/index.ts";

/** What a refused command or MSI met, as a sentence without a full stop. */
export function faultSentence(fault: Fault): string {
  switch (fault.kind) {
    case "device-not-mapped":
      return `DeviceID ${hex(fault.device)} is not mapped`;
    case "device-without-place":
      return `DeviceID ${hex(fault.device)} has no place in the device table of GITS_BASER0`;
    case "event-beyond-itt": {
      const last = hex(2 ** fault.eventBits - 1);
      return `EventID ${hex(fault.event)} is beyond the ITT of DeviceID ${hex(fault.device)}, which has events 0x0 to ${last}`;
    }
    case "event-not-mapped":
      return `${eventName(fault)} is not mapped`;
    case "event-without-target": {
      const collection = fault.icid === undefined ? "its collection" : `ICID ${hex(fault.icid)}`;
      return `${eventName(fault)} has no target: ${collection} is not mapped`;
    }
    case "event-virtual":
      return `${eventName(fault)} is a virtual one, of vPEID ${hex(fault.vpeId)}`;
    case "collection-not-mapped":
      return `ICID ${hex(fault.icid)} is not mapped to a redistributor`;
    case "collection-without-place":
      return `ICID ${hex(fault.icid)} has no place in the collection table`;
    case "command-error":
      return commandErrorByCode(fault.code)?.cause ?? `error ${hex(fault.code)}`;
  }
}

/** What to do about a refused command or MSI, by what it met: a code stands for several causes, so its own advice may be another's. */
export function faultAdvice(fault: Fault, code: number): string {
  switch (fault.kind) {
    case "device-not-mapped":
      return "Issue MAPD for the device first.";
    case "event-beyond-itt":
      return "Use a smaller EventID, or MAPD with a larger Size.";
    case "event-not-mapped":
      return "Issue MAPTI or MAPI for the event first.";
    case "event-without-target":
    case "collection-not-mapped":
      return "Issue MAPC for the ICID first.";
    default:
      return commandErrorByCode(code)?.advice ?? "";
  }
}

function eventName({ device, event }: { readonly device: number; readonly event: number }): string {
  return `EventID ${hex(event)} of DeviceID ${hex(device)}`;
}
