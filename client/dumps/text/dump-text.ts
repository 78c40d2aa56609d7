import { Disposable, type ExtensionContext, Uri } from "vscode";
import { activeResource } from "../../active-resource.ts";
import { openDocument } from "../../file-names.ts";
import { registerCommand, showInformation } from "../../messages.ts";
import { texts } from "../../texts.ts";
import type { DumpStore } from "../dump-store.ts";
import { type AskForCheck, DumpChecks } from "./dump-checks.ts";
import { registerFieldColours } from "./field-colours.ts";
import { registerInlayHints } from "./inlay-hints.ts";
import { registerNavigation } from "./navigation.ts";
import { onlyDumps } from "./providers.ts";
import { RuleLinks } from "./rule-links.ts";
import { registerSectionLenses } from "./section-lenses.ts";
import { registerStructure } from "./structure.ts";

/** Everything that an open dump shows in the text editor beside its hovers and reading problems. */
export function registerDumpText(context: ExtensionContext, store: DumpStore, ask: AskForCheck): Disposable {
  const checks = new DumpChecks(store, ask, new RuleLinks(context.extensionUri));
  return Disposable.from(
    checks,
    ...registerInlayHints(store),
    registerFieldColours(store),
    ...registerNavigation(store),
    ...registerStructure(store),
    registerSectionLenses(store),
    registerCommand("gicWorkbench.checkDump", async (resource?: unknown) => {
      const uri = resource instanceof Uri ? resource : activeResource();
      const document = uri && openDocument(uri);
      if (document === undefined || !onlyDumps(document)) showInformation(texts.checkNoEditor());
      else await checks.show(document);
    }),
  );
}
