export { type Capture, type CaptureFile, openCapture, walkCapture } from "./capture.ts";
export type { Conflict } from "./capture-memory.ts";
export { CaptureFacts, type InterruptLine, type Source, type TablePlace } from "./facts.ts";
export * from "./report.ts";
