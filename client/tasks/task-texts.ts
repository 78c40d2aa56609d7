import { t } from "../texts.ts";

/** Sentences and labels of tasks. */
export const taskTexts = {
  testAll: () => t("test all scripts"),
  testOpen: () => t("test the open script"),
  runOpen: () => t("run the open script"),
  named: (command: string, files: string) => `${command} ${files}`,
  badCommand: (given: string) => t("“command” of a gicwb task is “run” or “test”, not {0}.", given),
  badFiles: (given: string) =>
    t("“files” of a gicwb task must be a path or a glob pattern, or a list of them, but it is {0}.", given),
  badArgs: (given: string) => t("“args” of a gicwb task must be a list of texts, but it is {0}.", given),
  badModel: (given: string, models: string) =>
    t("“model” of a gicwb task names a model, and {0} is none. Models are {1}.", given, models),
  fileIsVariable: (name: string) =>
    t("{0} has $ { in its name, which VS Code would take for a variable. Rename the file, or leave it out.", name),
  noFile: (patterns: string) => t("No script is called {0}. Correct “files” in tasks.json.", patterns),
  tooLong: (files: number) =>
    t("{0} files are more than a command line can name. Use patterns that find fewer, in several tasks.", files),
  manyFiles: (most: number) =>
    t("The patterns find more than {0} scripts. Use patterns that find fewer, in several tasks.", most),
  noFolder: () => t("A gicwb task runs in a folder on disk, and this window has none."),
};
