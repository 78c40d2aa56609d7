import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { inProject } from "../project.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** What the user is told when the adapter that a launch configuration leads to goes in the middle of a run. */
const told = { SIGKILL: "GIC-ADAPTER-GONE", SIGTERM: "The debug adapter was told to end" } as const;

/** `gicwb dap`, to which a launch configuration leads, is killed in the middle of a run, and another one is told to end. */
export async function killedAdapters(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  const pause = page.locator(".action-item:not(.disabled) .codicon-debug-pause:visible").first();
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    const { adapter, port } = await startAdapter();
    try {
      configure(page.url(), port);
      await user.openFile("long-run.itscmd");
      await user.command("View: Show Run and Debug");
      await user.press("F5");
      await pause.waitFor();
      adapter.kill(signal);
      await page.locator(".notification-toast", { hasText: told[signal] }).waitFor();
      await pause.waitFor({ state: "hidden" });
      await user.picture(`adapter-${signal}`);
    } finally {
      adapter.kill("SIGKILL");
    }
    await user.command("Notifications: Clear All Notifications");
    // The button of the editor's title leads to the adapter in the extension host.
    await user.openFile("first-msi.itscmd");
    await user.command("GIC: Debug Script");
    await page.locator(".debug-top-stack-frame-line, .debug-top-stack-frame-column").first().waitFor();
    await user.stopDebugging();
  }
}

/** Listens on a port of its own choice. */
async function startAdapter(): Promise<{ readonly adapter: ChildProcess; readonly port: number }> {
  const args = [inProject("cli", "main.ts"), "dap", "--port", "0"];
  const adapter = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  for await (const text of adapter.stderr.setEncoding("utf8")) {
    said += text;
    const port = /listens on port (\d+)/.exec(said)?.[1];
    if (port !== undefined) return { adapter, port: Number(port) };
  }
  throw new Error(`gicwb dap has not begun to listen: ${said}`);
}

/** Writes the launch configuration that leads to the adapter. @param url of the workbench, which has the folder */
function configure(url: string, port: number): void {
  const workspace = new URL(url).searchParams.get("folder") ?? "";
  const folder = path.join(workspace, ".vscode");
  const program = path.join(workspace, "trust", "long-run.itscmd");
  const configuration = { type: "gic", request: "launch", name: "gicwb dap", program, debugServer: port };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "launch.json"),
    JSON.stringify({ version: "0.2.0", configurations: [configuration] }),
  );
}
