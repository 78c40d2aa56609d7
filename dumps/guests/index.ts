export { checkGuest, type GuestFinding } from "./checks.ts";
export { findingText } from "./finding-text.ts";
export * from "./guest.ts";
export { refusalText, remarkText } from "./guest-text.ts";
export { type GuestFormat, guestFormatOf, HEAD_BYTES, isMemoryFile, readGuest } from "./read-guest.ts";
export { summaryLines } from "./summary.ts";
