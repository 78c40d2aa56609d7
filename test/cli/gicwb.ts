import { Writable } from "node:stream";
import { commands } from "../../cli/commands/index.ts";
import type { ExitCode } from "../../cli/errors.ts";
import { Output } from "../../cli/output.ts";
import { runCli } from "../../cli/run-cli.ts";

/** Runs one command line of `gicwb` in this process. */
export async function gicwb(
  ...argv: readonly string[]
): Promise<{ readonly code: ExitCode; readonly out: string; readonly err: string }> {
  const texts = { out: "", err: "" };
  const into = (name: "out" | "err"): Output =>
    new Output(
      new Writable({
        write(chunk, _encoding, done) {
          texts[name] += String(chunk);
          done();
        },
      }),
    );
  const stdin = (async function* (): AsyncGenerator<Uint8Array> {})();
  const code = await runCli(argv, commands, { out: into("out"), err: into("err"), stdin });
  return { code, ...texts };
}
