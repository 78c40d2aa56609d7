import { table } from "../markdown.ts";
import { axeVersion, type Finding } from "./axe.ts";

/** What pages were looked at with. */
export interface LookedAtWith {
  readonly codeServer: string;
  readonly chromium: string;
}

const begin = "<!-- found: written by npm run accessibility -->";
const end = "<!-- /found -->";

/** The part of docs/accessibility.md that says what was found: what with, a row a page and a column a theme, and what is left to people. */
export function foundText(findings: readonly Finding[], { codeServer, chromium }: LookedAtWith): string {
  const themes = [...new Set(findings.map(({ theme }) => theme))];
  const pages = [...new Set(findings.map(({ page }) => page))];
  const rows = pages.map((page) => [
    page,
    ...themes.map((theme) => {
      const found = findings.filter((finding) => finding.page === page && finding.theme === theme);
      const broken = found.reduce((sum, { violations }) => sum + violations.length, 0);
      const passed = Math.min(...found.map((finding) => finding.passed));
      return `${broken} of ${passed + broken}`;
    }),
  ]);
  const total = findings.reduce((sum, { violations }) => sum + violations.length, 0);
  const undecided = new Map(findings.flatMap((finding) => finding.undecided).map(({ rule, help }) => [rule, help]));
  const left = [...undecided].sort().map(([rule, help]) => `- \`${rule}\`: ${help}.`);
  return [
    `With axe-core ${axeVersion}, code-server ${codeServer}, Chromium ${chromium}. Violations: **${total}**.`,
    "Each cell: rules that are broken, of those that had something to look at.",
    "",
    table(["page", ...themes], rows),
    "",
    ...(left.length === 0 ? [] : ["What axe-core could not decide by itself:", "", ...left]),
  ]
    .join("\n")
    .trimEnd();
}

/** The page with another such part. @throws Error when the page has no place for it */
export function withFound(page: string, found: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("the page has no place for what was found");
  return `${page.slice(0, from)}${begin}\n\n${found}\n\n${page.slice(to)}`;
}

/** The names of the pages that the page's table has. */
export function pagesIn(page: string): string[] {
  const found = page.slice(page.indexOf(begin), page.indexOf(end));
  return [...found.matchAll(/^\| (?!page|-)([^|]+?) +\|/gm)].map(([, name]) => name);
}
