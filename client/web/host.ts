import type { SessionToolsModule } from "../assistants/session-tools.ts";
import type { MakeHost } from "../host.ts";
import { WorkerAdapter } from "./debug-adapter.ts";
import type { PackageFiles } from "./package-files.ts";

/** What the file of the language client offers. */
type LanguageModule = typeof import("./language.ts");

/** The extension host of an editor that runs in a browser alone: a worker, with files that only the editor reads. */
export function webHost(files: PackageFiles): MakeHost {
  return () => ({
    async languageServer() {
      const { languageServer } = await files.load<LanguageModule>("language-web.cjs");
      return languageServer(() => files.start("server-web.cjs"));
    },
    async debugAdapter(editor) {
      return new WorkerAdapter(await files.start("debug-web.cjs"), editor);
    },
    sessionTools: () => files.load<SessionToolsModule>("session-tools.cjs"),
    hasPath: () => false,
  });
}
