// The language server as a process:  node dist/server.cjs --stdio | --node-ipc
import fs from "node:fs";
import path from "node:path";
import url from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { afterRequests } from "../runner/index.ts";
import { serve } from "./connection.ts";
import { nodeFiles } from "./scripts/include-files.ts";
import type { Clock } from "./scripts/publisher.ts";
import { answerInThread } from "./tables/answer-in-thread.ts";

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
  // The thread's file lies beside this one, in the package as among the sources.
  const { dir, ext } = path.parse(process.argv[1]);
  serve(
    createConnection(ProposedFeatures.all),
    clock,
    answerInThread(path.join(dir, `tables-main${ext}`)),
    nodeFiles({ fs, path }, url),
  );
} else {
  console.error("The language server speaks with an editor. Start it with --stdio or --node-ipc.");
  process.exitCode = 2;
}
