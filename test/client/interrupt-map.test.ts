import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MapLabels } from "../../client/report-protocol.ts";
import { flowGraph, MAX_NODES } from "../../client/webview/parts/flow-graph.ts";
import { mapNames } from "../../client/webview/parts/map-names.ts";
import { mapRows, matchingEvents } from "../../client/webview/parts/map-rows.ts";
import type { InterruptMap, MapEvent } from "../../dumps/captures/index.ts";

const event = (
  eventId: number,
  intid: number,
  icid: number,
  target: MapEvent["target"],
  more: Partial<MapEvent> = {},
) => ({ eventId, intid, icid, target, enabled: true, pending: [], ...more }) satisfies MapEvent;

const map: InterruptMap = {
  devices: [
    {
      its: 0,
      deviceId: 8,
      events: [event(0, 8192, 0, 0, { name: "eth0-rx" }), event(1, 8193, 1, 1, { pending: [1] })],
    },
    { its: 0, deviceId: 0x10, events: [event(0, 8194, 1, 1, { enabled: false }), event(1, 8195, 7, "not mapped")] },
    { its: 0, deviceId: 0x20, events: [] },
  ],
  pes: 2,
  leftOut: 0,
};

/** LPIs that a filter leaves. */
const found = (...asked: [text: string, facet?: Parameters<typeof matchingEvents>[2]]): number[] =>
  matchingEvents(map, ...asked).flatMap(({ events }) => events.map(({ intid }) => intid));

describe("the filter of an interrupt map", () => {
  for (const [text, lpis] of [
    ["", [8192, 8193, 8194, 8195]],
    ["8193", [8193]],
    ["0x10", [8194, 8195]],
    ["pe:1", [8193, 8194]],
    ["pe:1 disabled", [8194]],
    ["pending", [8193]],
    ["lpi=0x2000", [8192]],
    ["ETH0", [8192]],
    ["icid:7", [8195]],
    ["event:1 device:8", [8193]],
    ["constructor", []],
    ["pe:x", []],
  ] as const) {
    it(`"${text}" leaves ${lpis.length} events`, () => assert.deepEqual(found(text), lpis));
  }

  it("leaves the events of a part that is chosen", () => {
    assert.deepEqual(found("", { kind: "target", id: "not mapped" }), [8195]);
    assert.deepEqual(found("", { kind: "collection", its: 0, id: 1 }), [8193, 8194]);
    assert.deepEqual(found("", { kind: "device", its: 1, id: 8 }), []);
  });
});

describe("the tree of an interrupt map", () => {
  it("has the events of open devices, with their places among them", () => {
    const rows = mapRows(matchingEvents(map, ""), ({ deviceId }) => deviceId === 8);
    assert.deepEqual(
      rows.map(({ kind, place, of }) => `${kind} ${place}/${of}`),
      ["device 1/3", "event 1/2", "event 2/2", "device 2/3", "device 3/3"],
    );
  });
});

describe("the picture of an interrupt map", () => {
  it("sums events up by devices, collections and PEs", () => {
    const { columns, edges } = flowGraph(map);
    const counts = columns.map((nodes) => nodes.map(({ facet, events }) => [facet?.id, events]));
    assert.deepEqual(counts, [
      [
        [8, 2],
        [0x10, 2],
      ],
      [
        [0, 1],
        [1, 2],
        [7, 1],
      ],
      [
        [0, 1],
        [1, 2],
        ["not mapped", 1],
      ],
    ]);
    assert.equal(columns[2][1].pending, 1);
    assert.equal(
      edges.filter(({ from }) => from.column === 1).reduce((sum, { events }) => sum + events, 0),
      4,
    );
    const ofDevice8 = edges.filter(({ through }) => through.has(columns[0][0].key));
    assert.equal(ofDevice8.length, 4, "two ways of two lines each");
  });

  it("puts what is too much for a column into one node", () => {
    const devices = Array.from({ length: 5000 }, (_, deviceId) => ({
      its: 0,
      deviceId,
      events: [
        event(0, 8192 + deviceId, deviceId % 3, deviceId % 3),
        ...(deviceId === 4999 ? [event(1, 20_000, 0, 0)] : []),
      ],
    }));
    const [nodes] = flowGraph({ devices, pes: 3, leftOut: 0 }).columns;
    assert.equal(nodes.length, MAX_NODES);
    assert.deepEqual([nodes.at(-1)?.things, nodes.at(-1)?.events], [5000 - (MAX_NODES - 1), 5000 - (MAX_NODES - 1)]);
    assert.ok(
      nodes.some(({ facet }) => facet?.id === 4999),
      "the one with the most events has a node",
    );
  });
});

describe("the boxes of an interrupt map", () => {
  const labels = {
    pendingCount: "{0} pending",
    pes: "PEs",
    devices: "Devices",
    collections: "Collections",
  } as MapLabels;
  const names = mapNames(labels);
  const boxes = flowGraph(map).columns.flat();
  const named = (key: RegExp) => boxes.map((node) => names.node(node)).find(([whole]) => key.test(whole)) ?? [];
  it("say what is pending in every form, however narrow", () => {
    assert.deepEqual(named(/^DeviceID 0x8/), [
      "DeviceID 0x8 · 2, 1 pending",
      "0x8 · 2, 1 pending",
      "0x8 · 2 ●1",
      "0x8 ●1",
      "●1",
    ]);
  });
  it("keep their name where nothing is pending", () => {
    assert.deepEqual(named(/^DeviceID 0x10/), ["DeviceID 0x10 · 2", "0x10 · 2", "0x10"]);
  });
});
