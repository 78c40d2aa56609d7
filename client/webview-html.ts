import { env, l10n, Uri, type Webview } from "vscode";
import { base64 } from "./base64.ts";

/**
 * A page that runs one script of ours, with what that imports of the same folder, and nothing else: no inline script or style, no network,
 * no other file. What the script imports has its nonce.
 * @param name of the script in `folder`
 * @param styles names of style sheets there, which count the more the later they stand
 */
export function webviewHtml(webview: Webview, folder: Uri, name: string, styles: readonly string[] = [name]): string {
  const nonce = base64(crypto.getRandomValues(new Uint8Array(16)));
  const script = webview.asWebviewUri(Uri.joinPath(folder, `${name}.js`));
  const links = styles.map((style) => webview.asWebviewUri(Uri.joinPath(folder, `${style}.css`)));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  // Texts are in the editor's language where there is a translation, else in English; the page gives itself a title.
  const language = l10n.bundle === undefined ? "en" : env.language.replace(/[^A-Za-z-]/g, "");
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>GIC Workbench</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${links.map((link) => `<link rel="stylesheet" href="${link}">`).join("\n    ")}
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
