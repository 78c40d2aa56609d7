import { type Disposable, type ExtensionContext, type TaskProvider, tasks } from "vscode";

/** Offers tasks of type gicwb. What makes them is loaded when somebody wants one; it needs Node. */
export function registerTasks({ extensionPath }: ExtensionContext): Disposable {
  let loaded: Promise<TaskProvider> | undefined;
  const load = () => {
    loaded ??= import("./gicwb-tasks.ts").then(({ GicwbTasks }) => new GicwbTasks(extensionPath));
    return loaded;
  };
  return tasks.registerTaskProvider("gicwb", {
    provideTasks: async (token) => (await load()).provideTasks(token),
    resolveTask: async (task, token) => (await load()).resolveTask(task, token),
  });
}
