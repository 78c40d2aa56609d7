export * from "./command.ts";
export * from "./command-codec.ts";
export * from "./commands.ts";
export * from "./field.ts";
export * from "./layout.ts";
export * from "./layouts/index.ts";
export * from "./register.ts";
export * from "./registers/index.ts";
