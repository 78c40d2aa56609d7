import type { BuildOptions, Plugin } from "esbuild";
import { root } from "./project.ts";

/** The file of what the language client and the language server have in common: the Language Server Protocol's library, packed once for both. */
export const protocolFile = "dist/protocol.cjs";

/** Packages in it, by the member that each is. On Node a package's main file is its `/node`. */
const packages: Readonly<Record<string, string>> = {
  protocol: "vscode-languageserver-protocol/node",
  jsonrpc: "vscode-jsonrpc/node",
  types: "vscode-languageserver-types",
};
const wanted = /^vscode-(languageserver-protocol|jsonrpc|languageserver-types)(\/node)?$/;

/** These packages come from the file that lies beside a bundle. */
export const protocolBeside: Plugin = {
  name: "protocol-beside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: wanted }, ({ path }) => {
      const [member] =
        Object.entries(packages).find(([, name]) => name.replace("/node", "") === path.replace("/node", "")) ?? [];
      return member === undefined ? undefined : { path: member, namespace: "protocol" };
    });
    onResolve({ filter: /^protocol:$/ }, () => ({ path: "./protocol.cjs", external: true }));
    onLoad({ filter: /.*/, namespace: "protocol" }, ({ path }) => {
      return { contents: `module.exports = require("protocol:").${path};`, loader: "js", resolveDir: root };
    });
  },
};

export function protocolEntry(): NonNullable<BuildOptions["stdin"]> {
  const lines = Object.entries(packages).map(([member, name]) => `exports.${member} = require("${name}");`);
  return { contents: lines.join("\n"), resolveDir: root, sourcefile: "protocol.js", loader: "js" };
}
