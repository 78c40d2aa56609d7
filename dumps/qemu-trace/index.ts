export { affinityOfPe, peOfAffinity } from "./affinity.ts";
export { numberIn, type TraceEvent, wideNumberIn } from "./event.ts";
export { type NoEvent, parseTraceLine } from "./parse-line.ts";
