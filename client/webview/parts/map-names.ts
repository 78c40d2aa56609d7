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
    /** `short`: where the heading of the column has to say what it is. */
    node(node: FlowNode): { readonly name: string; readonly short: string; readonly counts: string } {
      const { facet, column, things, events, pending } = node;
      const counts = pending === 0 ? `${events}` : `${events}, ${filled(labels.pendingCount, String(pending))}`;
      const named = (kind: string, id: string) => ({ name: `${kind} ${id}`, short: id, counts });
      if (facet === undefined) {
        const what = [labels.devices, labels.collections, labels.pes][column];
        return { name: `+${things} ${what}`, short: `+${things}`, counts };
      }
      if (facet.kind === "target") return { name: target(facet.id), short: target(facet.id), counts };
      if (facet.kind === "vpe") return named("vPEID", hex(facet.id));
      const kind = facet.kind === "device" ? "DeviceID" : "ICID";
      return named(`${facet.its > 0 ? `ITS ${facet.its} ` : ""}${kind}`, hex(facet.id));
    },
    /** How many events show, of how many. */
    count(shown: number, all: number): string {
      if (shown === all) return filled(labels.events, String(all));
      return filled(labels.shown, String(shown)).replace("{1}", String(all));
    },
    device({ its, deviceId }: MapDevice): string {
      return `${its > 0 ? `ITS ${its} ` : ""}DeviceID ${hex(deviceId)}`;
    },
    /** Cells of an event's line. */
    event({ eventId, intid, icid, vpe, target: to, enabled, priority, pending, name, changed }: MapEvent): string[] {
      const isVirtual = vpe !== undefined;
      const state = enabled === undefined ? labels.enabledUnknown : enabled ? labels.enabled : labels.disabled;
      return [
        `EventID ${hex(eventId)}`,
        `${isVirtual ? "vLPI" : "LPI"} ${intid}`,
        isVirtual ? `vPEID ${hex(vpe)}` : `ICID ${icid === undefined ? "?" : hex(icid)}`,
        isVirtual ? "" : target(to),
        // Where it goes stands before it; where it waits elsewhere, too, is said.
        pending.length === 1 && pending[0] === to
          ? labels.pendingHere
          : pending.length === 0
            ? ""
            : filled(labels.pending, pending.join(", ")),
        isVirtual ? "" : state,
        isVirtual || priority === undefined ? "" : filled(labels.priority, hex(priority)),
        name ?? "",
        changed === true ? (labels.changed ?? "") : "",
      ];
    },
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
