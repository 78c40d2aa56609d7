import { chooseTheme, everyTheme, pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The Test Explorer with tests that have passed and failed, the failure in the script, and coverage: in all themes, and in a narrow side bar. */
export async function testExplorer(user: WorkbenchUser): Promise<void> {
  await user.openFile("three-tests.itscmd");
  await user.page.locator(".activitybar .codicon-test-view-icon").first().waitFor();
  await user.command("Testing: Focus on Test Explorer View");
  const tree = ".test-explorer";
  const script = user.rows(tree, "three-tests.itscmd");
  await script.first().waitFor();
  await user.picture("tests-found");
  await user.expand(script);
  await user.openFile("three-tests.itscmd");
  await user.command("Test: Run Tests in Current File");
  // A row that the mouse rests on shows its buttons.
  await user.page.mouse.move(700, 600);
  const failed = user.page.locator(`${tree} .codicon-testing-error-icon, ${tree} .codicon-testing-failed-icon`);
  await failed.first().waitFor();
  const message = user.page.locator(".test-error-content-widget").first();
  await message.waitFor();
  const ready = async () => {
    await message.waitFor();
  };
  await pictureInAllThemes(user, "tests-failed", ready);
  const box = await user.page.locator(".xterm-rows span", { hasText: "shared-steps.itscmd:5:3" }).first().boundingBox();
  if (box === null) throw new Error("the output has no place of the failure");
  // The line begins with six blanks, and the terminal takes the mouse for its rows.
  await user.page.mouse.move(box.x + 100, box.y + box.height / 2, { steps: 4 });
  await user.page.keyboard.down("Control");
  await user.page.mouse.move(box.x + 110, box.y + box.height / 2, { steps: 4 });
  await user.page.mouse.click(box.x + 110, box.y + box.height / 2);
  await user.page.keyboard.up("Control");
  await user.page.locator(".tab.active", { hasText: "shared-steps.itscmd" }).waitFor();
  await user.picture("tests-link");
  await user.openFile("three-tests.itscmd");
  await user.goToLine(13);
  await user.command("Test: Peek Output");
  await user.page.locator(".test-output-peek").first().waitFor();
  await user.picture("tests-peek");
  await user.press("Escape");
  await user.setSideBarWidth(200);
  await user.picture("tests-narrow");
  await user.setSideBarWidth(300);
  await user.command("Test: Run Tests with Coverage in Current File");
  await user.page.locator(".coverage-deco-gutter").first().waitFor();
  for (const theme of everyTheme) {
    await chooseTheme(user, theme);
    await user.page.locator(".coverage-deco-gutter").first().waitFor();
    await user.picture(`tests-coverage-${theme.name}`);
  }
}
