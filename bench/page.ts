import type { Figure, Report } from "./figures.ts";
import { suites } from "./suites.ts";

const HEAD = `<!-- Written by npm run bench from bench/figures.json; the text is in bench/page.ts. -->

# How fast it is

\`npm run bench\` measures all of this one after another, in about nine minutes on two quiet cores, and writes this page and
\`bench/figures.json\`. \`npm run bench -- NAME\` runs one suite and says more; their names are below, and \`language\`, \`server\`, \`slices\` and
\`views\` are further ones without figures here.

- Each suite runs in processes of its own, several times; a figure is the median of its rounds, with the least and the most of any.
- A peer runs in turn with ours, in the same run on the same machine. A ratio says how many times as good ours is: 2x is twice as fast, or half the
  memory; 0.5x half as fast. Milliseconds are those of that machine, and say little about yours.
- \`npm run bench -- --compare\` measures the suites with a peer again and fails where a ratio has fallen by more than 20 % below the one here, in
  each of three runs. It is for a nightly job (\`.github/workflows/nightly.yml\`): a pull request's machine is too noisy for it.
- What a peer is compared in is the same work: QEMU's ITS carries out the same queue, clangd answers the same questions about a C file of as many
  lines (answers of both below 5 ms have no ratio: nobody waits for those), \`xxd -r\` reads the same text.
`;

/** docs/performance.md. @param report undefined while nothing has been kept */
export function performancePage(report: Report | undefined): string {
  if (report === undefined)
    return `${HEAD}\nNo figures are kept yet: they are measured on a quiet machine, and \`npm run bench\` puts them here.\n`;
  const { machine, system, node, version, load, cores, date } = report;
  const parts = [
    HEAD,
    `gicwb ${version} on ${date}: ${machine}; ${system}; Node ${node}; load ${load} before the first suite on ${cores} cores.`,
  ];
  if (isBusy(report))
    parts.push(
      "The machine was doing something else meanwhile: take the ratios as they are, and no millisecond for granted.",
    );
  for (const { suite, peer, figures } of report.suites) {
    const { title } = suites.find(({ name }) => name === suite) ?? { title: suite };
    parts.push(`## ${suite}`, `${sentence(title)}${peer === undefined ? "" : ` Beside it: ${peer}.`}`, table(figures));
  }
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

/** Whether something else took the machine's time, so that figures are worth little. */
export function isBusy({ load, cores }: Pick<Report, "load" | "cores">): boolean {
  return load > cores / 2;
}

function sentence(title: string): string {
  return `${title[0].toUpperCase()}${title.slice(1)}.`;
}

function table(figures: readonly Figure[]): string {
  const withRatio = figures.some(({ ratio }) => ratio !== undefined);
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const head = ["", "median", "least to most", "", ...(withRatio ? ["ratio"] : [])];
  const rows = figures.map(({ name, unit, median, least, most, ratio }) =>
    row([
      name,
      String(median),
      `${least} to ${most}`,
      unit,
      ...(withRatio ? [ratio === undefined ? "" : `${ratio}x`] : []),
    ]),
  );
  return [row(head), row(head.map((_, at) => (at === 1 || at === 4 ? "---:" : "---"))), ...rows].join("\n");
}
