import manifestFile from "../../package.json" with { type: "json" };
import { readTexts } from "../../scripts/l10n.ts";
import { nlsFile, resolved } from "../../scripts/nls.ts";

/** package.json as VS Code shows it: with its texts in English. */
export const manifest = resolved(manifestFile, readTexts(nlsFile));
