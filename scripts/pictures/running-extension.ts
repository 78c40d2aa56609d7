import type { WorkbenchUser } from "./workbench-user.ts";

/** What the editor's list of running extensions says of ours: where it runs, and how long its activation took. */
export async function runningExtension(user: WorkbenchUser): Promise<string> {
  const { page } = user;
  await user.command("Developer: Show Running Extensions");
  const own = page.locator(".monaco-list-row", { hasText: "GIC Workbench" });
  await page.locator(".monaco-list-row .activation-time").first().hover();
  await user.waitUntil(async () => {
    if (await own.isVisible()) return true;
    await page.mouse.wheel(0, 400);
    return false;
  }, "the extension among those that run");
  return own.innerText();
}
