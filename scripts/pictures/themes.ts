import type { WorkbenchUser } from "./workbench-user.ts";

/**
 * Takes `NAME.png` in the dark theme that the profile starts with, and `NAME-light.png` in the light one; then goes back.
 * @param ready waits until what is to be in the picture shows in a theme
 */
export async function pictureInBothThemes(
  user: WorkbenchUser,
  name: string,
  ready: () => Promise<void> = async () => undefined,
): Promise<void> {
  await ready();
  await user.picture(name);
  await toggleTheme(user, "vs");
  await ready();
  await user.picture(`${name}-light`);
  await toggleTheme(user, "vs-dark");
}

/** As {@link pictureInBothThemes}, and before it goes back `NAME-contrast.png` in high contrast. */
export async function pictureInAllThemes(
  user: WorkbenchUser,
  name: string,
  ready: () => Promise<void> = async () => undefined,
): Promise<void> {
  await pictureInBothThemes(user, name, ready);
  await chooseTheme(user, "Dark High Contrast", "hc-black");
  await ready();
  await user.picture(`${name}-contrast`);
  await chooseTheme(user, "Dark Modern", "vs-dark");
}

async function chooseTheme(user: WorkbenchUser, title: string, className: "hc-black" | "vs-dark"): Promise<void> {
  await user.press("Control+K", "Control+T");
  await user.choose(title, title);
  await user.page.locator(`.monaco-workbench.${className}`).waitFor();
}

async function toggleTheme(user: WorkbenchUser, className: "vs" | "vs-dark"): Promise<void> {
  await user.command("Preferences: Toggle between Light/Dark Themes");
  await user.page.locator(`.monaco-workbench.${className}`).waitFor();
}
