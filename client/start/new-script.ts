import type { Disposable } from "vscode";
import { window } from "vscode";
import { registerCommand } from "../messages.ts";
import { openUntitled, type Samples } from "./samples.ts";
import { startTexts } from "./start-texts.ts";

/** What "New ITS Script…" offers: the files of examples/templates, and a script with nothing in it. */
const templates = [
  { name: "first-msi", label: startTexts.templateFirstMsi, detail: startTexts.templateFirstMsiDetail },
  { name: "driver-bring-up", label: startTexts.templateBringUp, detail: startTexts.templateBringUpDetail },
  { name: "save-and-restore", label: startTexts.templateSave, detail: startTexts.templateSaveDetail },
  { name: "gicv4.1", label: startTexts.templateGicv41, detail: startTexts.templateGicv41Detail },
  { name: "", label: startTexts.templateEmpty, detail: startTexts.templateEmptyDetail },
] as const;

/** A script in which hardly anything happens: one without a statement has nothing to debug. */
const EMPTY = "machine { model = kvm }\n\nread GITS_TYPER\n";

/** "New ITS Script…", also in the menu File: New File…. A keybinding may name the template. */
export function registerNewScript(samples: Samples): Disposable {
  return registerCommand("gicWorkbench.newScript", async (given?: unknown) => {
    const template = templates.find(({ name }) => name === given) ?? (await askForTemplate());
    if (template === undefined) return undefined;
    if (template.name !== "") return (await samples.open(`templates/${template.name}.itscmd`, "itscmd")).uri;
    return (await openUntitled(EMPTY, "itscmd")).uri;
  });
}

async function askForTemplate(): Promise<(typeof templates)[number] | undefined> {
  const items = templates.map((template) => ({ label: template.label(), detail: template.detail(), template }));
  return (
    await window.showQuickPick(items, { title: startTexts.newScriptTitle(), matchOnDetail: true, ignoreFocusOut: true })
  )?.template;
}
