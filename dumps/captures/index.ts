export { type Capture, type CaptureFile, memoryOf, openCapture, walkCapture } from "./capture.ts";
export { CaptureMemory, type Conflict } from "./capture-memory.ts";
export { type AddressSpan, CaptureFacts, type InterruptLine, type Source, type TablePlace } from "./facts.ts";
export { type RegisterSource, takeItsRegisters, takeRedistributorRegisters } from "./frames.ts";
export { type InterruptMap, interruptMap, type MapDevice, type MapEvent } from "./interrupt-map.ts";
export { type MsiText, msiText } from "./msi-text.ts";
export * from "./report.ts";
export { requesterId } from "./requester-id.ts";
export { type MsiLink, type MsiStep, traceMsi } from "./trace-msi.ts";
