import type { MapDevice, MapEvent } from "../../../dumps/captures/interrupt-map.ts";
import type { MapLabels } from "../../report-protocol.ts";
import type { FlowNode } from "./flow-graph.ts";

/** What parts of a map are called, in the manual's spelling and the words of the editor's language. */
export function mapNames(labels: MapLabels) {
  const target = (id: MapEvent["target"]): string =>
    typeof id === "number" ? `PE ${id}` : id === "not mapped" ? labels.noPe : labels.unknownPe;
  const filled = (text: string, value: string): string => text.replace("{0}", value);
  return {
    target,
    node({ facet, column, things, events, pending }: FlowNode): { readonly name: string; readonly counts: string } {
      const counts = pending === 0 ? `${events}` : `${events}, ${filled(labels.pendingCount, String(pending))}`;
      if (facet === undefined)
        return { name: `+${things} ${[labels.devices, labels.collections, labels.pes][column]}`, counts };
      switch (facet.kind) {
        case "device":
          return { name: `${facet.its > 0 ? `ITS ${facet.its} ` : ""}DeviceID ${hex(facet.id)}`, counts };
        case "collection":
          return { name: `${facet.its > 0 ? `ITS ${facet.its} ` : ""}ICID ${hex(facet.id)}`, counts };
        case "vpe":
          return { name: `vPEID ${hex(facet.id)}`, counts };
        case "target":
          return { name: target(facet.id), counts };
      }
    },
    device({ its, deviceId }: MapDevice): string {
      return `${its > 0 ? `ITS ${its} ` : ""}DeviceID ${hex(deviceId)}`;
    },
    /** Cells of an event's line. */
    event({ eventId, intid, icid, vpe, target: to, enabled, priority, pending, name }: MapEvent): string[] {
      const isVirtual = vpe !== undefined;
      const state = enabled === undefined ? labels.enabledUnknown : enabled ? labels.enabled : labels.disabled;
      return [
        `EventID ${hex(eventId)}`,
        `${isVirtual ? "vLPI" : "LPI"} ${intid}`,
        isVirtual ? `vPEID ${hex(vpe)}` : `ICID ${icid === undefined ? "?" : hex(icid)}`,
        isVirtual ? "" : target(to),
        isVirtual ? "" : state,
        isVirtual || priority === undefined ? "" : filled(labels.priority, hex(priority)),
        pending.length === 0 ? "" : filled(labels.pending, pending.join(", ")),
        name ?? "",
      ];
    },
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
