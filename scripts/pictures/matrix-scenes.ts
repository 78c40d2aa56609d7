import { chooseTheme, everyTheme } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Widths of the side bar, in CSS pixels: little room, and plenty. */
const widths = { narrow: 200, wide: 480 } as const;

/**
 * Every view of a session in each theme, with a narrow and a wide side bar: `VIEW-THEME-WIDTH.png`. The interrupts stand in the side bar,
 * too, as a user may put them there.
 */
export async function liveMatrix(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.toggleBreakpoint(25);
  await user.debugUntilPaused("F5");
  await user.openActivity("GIC");
  const registers = await user.frameWith('[role="row"]', "CREADR");
  for (const name of ["BASER1", "TRANSLATER"]) {
    const row = registers.locator('[role="row"]', { hasText: name }).first();
    await row.waitFor();
    if (name === "BASER1") await row.locator(".twist").click();
  }
  await user.press("F1");
  for (const [input, row] of [
    [">View: Move View", "View: Move View"],
    ["Interrupts", "Interrupts"],
    ["GIC", "GIC"],
  ] as const)
    await user.pick(input, row);
  const interrupts = await user.frameWith('[role="row"]', "INTID");
  await interrupts.locator("input.filter").fill("lpi");
  await interrupts.locator('[role="row"]', { hasText: "8193" }).first().waitFor();
  await closePanel(user);
  await user.move(() => user.press("F10"));
  for (const theme of everyTheme) {
    await chooseTheme(user, theme);
    for (const [name, width] of Object.entries(widths)) {
      await user.setSideBarWidth(width);
      for (const view of ["Registers", "Interrupts", "Bits", "Command Queue", "Timeline"] as const) {
        await showAlone(user, view);
        await user.picture(`${fileName(view)}-${theme.name}-${name}`);
      }
      await user.command("View: Show Run and Debug");
      await user.rows(".debug-variables", "GITS_CTLR").first().waitFor();
      await user.picture(`debugger-${theme.name}-${name}`);
      await user.openActivity("GIC");
    }
    await user.setSideBarWidth(300);
    await user.command("Debug Console: Focus on Debug Console View");
    await user.picture(`console-${theme.name}`);
    await closePanel(user);
    await user.command("GIC: Interrupt Map of the Session");
    await user.frameWith(".line.event", "8193");
    await user.picture(`live-map-${theme.name}`);
    await user.page.locator(".tab", { hasText: "first-msi.itscmd" }).first().click();
  }
}

async function closePanel(user: WorkbenchUser): Promise<void> {
  const panel = user.page.locator(".part.panel");
  if (await panel.isVisible()) await user.press("Control+J");
  await panel.waitFor({ state: "hidden" });
}

const panes = ["Registers", "Interrupts", "Bits", "Command Queue", "Timeline"] as const;

/** Opens one view of the container, and closes the others. */
async function showAlone(user: WorkbenchUser, view: (typeof panes)[number]): Promise<void> {
  for (const name of [view, ...panes.filter((one) => one !== view)]) {
    const header = user.page.locator(".sidebar .pane-header", { hasText: name }).first();
    const isOpen = (await header.getAttribute("aria-expanded")) === "true";
    if (isOpen !== (name === view)) await header.click();
  }
  const seen: Readonly<Record<(typeof panes)[number], string>> = {
    Registers: "TRANSLATER",
    Interrupts: "8193",
    Bits: "[",
    "Command Queue": "MAPTI",
    Timeline: "msi",
  };
  if (view === "Bits")
    await user.page.locator(".editor-group-container .view-line", { hasText: "MAPTI" }).first().click();
  await user.frameWith('[role="row"], .summary-line', seen[view]);
}

function fileName(view: string): string {
  return view.toLowerCase().replaceAll(" ", "-");
}
