export * from "./check-edit.ts";
export * from "./field-patch.ts";
export * from "./result.ts";
export * from "./text-edits.ts";
