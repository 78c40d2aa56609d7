// Looks at every page of the extension with axe-core in all themes, and writes what it found into docs/accessibility.md:  npm run accessibility
import { readFileSync, writeFileSync } from "node:fs";
import { complaints, type Finding } from "./accessibility/axe.ts";
import { foundText, withFound } from "./accessibility/found-text.ts";
import { accessibility } from "./pictures/accessibility-scene.ts";
import { playAll } from "./pictures/play.ts";
import { everyTheme } from "./pictures/themes.ts";
import { inProject, main, UserError } from "./project.ts";
import { version } from "./vscode/code-server-install.ts";

const page = inProject("docs", "accessibility.md");

await main(async () => {
  let findings: readonly Finding[] = [];
  let chromium = "";
  const played = await playAll([
    {
      name: "accessibility",
      play: async (user) => {
        chromium = user.page.context().browser()?.version() ?? "";
        findings = await accessibility(user, everyTheme);
      },
    },
  ]);
  if (!played) throw new UserError("The pages could not all be looked at.");
  for (const line of complaints(findings)) console.error(line);
  const found = foundText(findings, { codeServer: version, chromium });
  writeFileSync(page, withFound(readFileSync(page, "utf8"), found));
  const broken = findings.reduce((sum, { violations }) => sum + violations.length, 0);
  console.log(`${findings.length} pages in themes, violations: ${broken}`);
  return broken === 0 ? 0 : 1;
});
