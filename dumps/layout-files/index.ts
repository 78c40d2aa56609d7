export * from "./layout-file.ts";
export * from "./layout-schema.ts";
export * from "./named-files.ts";
export * from "./read-layout.ts";
