import { commands, Disposable, type TextDocumentContentProvider, Uri, workspace } from "vscode";
import type { RulePageAnswer, RulePageParams } from "../../server/rule-page-protocol.ts";
import { registerCommand } from "../messages.ts";
import { texts } from "../texts.ts";

const SCHEME = "gic-rule";
/** The command that the code of a problem leads to. */
const COMMAND = "gicWorkbench.explainRule";

/** What the server puts into the links of codes: a command, so that the page shows as a page and not as its source. */
export const rulePageLink = `command:${COMMAND}?${encodeURIComponent('["')}{code}${encodeURIComponent('"]')}`;

/** Shows the pages of rules and problems, which the server has. */
export class RulePages extends Disposable implements TextDocumentContentProvider {
  private readonly ask: (params: RulePageParams) => Promise<RulePageAnswer>;

  constructor(ask: RulePages["ask"]) {
    const subscriptions: Disposable[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.ask = ask;
    subscriptions.push(
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      registerCommand(COMMAND, (code: unknown) => this.show(String(code))),
    );
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const code = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    return (await this.ask({ code }))?.text ?? texts.noRulePage(code);
  }

  private async show(code: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${code.replace(/[^\w-]/g, "")}.md` });
    await commands.executeCommand("markdown.showPreview", uri);
  }
}
