import { dap } from "./dap.ts";
import { dumps } from "./dumps.ts";
import type { Kind, KindName } from "./kind.ts";
import { layouts } from "./layouts.ts";
import { lsp } from "./lsp.ts";
import { mcp } from "./mcp.ts";
import { scripts } from "./scripts.ts";
import { states } from "./states.ts";
import { traces } from "./traces.ts";
import { values } from "./values.ts";
import { vmm } from "./vmm.ts";

export const kinds: Readonly<Record<KindName, Kind>> = {
  scripts,
  dumps,
  dap,
  lsp,
  vmm,
  layouts,
  traces,
  states,
  values,
  mcp,
};
