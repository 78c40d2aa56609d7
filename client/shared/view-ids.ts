/** Ids of the live views, as package.json declares them. */
export const viewIds = {
  registers: "gicWorkbench.registers",
  interrupts: "gicWorkbench.interrupts",
  queue: "gicWorkbench.queue",
  bits: "gicWorkbench.bits",
  timeline: "gicWorkbench.timeline",
  /** A window, not a view of a container. */
  map: "gicWorkbench.liveMap",
} as const;

export type LiveViewName = keyof typeof viewIds;

/** The script of each view's page, in `dist/webview/`. */
export const viewPages: Readonly<Record<LiveViewName, string>> = {
  registers: "registers",
  interrupts: "interrupts",
  queue: "queue",
  bits: "bits",
  timeline: "timeline",
  map: "live-map",
};

/** The style sheet that all views share, and those that a view has of its own, in `dist/webview/`. */
export const sharedStyle = "live";
export const ownStyles: Readonly<Partial<Record<LiveViewName, string>>> = { bits: "bits", map: "interrupt-map" };

/** Requests of a session that a page may make; the adapter looks at their arguments. */
export const sessionRequests = [
  "gic/registerTable",
  "gic/interrupts",
  "gic/setInterrupt",
  "gic/queue",
  "gic/map",
  "gic/bits",
  "gic/compareRegisters",
  "gic/recreate",
  "gic/timeline",
  "gic/goTo",
] as const;

export type SessionRequest = (typeof sessionRequests)[number];

/** Commands of each view that is a table. */
export const tableCommands = {
  interrupts: {
    filter: "gicWorkbench.interrupts.filter",
    copy: "gicWorkbench.interrupts.copyTable",
    export: "gicWorkbench.interrupts.exportTable",
  },
  registers: {
    filter: "gicWorkbench.registers.filter",
    copy: "gicWorkbench.registers.copyTable",
    export: "gicWorkbench.registers.exportTable",
  },
  timeline: {
    filter: "gicWorkbench.timeline.filter",
    copy: "gicWorkbench.timeline.copyTable",
    export: "gicWorkbench.timeline.exportTable",
  },
  queue: {
    copy: "gicWorkbench.queue.copyTable",
    export: "gicWorkbench.queue.exportTable",
  },
} as const;
