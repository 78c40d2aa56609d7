import { Uri, workspace } from "vscode";

/** The page that comes with the extension. */
const PAGE = ["docs", "check-and-diff.md"] as const;

/** Where each rule is described: the page, at the line of the rule. VS Code takes a number in a fragment for a line. */
export class RuleLinks {
  private readonly page: Uri;
  private lines: Promise<ReadonlyMap<string, number>> | undefined;

  constructor(extension: Uri) {
    this.page = Uri.joinPath(extension, ...PAGE);
  }

  /** The rules' places, once the page is read; none when it cannot be. */
  async ready(): Promise<(rule: string) => Uri> {
    this.lines ??= this.read();
    const lines = await this.lines;
    return (rule) => this.page.with({ fragment: `L${lines.get(rule) ?? 1}` });
  }

  private async read(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    // A page that is gone is told by the link itself, when somebody opens it.
    const bytes = await workspace.fs.readFile(this.page).then(undefined, () => new Uint8Array());
    for (const [at, line] of new TextDecoder().decode(bytes).split("\n").entries()) {
      const rule = /^\| ([\w-]+) \| (?:error|warning|note) \|/.exec(line)?.[1];
      if (rule !== undefined) found.set(rule, at + 1);
    }
    return found;
  }
}
