import type { Command } from "../command.ts";
import { assemble } from "./assemble.ts";
import { check } from "./check.ts";
import { dap } from "./dap.ts";
import { decode } from "./decode.ts";
import { diff } from "./diff.ts";
import { disassemble } from "./disassemble.ts";
import { explain } from "./explain.ts";
import { format } from "./format.ts";
import { importCommand } from "./import.ts";
import { lsp } from "./lsp.ts";
import { mcp } from "./mcp.ts";
import { migrate } from "./migrate.ts";
import { replay } from "./replay.ts";
import { run } from "./run.ts";
import { state } from "./state.ts";
import { test } from "./test.ts";
import { traceMsiCommand } from "./trace-msi.ts";

/** Every command, in the order help lists them. */
export const commands: readonly Command[] = [
  run,
  test,
  assemble,
  disassemble,
  importCommand,
  format,
  decode,
  check,
  diff,
  traceMsiCommand,
  explain,
  replay,
  migrate,
  state,
  dap,
  lsp,
  mcp,
];
