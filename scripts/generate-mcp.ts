// Writes the tools into docs/mcp.md:  node scripts/generate-mcp.ts
import { readFileSync, writeFileSync } from "node:fs";
import { withTools } from "./mcp-page.ts";
import { inProject } from "./project.ts";

const page = inProject("docs", "mcp.md");
writeFileSync(page, withTools(readFileSync(page, "utf8")));
