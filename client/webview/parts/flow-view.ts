import type { MapLabels } from "../../report-protocol.ts";
import { type FlowGraph, type FlowNode, keyOf } from "./flow-graph.ts";
import { mapNames } from "./map-names.ts";
import type { MapFacet } from "./map-rows.ts";
import { nodeText } from "./node-text.ts";

const SVG = "http://www.w3.org/2000/svg";
const NODE_HEIGHT = 22;
const STEP = 28;
const TOP = 22;
/** Pixels of a node in a window that has room. */
const NODE_WIDTH = 190;
const LEAST_NODE_WIDTH = 68;
const NODE_PADDING = 8;
/** Pixels of a character of the editor's font at the size of the boxes. */
const CHARACTER = 7.4;
/** Room for the lines between two columns: in a window that has some, and at least. */
const GAP = 24;
const LEAST_GAP = 12;
/** Part of a narrow window's width between two columns. */
const GAP_SHARE = 0.06;
/** Part of the window that the picture may take; the style sheet says the same. */
const SHARE = 0.45;
const MAX_STROKE = 12;

/** The map as a picture: devices, collections and PEs, with lines as wide as there are events. A node is a button that shows its events alone. */
export class FlowView {
  readonly root: HTMLElement;
  private readonly svg = document.createElementNS(SVG, "svg");
  private readonly choose: (facet: MapFacet | undefined) => void;
  private graph: FlowGraph | undefined;
  private labels: MapLabels | undefined;
  private chosen: string | undefined;

  constructor(root: HTMLElement, choose: (facet: MapFacet | undefined) => void) {
    this.root = root;
    this.choose = choose;
    this.svg.setAttribute("role", "group");
    root.append(this.svg);
    new ResizeObserver(() => this.draw()).observe(root);
  }

  show(graph: FlowGraph, labels: MapLabels): void {
    this.graph = graph;
    this.labels = labels;
    this.svg.setAttribute("aria-label", labels.flow);
    this.draw();
  }

  /** Marks the node whose events show alone. */
  mark(facet: MapFacet | undefined): void {
    this.chosen = facet && keyOf(facet);
    this.draw();
  }

  private draw(): void {
    const { graph, labels } = this;
    const width = this.root.clientWidth;
    if (graph === undefined || labels === undefined || width === 0) return;
    const focused = document.activeElement?.getAttribute("data-key");
    const gap = Math.max(LEAST_GAP, Math.min(GAP, width * GAP_SHARE));
    const nodeWidth = Math.max(LEAST_NODE_WIDTH, Math.min(NODE_WIDTH, (width - 2 * gap) / 3));
    const whole = Math.max(width, 3 * nodeWidth + 2 * gap);
    const rows = Math.max(1, ...graph.columns.map(({ length }) => length));
    const height = TOP + rows * STEP;
    const leftOf = (column: number): number => (column * (whole - nodeWidth)) / 2;
    // A column of few boxes stands in the middle of what is in sight, not of what is scrolled to.
    const inSight = Math.max(1, Math.min(rows, Math.floor((window.innerHeight * SHARE - TOP) / STEP)));
    const topOf = new Map(
      graph.columns.flatMap((nodes) =>
        nodes.map((node, at) => [node, TOP + (at + Math.max(0, inSight - nodes.length) / 2) * STEP] as const),
      ),
    );
    this.svg.setAttribute("width", String(whole));
    this.svg.setAttribute("height", String(height));
    // Half of the lines around the outermost boxes is outside of them.
    this.svg.setAttribute("viewBox", `-1 0 ${whole + 2} ${height}`);
    const most = Math.max(1, ...graph.edges.map(({ events }) => events));
    const edges = graph.edges.map(({ from, to, through, events, pending }) => {
      const [x1, x2] = [leftOf(from.column) + nodeWidth, leftOf(to.column)];
      const [y1, y2] = [from, to].map((node) => (topOf.get(node) ?? 0) + NODE_HEIGHT / 2);
      const middle = (x1 + x2) / 2;
      const isOn = this.chosen === undefined || through.has(this.chosen);
      const isLost = to.facet?.kind === "target" && typeof to.facet.id !== "number";
      const kinds = ["edge", pending > 0 ? "pending" : "", isOn ? "" : "aside", isLost ? "lost" : ""];
      return shape("path", {
        class: kinds.filter((kind) => kind !== "").join(" "),
        d: `M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${x2} ${y2}`,
        "stroke-width": String(1 + ((MAX_STROKE - 1) * Math.sqrt(events)) / Math.sqrt(most)),
      });
    });
    const titles = [labels.devices, labels.collections, labels.pes].map((text, column) => {
      const title = shape("text", { class: "column", x: String(leftOf(column)), y: "13" });
      title.textContent = text;
      return title;
    });
    const nodes = graph.columns.flatMap((column) =>
      column.map((node) => this.nodeElement(node, leftOf(node.column), topOf.get(node) ?? 0, nodeWidth, labels)),
    );
    this.svg.replaceChildren(...titles, ...edges, ...nodes);
    if (focused !== null && focused !== undefined) {
      this.svg.querySelector<SVGElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private nodeElement(node: FlowNode, x: number, y: number, width: number, labels: MapLabels): SVGElement {
    const { name, short, counts } = mapNames(labels).node(node);
    const isChosen = node.key === this.chosen;
    const isLost = node.facet?.kind === "target" && typeof node.facet.id !== "number";
    const group = shape("g", {
      class: [
        "node",
        isChosen ? "chosen" : "",
        node.pending > 0 ? "pending" : "",
        node.changed > 0 ? "changed" : "",
        isLost ? "lost" : "",
        node.facet === undefined ? "" : "choice",
      ].join(" "),
      transform: `translate(${x} ${y})`,
      "data-key": node.key,
      ...(node.facet === undefined
        ? { role: "img" }
        : { role: "button", tabindex: "0", "aria-pressed": String(isChosen) }),
      "aria-label": `${name}: ${counts}`,
    });
    const text = shape("text", { x: String(NODE_PADDING), y: "15" });
    const room = Math.floor((width - 2 * NODE_PADDING) / CHARACTER);
    const fitting = nodeText({ name, short, counts, events: node.events, pending: node.pending }, room);
    text.textContent = fitting.text;
    const title = shape("title", {});
    title.textContent = `${name} · ${counts}`;
    group.append(title, shape("rect", { width: String(width), height: String(NODE_HEIGHT), rx: "3" }), text);
    if (fitting.badge !== undefined) {
      const badge = shape("text", { class: "badge", x: String(width - NODE_PADDING), y: "15" });
      badge.textContent = fitting.badge;
      group.append(badge);
    }
    const { facet } = node;
    if (facet !== undefined) {
      const toggle = () => this.choose(isChosen ? undefined : facet);
      group.addEventListener("click", toggle);
      group.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        toggle();
      });
    }
    return group;
  }
}

function shape(
  name: "g" | "path" | "rect" | "text" | "title",
  attributes: Readonly<Record<string, string>>,
): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
