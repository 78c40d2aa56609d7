import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, type TestContext, test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const recipes = readFileSync(path.join(root, "docs/other-editors.md"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "gicwb-editors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The recipe of docs/other-editors.md in a language of code blocks. */
function recipe(language: string): string {
  const [, found] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(recipes) ?? [];
  assert.match(found ?? "", /gicwb[\s\S]*lsp[\s\S]*--stdio/);
  return found;
}

function write(name: string, text: string, mode = 0o644): string {
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode });
  return file;
}

const script = write("first.itscmd", "MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=4\nINT DeviceID=0x11, EventID=0\n");
write("gicwb", `#!/bin/sh\nexec "${process.execPath}" "${path.join(root, "cli/main.ts")}" "$@"\n`, 0o755);
const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}`, HOME: folder };

/** Runs an editor; undefined where it is not installed, which the test's report says. The recipe itself has been looked at then. */
function output(t: TestContext, program: string, args: readonly string[], debian: string): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8", timeout: 90_000 });
  if (error !== undefined && "code" in error && error.code === "ENOENT") {
    t.diagnostic(`${program} is not installed (apt-get install ${debian}): its recipe was read and not run.`);
    return undefined;
  }
  return `${stdout}${stderr}`;
}

describe("editors attach by the recipes of docs/other-editors.md and receive a diagnostic", () => {
  test("Neovim", (t) => {
    const init = write("init.lua", recipe("lua"));
    const wait =
      "lua vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20) " +
      'for _, d in ipairs(vim.diagnostic.get(0)) do io.stdout:write(d.lnum + 1, " ", d.code, "\\n") end vim.cmd("qa!")';
    const said = output(t, "nvim", ["--headless", "--clean", "-u", init, script, "-c", wait], "neovim");
    if (said !== undefined) assert.match(said, /^2 ITS0501$/m);
  });

  test("Emacs with Eglot", (t) => {
    const attach = write(
      "attach.el",
      `(package-initialize)
       (unless (require 'eglot nil t) (princ "no eglot") (kill-emacs))
       ${recipe("elisp")}
       (setq eglot-sync-connect 60)
       (find-file "${script}")
       (call-interactively #'eglot)
       (flymake-mode 1)
       (let ((end (+ (float-time) 60)))
         (while (and (not (flymake-diagnostics)) (< (float-time) end))
           (accept-process-output nil 0.05)
           (flymake-start)))
       (dolist (found (flymake-diagnostics))
         (princ (format "%s %s\\n" (line-number-at-pos (flymake-diagnostic-beg found)) (flymake-diagnostic-text found))))`,
    );
    const said = output(t, "emacs", ["--batch", "-l", attach], "emacs-nox elpa-eglot");
    if (said?.includes("no eglot") === true) t.diagnostic("Eglot is not installed (apt-get install elpa-eglot).");
    else if (said !== undefined) assert.match(said, /^2 .*ITS0501/m);
  });
});
