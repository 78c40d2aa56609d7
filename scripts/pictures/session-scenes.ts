import { pictureInAllThemes, pictureInBothThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The activity bar's container before anything is debugged. */
export async function welcome(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.openActivity("GIC");
  await user.webview().getByText("Debug This Script").waitFor();
  await pictureInBothThemes(user, "welcome");
}

/** From a breakpoint, by steps, with variables and registers, and back. */
export async function pausedSession(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.toggleBreakpoint(18);
  await user.debugUntilPaused("F5");
  await makeRoomForVariables(user);
  for (const scope of ["Devices", "Collections", "Registers (GITS)"]) {
    await user.expand(user.rows(".debug-variables", scope));
  }
  await user.rows(".debug-variables", "GITS_CREADR").first().waitFor();
  await pictureInBothThemes(user, "paused-variables");
  await user.openActivity("GIC");
  await user.webview().locator('[role="row"]', { hasText: "CREADR" }).waitFor();
  await user.move(() => user.press("F10"));
  await user.webview().locator('[role="row"]', { hasText: "CREADR" }).locator(".changed").waitFor();
  await pictureInBothThemes(user, "paused-registers");
  await user.goToLine(41);
  await user.hoverText("GITS_CREADR");
  await user.page.locator(".debug-hover-widget").getByText("Offset").waitFor();
  await user.picture("paused-hover");
  await user.command("View: Show Run and Debug");
  await user.move(() => user.page.locator("a.codicon-debug-step-back:visible").first().click());
  await user.picture("paused-stepped-back");
}

/** The list of variables makes elements of what is in sight alone. */
export async function makeRoomForVariables(user: WorkbenchUser): Promise<void> {
  for (const pane of ["Watch", "Call Stack"])
    await user.page.locator(".sidebar .pane-header", { hasText: pane }).first().click();
}

/** A review on a GICv2: an interrupt in a list register, the attr of a register, and on to the machine of the accepted design. */
export async function reviewSession(user: WorkbenchUser): Promise<void> {
  await user.openFile("2013-register-access.itscmd");
  await user.goToLine(14);
  await user.hoverText("cpu_interface_id");
  await user.picture("review-attr-hover");
  await user.press("Escape");
  await user.toggleBreakpoint(50);
  await user.toggleBreakpoint(58);
  await user.debugUntilPaused("F5");
  await user.expand(user.rows(".debug-variables", "CPU interfaces (GICC)"));
  await user.expand(user.rows(".debug-variables", "PE 0"));
  await user.rows(".debug-variables", "GICC_PMR").first().waitFor();
  await user.picture("review-draft");
  await user.openActivity("GIC");
  await user.webview().locator('[role="row"]', { hasText: "PMR" }).waitFor();
  await user.picture("review-registers");
  await user.command("View: Show Run and Debug");
  await user.move(() => user.press("F5"));
  await user.move(() => user.press("F10"));
  await user.command("Debug Console: Focus on Debug Console View");
  await user.picture("review-accepted");
}

/** List registers while the vCPU is in its guest. */
export async function listRegisters(user: WorkbenchUser): Promise<void> {
  await user.openFile("2015-list-register-order.itscmd");
  await user.toggleBreakpoint(21);
  await user.debugUntilPaused("F5");
  await user.expand(user.rows(".debug-variables", "Hypervisor interfaces (ICH)"));
  await user.expand(user.rows(".debug-variables", "PE 0"));
  const register = user.rows(".debug-variables", "ICH_LR0_EL2");
  await register.first().waitFor();
  await user.expand(register);
  await pictureInBothThemes(user, "list-registers");
}

/** A launch.json that names a script which is not there, written as a user does. */
export async function wrongLaunch(user: WorkbenchUser): Promise<void> {
  const gone = { type: "gic", request: "launch", name: "gone", program: "gone.itscmd" };
  await writeLaunchJson(user, { configurations: [gone] }, "launch-json");
  await user.picture("launch-json-wrong");
  await user.openFile("first-msi.itscmd");
  await user.press("F5");
  await user.page.locator(".notification-toast").first().waitFor();
  await user.picture("launch-missing-script");
}

/** @param picture name of one of the launch.json that the editor offers */
async function writeLaunchJson(user: WorkbenchUser, content: object, picture?: string): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.command("Debug: Add Configuration");
  await user.page.locator(".tab.active", { hasText: "launch.json" }).waitFor();
  if (picture !== undefined) await user.picture(picture);
  await user.press("Escape", "Control+A");
  // As one piece: whether typed brackets are closed by the editor depends on how far it has come.
  await user.page.keyboard.insertText(JSON.stringify(content));
  // Away with the suggestions, which would take the next keys, and with what the editor closed of its own accord.
  await user.press("Escape", "Control+Shift+End", "Delete");
  await user.save();
}

/** A saved machine and a launch.json whose texts are links that run a command: they show as texts, and there is nothing to press. */
export async function hostileNames(user: WorkbenchUser): Promise<void> {
  const noLink = async (place: string, quoted: string, name: string) => {
    const shown = user.page.locator(place, { hasText: quoted }).first();
    await shown.waitFor();
    await user.picture(name);
    const links = await shown.locator("a:not(.action-label):not(.monaco-button)").allInnerTexts();
    if (links.length > 0) throw new Error(`links in a message of ours: ${links.join(", ")}`);
    await user.press("Escape");
    if (place === toast) await user.command("Notifications: Clear All Notifications");
    await shown.waitFor({ state: "hidden" });
  };
  const toast = ".notification-toast";
  await user.openFile("hostile.gicstate.json");
  await user.command("GIC: Decode Table");
  await noLink(toast, "Repair this file", "hostile-decode");
  await user.command("GIC: Debug Saved Machine");
  await noLink(".monaco-dialog-box", "Repair this file", "hostile-debug");
  const launch = {
    type: "gic",
    request: "launch",
    name: "hostile",
    program: "[Correct it](command:workbench.action.terminal.new)",
  };
  await writeLaunchJson(user, { configurations: [launch] });
  await user.openFile("first-msi.itscmd");
  await user.press("F5");
  await noLink(toast, "Correct it", "hostile-launch");
}

/** A line that takes seconds is paused in its middle; and a script that asks for more memory than it may. */
export async function longLine(user: WorkbenchUser): Promise<void> {
  await user.openFile("long-queue.itscmd");
  await user.toggleBreakpoint(10);
  await user.debugUntilPaused("F5");
  await user.press("F5");
  const progress = user.page.locator(".notification-toast", { hasText: "Running the script" });
  await progress.waitFor();
  await progress.getByText("commands so far").waitFor();
  await user.movingPicture("long-line-progress");
  await progress.getByRole("button", { name: "Cancel" }).click();
  await user.page.locator(".debug-top-stack-frame-line, .debug-top-stack-frame-column").first().waitFor();
  await progress.waitFor({ state: "hidden" });
  await user.rows(".debug-call-stack", "in the middle of").first().waitFor();
  await pictureInAllThemes(user, "long-line-paused");
  await user.stopDebugging();
  await user.openFile("much-memory.itscmd");
  await user.goToLine(300);
  await user.waitForSquiggle();
  await user.command("Problems: Focus on Problems View");
  await user.picture("memory-limit");
}

/** The editor's box at a problem; a condition for a kind of problems; and a stop at a read of a value, chosen from its menu. */
export async function stops(user: WorkbenchUser): Promise<void> {
  await user.openFile("failing.itscmd");
  await user.debugUntilPaused("F5");
  await user.page.locator(".exception-widget", { hasText: "DW2[51:16] RDbase = 0x9" }).waitFor();
  await pictureInAllThemes(user, "stop-at-a-problem");
  await user.command("View: Show Run and Debug");
  const filter = user.rows(".debug-breakpoints", "Failing commands").first();
  await filter.waitFor();
  await user.menu(filter, "Edit Condition");
  await user.type("MAPD_* if cte[0].valid");
  await user.press("Enter");
  await user.rows(".debug-breakpoints", "MAPD_* if cte[0].valid").first().waitFor();
  await user.picture("stop-condition");
  await makeRoomForVariables(user);
  await user.expand(user.rows(".debug-variables", "Collections"));
  const collection = user.rows(".debug-variables", "ICID 0").first();
  await collection.waitFor();
  await user.menu(collection, "Break on Value Read", "stop-menu");
  await user.rows(".debug-breakpoints", "cte[0x0].RDbase").first().waitFor();
  await user.move(() => user.press("F5"));
  await user.page.getByText("cte[0x0].RDbase was read").first().waitFor();
  await user.picture("stop-at-a-read");
}

/** F5 on a script without a breakpoint: it stops at its end, with what is pending; a value is watched, and gone back to. */
export async function firstRun(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.debugUntilPaused("F5");
  await user.command("Debug Console: Focus on Debug Console View");
  await user.page.getByText("Nothing is pending.").first().waitFor();
  await user.command("View: Show Run and Debug");
  await makeRoomForVariables(user);
  await user.expand(user.rows(".debug-variables", "Interrupts"));
  await user.expand(user.rows(".debug-variables", "Devices"));
  await user.rows(".debug-variables", "Pending or active").first().waitFor();
  await pictureInAllThemes(user, "first-run");
  await user.press("F5");
  await user.openActivity("GIC");
  await user.webview().getByText("Debug This Script").waitFor();
  await user.picture("after-session");
}
