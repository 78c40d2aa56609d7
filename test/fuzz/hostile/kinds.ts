import { dap } from "./dap.ts";
import { dumps } from "./dumps.ts";
import type { Kind, KindName } from "./kind.ts";
import { lsp } from "./lsp.ts";
import { scripts } from "./scripts.ts";
import { vmm } from "./vmm.ts";

export const kinds: Readonly<Record<KindName, Kind>> = { scripts, dumps, dap, lsp, vmm };
