import { Disposable, type TaskProvider, tasks } from "vscode";
import { host } from "../host.ts";

/** Offers tasks of type gicwb, where there are processes. What makes them is loaded when somebody wants one. */
export function registerTasks(): Disposable {
  const make = host().tasks;
  if (make === undefined) return Disposable.from();
  let loaded: Promise<TaskProvider> | undefined;
  const load = () => {
    loaded ??= make();
    return loaded;
  };
  return tasks.registerTaskProvider("gicwb", {
    provideTasks: async (token) => (await load()).provideTasks(token),
    resolveTask: async (task, token) => (await load()).resolveTask(task, token),
  });
}
