import type { InterruptMap } from "../../../dumps/captures/interrupt-map.ts";
import type { MapLabels } from "../../report-protocol.ts";
import { mapNames } from "./map-names.ts";
import { matchingEvents } from "./map-rows.ts";

/** A map as text: a line a device, and below it a line for each of its events. Runs in a page and beside it. */
export function mapText(map: InterruptMap, labels: MapLabels): string {
  const names = mapNames(labels);
  const line = (cells: readonly string[]): string => cells.filter((cell) => cell !== "").join(", ");
  const lines = matchingEvents(map, "").flatMap(({ device, events }) => [
    line([names.device(device), names.count(events.length, device.events.length)]),
    ...events.map((event) => `  ${line(names.event(event))}`),
  ]);
  if (map.leftOut > 0) lines.push(labels.leftOut.replace("{0}", String(map.leftOut)));
  return lines.map((text) => `${text}\n`).join("");
}
