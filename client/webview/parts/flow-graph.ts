import type { InterruptMap } from "../../../dumps/captures/interrupt-map.ts";
import type { MapFacet } from "./map-rows.ts";

/** Nodes of a column at most; what is left becomes one node together. */
export const MAX_NODES = 24;

/** A device, a collection (or vPE) or a PE, with the events that go through it. */
export interface FlowNode {
  readonly key: string;
  /** 0: devices, 1: collections, 2: PEs. */
  readonly column: 0 | 1 | 2;
  /** What it stands for; undefined: several things together. */
  readonly facet: MapFacet | undefined;
  /** How many things it stands for. */
  readonly things: number;
  events: number;
  enabled: number;
  pending: number;
  /** Of a session: events that are others than at the stop before. */
  changed: number;
}

/** Events between two nodes. */
export interface FlowEdge {
  readonly from: FlowNode;
  readonly to: FlowNode;
  /** Keys of all nodes that its events go through. */
  readonly through: Set<string>;
  events: number;
  pending: number;
}

export interface FlowGraph {
  readonly columns: readonly [readonly FlowNode[], readonly FlowNode[], readonly FlowNode[]];
  readonly edges: readonly FlowEdge[];
}

/** Sums the events of a map up: from devices by collections to PEs. */
export function flowGraph({ devices }: InterruptMap): FlowGraph {
  const facets: {
    readonly path: readonly [MapFacet, MapFacet, MapFacet];
    readonly enabled: boolean;
    readonly pending: boolean;
    readonly changed: boolean;
  }[] = [];
  for (const { its, deviceId, events } of devices) {
    for (const { icid, vpe, target, enabled, pending, changed } of events) {
      const middle: MapFacet =
        vpe === undefined ? { kind: "collection", its, id: icid ?? 0 } : { kind: "vpe", id: vpe };
      const path = [
        { kind: "device", its, id: deviceId },
        middle,
        { kind: "target", id: vpe === undefined ? target : "unknown" },
      ] as const;
      facets.push({ path, enabled: enabled === true, pending: pending.length > 0, changed: changed === true });
    }
  }
  const columns = [0, 1, 2].map((column) =>
    nodesOf(
      facets.map(({ path }) => path[column]),
      column as FlowNode["column"],
    ),
  );
  const edges = new Map<string, FlowEdge>();
  for (const { path, enabled, pending, changed } of facets) {
    const nodes = path.map((facet, column) => columns[column].of(facet));
    for (const node of nodes) {
      node.events++;
      if (enabled) node.enabled++;
      if (pending) node.pending++;
      if (changed) node.changed++;
    }
    for (const [from, to] of [nodes.slice(0, 2), nodes.slice(1)]) {
      const key = `${from.key} ${to.key}`;
      const edge = edges.get(key) ?? { from, to, through: new Set(), events: 0, pending: 0 };
      edges.set(key, edge);
      edge.events++;
      for (const node of nodes) edge.through.add(node.key);
      if (pending) edge.pending++;
    }
  }
  const [first, second, third] = columns.map(({ nodes }) => nodes);
  return { columns: [first, second, third], edges: [...edges.values()] };
}

/** The nodes of a column in the order of their ids: those with the most events, where there are too many. */
function nodesOf(facets: readonly MapFacet[], column: FlowNode["column"]) {
  const counts = new Map<string, { readonly facet: MapFacet; count: number }>();
  for (const facet of facets) {
    const known = counts.get(keyOf(facet));
    if (known === undefined) counts.set(keyOf(facet), { facet, count: 1 });
    else known.count++;
  }
  const all = [...counts.values()];
  const kept = all.length <= MAX_NODES ? all : all.toSorted((a, b) => b.count - a.count).slice(0, MAX_NODES - 1);
  const nodes = kept
    .map(({ facet }) => facet)
    .sort(byId)
    .map(
      (facet): FlowNode => ({
        key: keyOf(facet),
        column,
        facet,
        things: 1,
        events: 0,
        enabled: 0,
        pending: 0,
        changed: 0,
      }),
    );
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const things = all.length - kept.length;
  const rest: FlowNode = {
    key: `rest ${column}`,
    column,
    facet: undefined,
    things,
    events: 0,
    enabled: 0,
    pending: 0,
    changed: 0,
  };
  if (things > 0) nodes.push(rest);
  return { nodes, of: (facet: MapFacet): FlowNode => byKey.get(keyOf(facet)) ?? rest };
}

export function keyOf(facet: MapFacet): string {
  return `${facet.kind} ${"its" in facet ? facet.its : ""} ${facet.id}`;
}

function byId(a: MapFacet, b: MapFacet): number {
  const its = ("its" in a ? a.its : 0) - ("its" in b ? b.its : 0);
  if (its !== 0) return its;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  // Those without a PE stand last.
  const number = (id: MapFacet["id"]) => (typeof id === "number" ? id : Number.POSITIVE_INFINITY);
  return number(a.id) === number(b.id) ? String(a.id).localeCompare(String(b.id)) : number(a.id) - number(b.id);
}
