export * from "./format-value.ts";
export * from "./lpi-nodes.ts";
export * from "./node.ts";
export * from "./queue-nodes.ts";
export * from "./read-register.ts";
export * from "./register-groups.ts";
export * from "./register-nodes.ts";
export * from "./table-nodes.ts";
