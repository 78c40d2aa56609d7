import path from "node:path";
import process from "node:process";
import {
  CustomExecution,
  EventEmitter,
  ProcessExecution,
  type Pseudoterminal,
  RelativePattern,
  Task,
  type TaskDefinition,
  TaskGroup,
  type TaskProvider,
  TaskScope,
  type WorkspaceFolder,
  workspace,
} from "vscode";
import {
  argumentsOf,
  type GicwbTask,
  isGlob,
  MOST_TASK_FILES,
  readTask,
  type TaskProblem,
} from "../tasks/task-command.ts";
import { taskTexts } from "../tasks/task-texts.ts";
import { scriptGlob } from "../tests/script-texts.ts";
import { asNode, commandLineIn } from "./own-node.ts";

/** Type of the tasks, and name of the problem matcher. */
const taskType = "gicwb";
const matcher = "$gicwb";

/** Tasks that run the command line of this extension on the editor's own Node: nothing has to be installed. */
export class GicwbTasks implements TaskProvider {
  private readonly program: string;

  /** @param extensionPath folder of the extension */
  constructor(extensionPath: string) {
    this.program = commandLineIn(extensionPath);
  }

  async provideTasks(): Promise<Task[]> {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    const tasks: Task[] = [];
    for (const folder of folders) {
      const offered: readonly (readonly [string, GicwbTask["command"], string])[] = [
        [taskTexts.testAll(), "test", scriptGlob],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in, not JavaScript.
        [taskTexts.testOpen(), "test", "${file}"],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in, not JavaScript.
        [taskTexts.runOpen(), "run", "${file}"],
      ];
      for (const [name, command, files] of offered) {
        tasks.push(await this.task({ type: taskType, command, files }, name, folder));
      }
    }
    return tasks;
  }

  /** A task of tasks.json. What is wrong with it is said when it is run. */
  async resolveTask({ definition, name, scope }: Task): Promise<Task> {
    const folder = typeof scope === "object" ? scope : workspace.workspaceFolders?.[0];
    return this.task(definition, name, folder);
  }

  private async task(definition: TaskDefinition, name: string, folder: WorkspaceFolder | undefined): Promise<Task> {
    const args = await argumentsFor(definition, folder);
    const execution =
      "problem" in args || folder === undefined
        ? new CustomExecution(async () => new Sentence("problem" in args ? args.problem : taskTexts.noFolder()))
        : new ProcessExecution(process.execPath, [this.program, ...args], {
            cwd: folder.uri.fsPath,
            env: { ...asNode },
          });
    const task = new Task(definition, folder ?? TaskScope.Workspace, name, taskType, execution, [matcher]);
    if (definition.command === "test") task.group = TaskGroup.Test;
    return task;
  }
}

async function argumentsFor(
  definition: TaskDefinition,
  folder: WorkspaceFolder | undefined,
): Promise<readonly string[] | TaskProblem> {
  const task = readTask(definition);
  if ("problem" in task) return task;
  if (folder === undefined || folder.uri.scheme !== "file") return { problem: taskTexts.noFolder() };
  const found = new Set<string>();
  for (const glob of task.files.filter(isGlob)) {
    const pattern = new RelativePattern(folder, glob);
    for (const uri of await workspace.findFiles(pattern, undefined, MOST_TASK_FILES + 1))
      found.add(path.relative(folder.uri.fsPath, uri.fsPath));
  }
  if (found.size > MOST_TASK_FILES) return { problem: taskTexts.manyFiles(MOST_TASK_FILES) };
  return argumentsOf(task, [...found].sort());
}

/** A terminal that says why a task cannot run. */
class Sentence implements Pseudoterminal {
  private readonly writes = new EventEmitter<string>();
  private readonly ends = new EventEmitter<number>();
  readonly onDidWrite = this.writes.event;
  readonly onDidClose = this.ends.event;
  private readonly sentence: string;

  constructor(sentence: string) {
    this.sentence = sentence;
  }

  open(): void {
    this.writes.fire(`${this.sentence.replace(/\p{Cc}/gu, "\ufffd")}\r\n`);
    this.ends.fire(1);
  }

  close(): void {
    this.writes.dispose();
    this.ends.dispose();
  }
}
