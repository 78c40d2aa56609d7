import { randomBytes } from "node:crypto";
import { Uri, type Webview } from "vscode";

/**
 * A page that runs one script of ours and nothing else: no inline script or style, no network, no other file.
 * @param name of the script and the style sheet in `folder`
 */
export function webviewHtml(webview: Webview, folder: Uri, name: string): string {
  const nonce = randomBytes(16).toString("base64");
  const script = webview.asWebviewUri(Uri.joinPath(folder, `${name}.js`));
  const style = webview.asWebviewUri(Uri.joinPath(folder, `${name}.css`));
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
