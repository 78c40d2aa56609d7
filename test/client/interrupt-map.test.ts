import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { flowGraph, MAX_NODES } from "../../client/webview/parts/flow-graph.ts";
import { mapRows, matchingEvents } from "../../client/webview/parts/map-rows.ts";
import { type NodeTexts, nodeText } from "../../client/webview/parts/node-text.ts";
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

describe("a box of an interrupt map", () => {
  const pe: NodeTexts = { name: "PE 2", short: "PE 2", counts: "2, 1 pending", events: 2, pending: 1 };
  const device: NodeTexts = {
    name: "ITS 1 DeviceID 0xabcdef01",
    short: "0xabcdef01",
    counts: "20, 12 pending",
    events: 20,
    pending: 12,
  };

  it("says in words what is pending where these have room, with less of the name first", () => {
    assert.deepEqual(nodeText(pe, 19), { text: "PE 2 · 2, 1 pending" });
    assert.deepEqual(nodeText(device, 27), { text: "0xabcdef01 · 20, 12 pending" });
  });

  it("has a badge of what is pending beside a text that is cut", () => {
    assert.deepEqual(nodeText(pe, 18), { text: "PE 2 · 2", badge: "●1" });
    assert.deepEqual(nodeText(pe, 10), { text: "PE 2", badge: "●1" });
    assert.deepEqual(nodeText(device, 9), { text: "0xab…", badge: "●12" });
  });

  for (const texts of [pe, device, { ...device, pending: 123_456, counts: "200000, 123456 pending" }]) {
    it(`never loses that ${texts.pending} of ${texts.name} are pending, nor is wider than its room`, () => {
      for (let room = 3; room < 60; room++) {
        const { text, badge } = nodeText(texts, room);
        assert.ok(badge?.startsWith("●") || text.includes(" pending"), `${room}: ${text}`);
        assert.ok(text.length + (badge === undefined ? 0 : badge.length + 1) <= room, `${room}: ${text} ${badge}`);
      }
    });
  }

  it("has no badge where nothing is pending", () => {
    assert.deepEqual(nodeText({ ...pe, counts: "2", pending: 0 }, 5), { text: "PE 2", badge: undefined });
  });
});
