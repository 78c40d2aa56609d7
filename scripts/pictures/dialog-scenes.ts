import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { WorkbenchUser } from "./workbench-user.ts";

/** What "New ITS Script…" offers, with a line that the script has. */
const templates = [
  ["First MSI", "An MSI of a device becomes"],
  ["Bring-up of a driver", "What a driver does to an"],
  ["Save and restore", "A guest is saved and"],
  ["GICv4.1", "GICv4.1: a device's"],
  ["Empty script", "read GITS_TYPER"],
] as const;

/** The dialogs of the first minutes: a script of each template, and a copy of the samples, which is opened and never written over. */
export async function firstDialogs(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  await user.openActivity("GIC");
  await page.locator(".welcome-view-content .monaco-button").first().waitFor();
  for (const [template, line] of templates) {
    await user.command("GIC: New ITS Script…");
    await user.choose(template, template);
    const shown = page.locator(".editor-group-container.active .view-line", { hasText: line }).first();
    await shown.waitFor();
    // What comes later takes the focus from a palette.
    await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await page.locator(".statusbar-item", { hasText: "ITS Command Script" }).waitFor();
  }
  await user.command("GIC: New ITS Script…");
  const tabs = await page.locator(".tab").count();
  if (tabs !== templates.length) throw new Error(`${templates.length} templates have made ${tabs} editors`);
  await user.press("Escape");
  await user.picture("dialogs-templates");

  const folder = path.join(new URL(page.url()).searchParams.get("folder") ?? "", "captures");
  const samples = path.join(folder, "gic-samples");
  const input = page.locator(".quick-input-widget input.input");
  const copyInto = async () => {
    await user.command("GIC: Open Sample Workspace…");
    await page.locator(".quick-input-title", { hasText: "Folder to copy the samples into" }).waitFor();
    // The dialog writes where it begins, and would write over what comes earlier.
    const entry = (name: string) => page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    await entry("driver-tests").waitFor();
    await input.fill(`${folder}/`);
    await entry("linux-6.1-qemu-gicv3").waitFor();
    await user.picture("dialogs-folder");
    await page.locator(".quick-input-widget .monaco-button", { hasText: "Copy Samples Here" }).click();
  };
  await copyInto();
  await page.locator(".notification-toast", { hasText: `samples were copied to ${samples}` }).waitFor();
  await user.picture("dialogs-copied");
  const script = path.join(samples, "first-msi.itscmd");
  writeFileSync(script, "# mine\n");
  await copyInto();
  const taken = page.locator(".notification-toast", { hasText: "nothing in it is overwritten" });
  await taken.waitFor();
  await user.picture("dialogs-taken");
  await taken.locator(".monaco-button", { hasText: "Copy to gic-samples-2" }).click();
  const second = page.locator(".notification-toast", { hasText: `samples were copied to ${samples}-2` });
  await second.waitFor();
  if (readFileSync(script, "utf8") !== "# mine\n") throw new Error("a copy of the samples was written over");
  if (!existsSync(`${samples}-2/first-msi.itscmd`)) throw new Error("the second copy is not there");
  await second.locator(".monaco-button", { hasText: "Open Folder" }).click();
  await page.locator(".explorer-folders-view", { hasText: "first-msi.itscmd" }).waitFor();
  await page.locator(".sidebar", { hasText: "gic-samples-2" }).first().waitFor();
  await user.picture("dialogs-opened");
}
