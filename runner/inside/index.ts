export { type CommandSpan, commandSpans, type MsiSpan } from "./command-span.ts";
export { commandSteps, type MicroLink, type MicroStep, msiSteps } from "./micro-steps.ts";
