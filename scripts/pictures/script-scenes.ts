import { pictureInBothThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Colours, hovers of a command, an argument and a register, completion, outline. */
export async function hoverAndCompletion(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await pictureInBothThemes(user, "script");
  await user.hoverText("MOVI");
  await user.picture("hover-command");
  await user.goToLine(41);
  await user.hoverText("GITS_CREADR");
  await user.picture("hover-register");
  await user.command("Explorer: Focus on Outline View");
  await user.picture("outline");
  await user.goToLine(19);
  await user.press("End", "Enter");
  await user.type("MAPTI DeviceID=nic, ");
  await user.press("Control+Space");
  await user.page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor();
  await user.picture("completion");
}

/** Real mistakes, found by running the script. */
export async function diagnostics(user: WorkbenchUser): Promise<void> {
  await user.openFile("mistakes.itscmd");
  await user.waitForSquiggle();
  await user.command("Problems: Focus on Problems View");
  await pictureInBothThemes(user, "diagnostics");
}
