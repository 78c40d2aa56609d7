// The language server as a process:  node dist/server.cjs --stdio | --node-ipc
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { afterRequests } from "../runner/index.ts";
import { serve } from "./connection.ts";
import { connectionOptions } from "./protocol/connection-options.ts";
import type { Clock } from "./scripts/publisher.ts";
import { answerInThread } from "./tables/answer-in-thread.ts";
import { runInThread } from "./tests/run-in-thread.ts";
import { editorFiles } from "./workspace/editor-files.ts";
import { eitherFiles } from "./workspace/either-files.ts";
import { nodeFiles } from "./workspace/node-files.ts";

// An editor has the server in memory all day. Left to itself V8 lets dead objects take up to three times what the living ones do before it
// looks for them; a fifth costs no time that can be measured (bench/language-server.ts). A V8 that does not know the flag says so in the log and goes on.
setFlagsFromString("--heap-growing-percent=20");

const transports = ["--stdio", "--node-ipc", "--socket", "--pipe"];

if (process.argv.slice(2).some((argument) => transports.some((name) => argument.startsWith(name)))) {
  const clock: Clock = {
    now: () => performance.now(),
    turn(callback) {
      let wanted = true;
      afterRequests(setImmediate, () => {
        if (wanted) callback();
      });
      return () => {
        wanted = false;
      };
    },
    later(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  // The threads' files lie beside this one, in the package as among the sources.
  const { dir, ext } = path.parse(process.argv[1]);
  const beside = (name: string) => path.join(dir, `${name}${ext}`);
  const connection = createConnection(ProposedFeatures.all, connectionOptions);
  // The last resort: what nobody waits for and a client refuses must not end the server. The log has it.
  process.on("unhandledRejection", (reason) => connection.console.error(`Unhandled: ${String(reason)}`));
  const files = eitherFiles(nodeFiles, editorFiles(connection));
  serve(connection, clock, answerInThread(beside("tables-main")), files, runInThread(beside("tests-main")));
} else {
  console.error("The language server speaks with an editor. Start it with --stdio or --node-ipc.");
  process.exitCode = 2;
}
