import { bundleOf, readTexts } from "../l10n.ts";
import { nlsOf } from "../nls.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** An editor in German: titles of commands and views, a message, and the pages of a view and of the table editor. */
export async function german(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  const titles = readTexts(nlsOf("de"));
  const texts = readTexts(bundleOf("de"));
  await user.openFile("first-msi.itscmd");
  await page.locator(".codelens-decoration").first().waitFor();
  await user.command(titles["commands.decode.title"]);
  await page.waitForTimeout(3000);
  await user.movingPicture("german-1");
  console.log(Object.keys(texts).length);
}
