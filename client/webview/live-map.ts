import type { InterruptMap, MapDevice } from "../../dumps/captures/interrupt-map.ts";
import type { LiveMapLabels } from "../views/view-texts.ts";
import { startPage, unlessStale } from "./live/page.ts";
import { element } from "./parts/dom.ts";
import { flowGraph } from "./parts/flow-graph.ts";
import { FlowView } from "./parts/flow-view.ts";
import { filterKeys } from "./parts/keyboard.ts";
import { mapNames } from "./parts/map-names.ts";
import { type MapFacet, type MapRow, mapRows, matchingEvents } from "./parts/map-rows.ts";
import { mapText } from "./parts/map-text.ts";
import { MapTree } from "./parts/map-tree.ts";

/** Events up to which all devices are open at first. */
const OPEN_EVENTS = 200;
const SETTLE_MS = 80;

let labels: LiveMapLabels | undefined;
let map: InterruptMap | undefined;
let model = "";
let facet: MapFacet | undefined;
let timer = 0;
/** Devices whose events show otherwise than all do; by name, so that they stay so at the next stop. */
const turned = new Set<string>();

const header = element("p", { class: "detail summary-line" });
const filter = element("input", { type: "search", class: "filter", spellcheck: "false" });
const all = element("button", { class: "action", type: "button" });
const status = element("span", { class: "status summary-line", role: "status" });
const flow = new FlowView(element("div", { class: "flow" }), choose);
const tree = new MapTree({
  toggle: (row, open) => turn(row, open),
  open: (row) => {
    const { its, deviceId: device } = row.device;
    void host.extension.ask("goTo", row.kind === "event" ? { its, device, event: row.event.eventId } : { its, device });
  },
  copy: (text) => void host.extension.ask("copy", { text }),
});
const hint = element("p", { class: "hint" });

document.body.classList.add("map");
const host = startPage<LiveMapLabels>({
  content: [
    header,
    flow.root,
    element("div", { class: "toolbar", role: "toolbar" }, filter, all, status),
    tree.root,
    hint,
  ],
  begin(given) {
    labels = given;
    filter.placeholder = given.filterHint;
    filter.setAttribute("aria-label", given.filter);
    all.textContent = given.all;
    hint.textContent = given.liveKeys;
    hint.title = given.liveKeys;
  },
  refresh: () => void refresh(),
  clear: () => {
    map = undefined;
    turned.clear();
  },
  answers: {
    table: () => ({ text: labels === undefined || map === undefined ? "" : mapText(map, labels) }),
    filter({ text }) {
      if (text === undefined) filter.focus();
      else {
        filter.value = text;
        update();
      }
      return null;
    },
  },
});

filterKeys(filter, tree.root);
filter.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(update, SETTLE_MS);
});
all.addEventListener("click", () => {
  filter.value = "";
  choose(undefined);
});

async function refresh(): Promise<void> {
  await host.ask("gic/map", {}).then((body) => {
    map = body.map;
    model = body.model;
    show();
  }, unlessStale);
}

function show(): void {
  if (labels === undefined || map === undefined) return;
  const left = map.leftOut === 0 ? "" : ` · ${labels.leftOut.replace("{0}", String(map.leftOut))}`;
  header.textContent = `${model}${left}`;
  flow.show(flowGraph(map), labels);
  update();
}

function choose(chosen: MapFacet | undefined): void {
  facet = chosen;
  flow.mark(chosen);
  update();
}

function turn({ device }: MapRow, open: boolean): void {
  if (open === isOpen(device)) return;
  const key = keyOf(device);
  if (!turned.delete(key)) turned.add(key);
  update();
}

function isOpen(device: MapDevice): boolean {
  const asked = facet !== undefined || filter.value.trim() !== "";
  return (asked || countOf(map) <= OPEN_EVENTS) !== turned.has(keyOf(device));
}

function keyOf({ its, deviceId }: MapDevice): string {
  return `${its} ${deviceId}`;
}

function countOf(shown: InterruptMap | undefined): number {
  return shown?.devices.reduce((sum, { events }) => sum + events.length, 0) ?? 0;
}

function update(): void {
  if (map === undefined || labels === undefined) return;
  const matching = matchingEvents(map, filter.value, facet);
  const found = matching.reduce((sum, { events }) => sum + events.length, 0);
  all.hidden = facet === undefined && filter.value === "";
  const total = countOf(map);
  status.textContent =
    total === 0 ? labels.noEvents : matching.length === 0 ? labels.noMatch : mapNames(labels).count(found, total);
  tree.show(mapRows(matching, isOpen), labels);
}
