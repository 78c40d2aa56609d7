import { type TextDocument, workspace } from "vscode";

/** What users set for dumps, `gicWorkbench.dumps.*`. */
export interface DumpSettings {
  /** Check open dumps. */
  readonly check: boolean;
  /** Kernels that are asked what they would do; undefined: all. */
  readonly models: readonly string[] | undefined;
  readonly inlayHints: boolean;
  readonly maxProblems: number;
}

const MAX_PROBLEMS = 1000;

/** The settings of a document. Values come from files of users and may be anything: what is wrong has its default. */
export function dumpSettings(document: TextDocument): DumpSettings {
  const section = workspace.getConfiguration("gicWorkbench", document.uri);
  const models: unknown = section.get("dumps.checkModels");
  const maxProblems: unknown = section.get("maxProblems");
  return {
    check: section.get("dumps.check") !== false,
    models: Array.isArray(models) ? models.filter((model) => typeof model === "string") : undefined,
    inlayHints: section.get("dumps.inlayHints") !== false,
    maxProblems: typeof maxProblems === "number" && maxProblems >= 1 ? Math.floor(maxProblems) : MAX_PROBLEMS,
  };
}
