import { diagnosticCatalogue, effectOn, type ModelRule, rulesById } from "../../../language/index.ts";
import { languagePages, type Page, type PageText, rulePages } from "../../../language/rules/pages/index.ts";
import { runErrors } from "../../errors.ts";
import { runPages, untoldCodes } from "./run-codes.ts";

/** Codes that the server alone has. */
const serverCodes: readonly Titled[] = [
  { code: "ITS0601", severity: "information", title: "More problems than are shown" },
  { code: "ITS0602", severity: "information", title: "Script not run to its end" },
];

interface Titled {
  readonly code: string;
  readonly severity: string;
  readonly title: string;
}

/** Models whose behaviour a page tells, by what their names begin with. */
const families = ["kvm", "qemu", "arch"] as const;

/** Everything that has a page: rules first, then codes, each in its order. */
export function pageIndex(): readonly Titled[] {
  const codes = new Map<string, Titled>();
  for (const entry of [...diagnosticCatalogue, ...Object.values(runErrors), ...serverCodes])
    if (!codes.has(entry.code)) codes.set(entry.code, entry);
  return [...rulesById.values(), ...[...codes.values()].sort((a, b) => (a.code < b.code ? -1 : 1))];
}

/** What there is to tell of a rule or code; undefined where its case is too large for an example. */
export function pageOf(code: string): Page | undefined {
  return rulePages[code] ?? languagePages[code] ?? runPages[code];
}

/** The page of a rule or code as Markdown; undefined when there is none. */
export function pageText(code: string): string | undefined {
  const wanted = code.toUpperCase();
  const entry = pageIndex().find((one) => one.code === wanted);
  if (entry === undefined) return undefined;
  const page = pageOf(wanted);
  const untold = untoldCodes[wanted];
  const rule = rulesById.get(wanted);
  const parts = [
    `# ${wanted}: ${entry.title}`,
    rule === undefined
      ? `A problem of scripts, ${entry.severity}.`
      : `A rule, ${entry.severity} by default, checked ${rule.checkedAt === "text" ? "while the line is read" : "at the machine while the script runs"}.`,
    page?.why ?? untold?.why,
    rule !== undefined && "effects" in rule ? effects(rule as unknown as ModelRule<never>) : undefined,
    `## What to do\n\n${fixOf(wanted)}`,
    page && `## Example\n\n${example(page)}`,
    rule &&
      `\`# allow ${wanted}\` in a comment behind the statement, or on the line above it, allows it there. The setting \`gicWorkbench.rules\` and \`gicwb run --rules ${wanted}=off\` set its severity.`,
    page && `Source: ${page.source}.`,
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

function fixOf(code: string): string {
  const rule = rulesById.get(code);
  if (rule !== undefined && "advice" in rule) return `${(rule as unknown as ModelRule<never>).advice}.`;
  return pageOf(code)?.fix ?? untoldCodes[code]?.fix ?? "";
}

function effects({ effects: all }: ModelRule<never>): string {
  const names = [...families, ...Object.keys(all).filter((name) => !families.some((family) => family === name))].sort();
  const rows = names.map(
    (name) => `| ${name === "kvm" || name === "qemu" ? `\`${name}-…\`` : `\`${name}\``} | ${effectOn(all, name)} |`,
  );
  return `## What models do\n\n| model | |\n|---|---|\n${rows.join("\n")}`;
}

function example({ breaks, keeps, files = {} }: Page): string {
  const beside = Object.entries(files).map(([name, text]) => `Beside it \`${name}\`:\n\n${shown(text)}`);
  return [shown(breaks), "Better:", block(keeps), ...beside].join("\n\n");
}

function shown(text: PageText): string {
  return typeof text === "string" ? block(text) : `(${text.words})`;
}

function block(script: string): string {
  return `\`\`\`itscmd\n${script.trimEnd()}\n\`\`\``;
}
