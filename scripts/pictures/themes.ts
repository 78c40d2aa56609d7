import type { WorkbenchUser } from "./workbench-user.ts";

/** A colour theme of the editor's own: how pictures, its list of themes, and its window call it. */
export interface Theme {
  readonly name: "dark" | "light" | "contrast" | "contrast-light";
  readonly title: string;
  readonly className: "vs-dark" | "vs" | "hc-black" | "hc-light";
}

const dark: Theme = { name: "dark", title: "Dark Modern", className: "vs-dark" };
const contrast: Theme = { name: "contrast", title: "Dark High Contrast", className: "hc-black" };

export const everyTheme: readonly Theme[] = [
  dark,
  { name: "light", title: "Light Modern", className: "vs" },
  contrast,
  { name: "contrast-light", title: "Light High Contrast", className: "hc-light" },
];

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
  await chooseTheme(user, contrast);
  await ready();
  await user.picture(`${name}-contrast`);
  await chooseTheme(user, dark);
}

/** Chooses a theme from the editor's list, and waits until the window has it. */
export async function chooseTheme(user: WorkbenchUser, { title, className }: Theme): Promise<void> {
  await user.press("Control+K", "Control+T");
  await user.choose(title, title);
  await user.page.locator(`.monaco-workbench.${className}`).waitFor();
}

async function toggleTheme(user: WorkbenchUser, className: "vs" | "vs-dark"): Promise<void> {
  await user.command("Preferences: Toggle between Light/Dark Themes");
  await user.page.locator(`.monaco-workbench.${className}`).waitFor();
}
