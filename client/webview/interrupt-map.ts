import type { InterruptMap, MapDevice } from "../../dumps/captures/interrupt-map.ts";
import type { FromMap, MapLabels, ToMap } from "../report-protocol.ts";
import "./interrupt-map.css";
import { element } from "./parts/dom.ts";
import { connect } from "./parts/editor-link.ts";
import { flowGraph } from "./parts/flow-graph.ts";
import { FlowView } from "./parts/flow-view.ts";
import { beginAt, filterKeys } from "./parts/keyboard.ts";
import { mapNames } from "./parts/map-names.ts";
import { type MapFacet, type MapRow, mapRows, matchingEvents } from "./parts/map-rows.ts";
import { MapTree } from "./parts/map-tree.ts";

/** Events up to which all devices are open at first. */
const OPEN_EVENTS = 200;
const SETTLE_MS = 100;

let labels: MapLabels | undefined;
let map: InterruptMap | undefined;
let facet: MapFacet | undefined;
let timer = 0;
/** Devices whose events show otherwise than all do. */
const turned = new Set<MapDevice>();
let opensAll = true;

const header = element("header");
const filter = element("input", { type: "search", spellcheck: "false", size: "34" });
const all = element("button", { class: "action", type: "button" });
const again = element("button", { class: "action", type: "button" });
const status = element("span", { class: "status", role: "status" });
const flow = new FlowView(element("div", { class: "flow" }), choose);
const tree = new MapTree({
  toggle: (row, open) => turn(row, open),
  open: (row) => reveal(row),
  copy: (text) => editor.postMessage({ type: "copy", text }),
});
const hint = element("p", { class: "hint" });
document.body.append(
  header,
  element(
    "main",
    {},
    flow.root,
    element("div", { class: "toolbar", role: "toolbar" }, filter, all, again, status),
    tree.root,
    hint,
  ),
);

const editor = connect<FromMap, ToMap>(accept);
window.addEventListener("error", fail);
window.addEventListener("unhandledrejection", fail);
filterKeys(filter, tree.root);
const begin = beginAt(() => tree.root);
filter.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(update, SETTLE_MS);
});
all.addEventListener("click", () => {
  filter.value = "";
  choose(undefined);
});
again.addEventListener("click", () => editor.postMessage({ type: "again" }));
editor.postMessage({ type: "ready" });

function accept(message: ToMap): void {
  if (message.type === "labels") name(message.labels);
  else if (message.type === "map") {
    if (message.kept !== undefined) editor.setState(message.kept);
    show(message.map, message.title, message.detail);
  } else status.textContent = message.text;
}

function name(given: MapLabels): void {
  labels = given;
  filter.placeholder = given.filterHint;
  filter.setAttribute("aria-label", given.filter);
  all.textContent = given.all;
  again.textContent = given.runAgain;
  hint.textContent = given.keys;
}

function show(given: InterruptMap, title: string, detail: string): void {
  if (labels === undefined) return;
  map = given;
  document.title = title;
  turned.clear();
  opensAll = given.devices.reduce((sum, { events }) => sum + events.length, 0) <= OPEN_EVENTS;
  const left =
    given.leftOut === 0
      ? []
      : [element("p", { class: "warning", text: labels.leftOut.replace("{0}", String(given.leftOut)) })];
  header.replaceChildren(element("h1", { text: title }), element("p", { class: "detail", text: detail }), ...left);
  flow.show(flowGraph(given), labels);
  choose(undefined);
  begin();
}

function choose(chosen: MapFacet | undefined): void {
  facet = chosen;
  flow.mark(chosen);
  update();
}

function turn(row: MapRow, open: boolean): void {
  if (open === isOpen(row.device)) return;
  if (!turned.delete(row.device)) turned.add(row.device);
  update();
}

function isOpen(device: MapDevice): boolean {
  const asked = facet !== undefined || filter.value.trim() !== "";
  return (opensAll || asked) !== turned.has(device);
}

function update(): void {
  if (map === undefined || labels === undefined) return;
  const matching = matchingEvents(map, filter.value, facet);
  const found = matching.reduce((sum, { events }) => sum + events.length, 0);
  const total = map.devices.reduce((sum, { events }) => sum + events.length, 0);
  all.hidden = facet === undefined && filter.value === "";
  status.textContent = matching.length === 0 ? labels.noMatch : mapNames(labels).count(found, total);
  tree.show(mapRows(matching, isOpen), labels);
}

function reveal({ device, ...row }: MapRow): void {
  const address = row.kind === "event" ? row.event.address : device.address;
  if (address !== undefined) editor.postMessage({ type: "reveal", its: device.its, address });
}

/** A fault of this page itself. */
function fail(): void {
  status.textContent = labels?.pageFailed ?? "";
}
