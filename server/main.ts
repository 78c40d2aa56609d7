// The language server as a process:  node dist/server.cjs --stdio | --node-ipc
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { afterRequests } from "../runner/index.ts";
import { serve } from "./connection.ts";
import type { Clock } from "./scripts/publisher.ts";
import { fileAccess } from "./tables/file-access.ts";

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
  serve(createConnection(ProposedFeatures.all), clock, fileAccess);
} else {
  console.error("The language server speaks with an editor. Start it with --stdio or --node-ipc.");
  process.exitCode = 2;
}
