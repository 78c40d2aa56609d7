import { modelWords } from "../../architecture/models.ts";
import { taskTexts } from "./task-texts.ts";

/** A task of tasks.json, its attributes looked at. */
export interface GicwbTask {
  readonly command: "run" | "test";
  /** Paths and glob patterns. */
  readonly files: readonly string[];
  readonly model: string | undefined;
  /** Further arguments of the command. */
  readonly args: readonly string[];
}

/** Files of one task. */
export const MOST_TASK_FILES = 1000;

/** Characters of a command line: Windows takes 32,767. */
const MOST_CHARACTERS = 30_000;

/** A sentence for the user. */
export interface TaskProblem {
  readonly problem: string;
}

/** What a task asks for; anything may stand in tasks.json. */
export function readTask({
  command,
  files,
  model,
  args = [],
}: Readonly<Record<string, unknown>>): GicwbTask | TaskProblem {
  if (command !== "run" && command !== "test") return { problem: taskTexts.badCommand(quoted(command)) };
  const list = typeof files === "string" ? [files] : files;
  if (!isTexts(list) || list.length === 0 || list.includes("")) return { problem: taskTexts.badFiles(quoted(files)) };
  if (!isTexts(args)) return { problem: taskTexts.badArgs(quoted(args)) };
  const isModel = (word: string) => modelWords().includes(word.trim());
  if (model === undefined) return { command, files: list, model, args };
  // `gicwb test` takes several.
  const words = typeof model === "string" ? (command === "test" ? model.split(",") : [model]) : [];
  if (typeof model !== "string" || !words.every(isModel))
    return { problem: taskTexts.badModel(quoted(model), modelWords().join(", ")) };
  return { command, files: list, model, args };
}

/** Whether a name is a pattern for files. */
export function isGlob(name: string): boolean {
  return /[*?{[]/.test(name) && !name.includes("${");
}

/**
 * The arguments of the command line.
 * @param found files that patterns have found, relative to the folder, with `/`
 */
export function argumentsOf(
  { command, files, model, args }: GicwbTask,
  found: readonly string[],
): readonly string[] | TaskProblem {
  const variable = found.find((name) => name.includes("${"));
  // VS Code replaces variables in arguments, and one of them runs a command: a file of that name would run it.
  if (variable !== undefined) return { problem: taskTexts.fileIsVariable(variable) };
  const named = [...files.filter((name) => !isGlob(name)), ...found];
  if (named.length === 0) return { problem: taskTexts.noFile(files.join(", ")) };
  const all = [command, ...(model === undefined ? [] : ["--model", model]), ...args, ...named.map(asFile)];
  const length = all.reduce((sum, one) => sum + one.length + 3, 0);
  return length > MOST_CHARACTERS ? { problem: taskTexts.tooLong(named.length) } : all;
}

/** A name that is no option. */
function asFile(name: string): string {
  return name.startsWith("-") ? `./${name}` : name;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function quoted(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
