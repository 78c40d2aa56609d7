import type { Command, CommandTable } from "../command.ts";

/**
 * Every command, in the order help lists them. Each is loaded when it is asked for: what a table of options takes its words from is half of
 * the emulator, and `gicwb --version` needs none of it.
 */
export const commands: CommandTable = {
  run: async () => (await import("./run.ts")).run,
  test: async () => (await import("./test.ts")).test,
  assemble: async () => (await import("./assemble.ts")).assemble,
  disassemble: async () => (await import("./disassemble.ts")).disassemble,
  import: async () => (await import("./import.ts")).importCommand,
  format: async () => (await import("./format.ts")).format,
  decode: async () => (await import("./decode.ts")).decode,
  check: async () => (await import("./check.ts")).check,
  diff: async () => (await import("./diff.ts")).diff,
  "trace-msi": async () => (await import("./trace-msi.ts")).traceMsiCommand,
  explain: async () => (await import("./explain.ts")).explain,
  models: async () => (await import("./models.ts")).listModels,
  replay: async () => (await import("./replay.ts")).replay,
  migrate: async () => (await import("./migrate.ts")).migrate,
  state: async () => (await import("./state.ts")).state,
  dap: async () => (await import("./dap.ts")).dap,
  lsp: async () => (await import("./lsp.ts")).lsp,
  mcp: async () => (await import("./mcp.ts")).mcp,
};

/** All commands of a table, loaded. */
export function loadAll(table: CommandTable): Promise<Command[]> {
  return Promise.all(Object.values(table).map((load) => load()));
}
