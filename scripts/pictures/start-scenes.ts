import { pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** A window in which a picture for the walkthrough is taken, and how much of it is in the picture: as large as the walkthrough shows it. */
const small = { width: 1000, height: 560 };
const usual = { width: 1440, height: 900 };
const part = { width: 540, height: 320 };

/** The walkthrough from its first step to its last, each by its button; a picture of each for the walkthrough itself. */
export async function walkthrough(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  await user.openActivity("GIC");
  await page.locator(".welcome-view-content a", { hasText: "Get Started" }).click();
  await page.locator(".getting-started-step").first().waitFor();
  await pictureInAllThemes(user, "walkthrough");

  await doStep(user, "Step a script", "Step the Script");
  await user.page.locator(".debug-top-stack-frame-line, .debug-top-stack-frame-column").first().waitFor();
  for (const _ of [1, 2, 3, 4, 5]) await user.move(() => user.press("F10"));
  await user.command("View: Toggle Panel Visibility");
  await user.command("View: Show GIC");
  await user.setSideBarWidth(250);
  await user.frameWith('[role="row"]', "CREADR");
  await media(user, "step", 48, 40);

  await openWalkthrough(user);
  await user.picture("walkthrough-stepped");
  await user.move(() => doStep(user, "Step back", "Step Back"));
  await user.command("View: Show Run and Debug");
  await page.locator(".sidebar .pane-header", { hasText: "Watch" }).first().click();
  await page.locator("a.codicon-debug-step-back:visible").first().hover();
  await media(user, "stepBack", 48, 40);
  await user.stopDebugging();

  await doStep(user, "Decode a dump", "Decode a Dump");
  const table = user.webview();
  await table.locator(".row").first().click();
  await user.command("View: Toggle Primary Side Bar Visibility");
  await table.locator(".details tbody tr").first().waitFor();
  await media(user, "decode", 500, 40);

  await doStep(user, "Find out why an MSI died", "Trace the MSI");
  await user.frameWith("td, li, p", "not enabled in memory");
  await media(user, "trace", 440, 40);

  await doStep(user, "Read five reviews", "Choose a Review");
  await user.choose("2017: saving", "2017: saving the device table");
  await user.debugUntilPaused("F5");
  await media(user, "reviews", 48, 40);
  await user.stopDebugging();

  await doStep(user, "Write your own", "New ITS Script");
  await user.choose("First MSI", "First MSI");
  await page
    .locator(".editor-group-container.active .view-line", { hasText: "An MSI of a device becomes" })
    .first()
    .click();
  await user.goToLine(11);
  await user.press("End", "Enter");
  await user.type("MAPTI DeviceID=nic, EventID=16, pINTID=lpi + 1, ICID=1");
  await user.waitForSquiggle();
  await user.hoverText("EventID=16");
  await media(user, "write", 48, 40);
  await openWalkthrough(user);
  await user.picture("walkthrough-done");
}

async function openWalkthrough(user: WorkbenchUser): Promise<void> {
  await user.command("GIC: Get Started with GIC Workbench");
  await user.page.locator(".getting-started-step:visible").first().waitFor();
}

/** Opens a step of the walkthrough, and presses its button. */
async function doStep(user: WorkbenchUser, title: string, button: string): Promise<void> {
  if (!(await user.page.locator(".getting-started-step:visible").first().isVisible())) await openWalkthrough(user);
  const step = user.page.locator(".getting-started-step", { hasText: title }).first();
  if (!((await step.getAttribute("class")) ?? "").includes("expanded")) await step.click();
  await user.page.locator(".getting-started-step.expanded .monaco-button", { hasText: button }).first().click();
}

/** `NAME.webp`, of which media/walkthrough has that of the first step. @param x, y left upper corner of the part of the window that is in it */
async function media(user: WorkbenchUser, name: string, x: number, y: number): Promise<void> {
  await user.page.setViewportSize(small);
  await user.smallPicture(`walkthrough/${name}`, { x, y, ...part });
  await user.page.setViewportSize(usual);
}

/** The GIC container with nothing open and no session: buttons to begin with. In all themes, and in a narrow side bar. */
export async function welcomeView(user: WorkbenchUser): Promise<void> {
  await user.openActivity("GIC");
  await user.page.locator(".welcome-view-content .monaco-button").first().waitFor();
  // Beside it the page of a view, which says how to begin.
  await user.page
    .frameLocator("iframe.webview.ready")
    .frameLocator("#active-frame")
    .getByText("This shows here")
    .waitFor();
  await pictureInAllThemes(user, "welcome-view");
  await user.setSideBarWidth(180);
  await pictureInAllThemes(user, "welcome-view-narrow");
  await user.page.locator(".welcome-view-content .monaco-button", { hasText: "New ITS Script" }).click();
  await user.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await user.picture("new-script");
}

/** The item of the status bar: of a script, of a session, and what a click on each does. */
export async function modelStatus(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  await user.openFile("first-msi.itscmd");
  const item = page
    .locator("#gic-workbench\\.gic-workbench\\.gicWorkbench\\.model, .statusbar-item[id*='gicWorkbench.model']")
    .first();
  await item.waitFor();
  await pictureInAllThemes(user, "status-script");
  await item.click();
  await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await user.picture("status-pick");
  await user.press("Escape");
  await user.debugUntilPaused("F5");
  await item.filter({ hasText: "at the end" }).waitFor();
  await pictureInAllThemes(user, "status-session");
  await item.click();
  await user.frameWith('[role="row"]', "CREADR");
  await user.picture("status-clicked");
}
