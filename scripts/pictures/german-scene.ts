import { bundleOf, readTexts } from "../l10n.ts";
import { nlsOf } from "../nls.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** An editor in German: a view with its title, its page and its buttons, a message, a list to choose from, and the page of the table editor. */
export async function german(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  const manifest = readTexts(nlsOf("de"));
  const bundle = readTexts(bundleOf("de"));
  const said = (english: string): string => {
    const text = bundle[english];
    if (text === undefined || text === english) throw new Error(`there is no German for: ${english}`);
    return text;
  };
  await user.openActivity("GIC");
  await page.locator(".pane-header", { hasText: manifest["views.gicWorkbench.registers.name"] }).first().waitFor();
  await page.locator(".welcome-view-content .monaco-button", { hasText: "Neues ITS-Skript" }).first().waitFor();
  await user.picture("german-view");

  await user.command(manifest["commands.newScript.title"]);
  await page.locator(".quick-input-title", { hasText: said("What is the new script about?") }).waitFor();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: said("Empty script") }).waitFor();
  await user.picture("german-list");
  await user.press("Escape");

  await user.command(manifest["commands.showText.title"]);
  const nothing = "Nothing is open that could be shown as text. Open a GIC view, a report or decoded tables first.";
  await page.locator(".notification-toast", { hasText: said(nothing) }).waitFor();
  await user.picture("german-message");

  await user.openFile("kvm-6.1-device-table.gicdump");
  await user.command(manifest["commands.decode.title"]);
  const table = await user.frameWith("h1", "device-table");
  await table.locator('.row[data-row="0"]').click();
  await table
    .locator(".details th", { hasText: said("Meaning") })
    .first()
    .waitFor();
  await table
    .locator("button", { hasText: said("Export…") })
    .first()
    .waitFor();
  const empty = "This shows here while a command script or a saved machine is being debugged and stands still.";
  await user.frameWith("p", said(empty));
  await user.picture("german-table");
}
