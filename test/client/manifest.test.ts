import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { modelWords } from "../../architecture/index.ts";
import manifest from "../../package.json" with { type: "json" };

const root = path.resolve(import.meta.dirname, "../..");
const source = globSync("client/**/*.ts", { cwd: root })
  .map((file) => readFileSync(path.join(root, file), "utf8"))
  .join("\n");
const { contributes, activationEvents } = manifest;

/** Facts that VS Code wants in package.json, which the code has too. */
describe("the extension's manifest", () => {
  it("offers the models that there are", () => {
    const { model } = contributes.debuggers[0].configurationAttributes.launch.properties;
    assert.deepEqual(model.enum, modelWords());
  });

  it("declares the token types of dumps", () => {
    for (const { id } of contributes.semanticTokenTypes) assert.ok(source.includes(`"${id}"`), id);
    const used = [...source.matchAll(/: "(gic(?!Workbench)[A-Z]\w+)"/g)].map(([, id]) => id);
    assert.deepEqual(used.sort(), contributes.semanticTokenTypes.map(({ id }) => id).sort());
  });

  it("names commands that are registered, and activates for those that can be called without anything open", () => {
    for (const { command } of contributes.commands) {
      const name = command.replace("gicWorkbench.", "");
      const written = name.startsWith("registers.") ? `${name.replace("registers.", "")}"` : `${command}"`;
      assert.ok(source.includes(written), `${command} is registered`);
      if (!name.startsWith("registers.")) assert.ok(activationEvents.includes(`onCommand:${command}`), command);
    }
  });

  it("uses in menus what it has declared", () => {
    const declared = new Set(contributes.commands.map(({ command }) => command));
    const submenus = new Set<string | undefined>(contributes.submenus.map(({ id }) => id));
    for (const items of Object.values(contributes.menus)) {
      for (const item of items) {
        if ("command" in item && item.command !== undefined) assert.ok(declared.has(item.command), item.command);
        else assert.ok("submenu" in item && submenus.has(item.submenu));
      }
    }
    for (const { id } of contributes.submenus) assert.ok(Object.hasOwn(contributes.menus, id), id);
  });

  it("names files that are there", () => {
    const files = [
      ...contributes.languages.map(({ configuration }) => configuration),
      ...contributes.grammars.map((grammar) => grammar.path),
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
    ];
    for (const file of files) assert.ok(existsSync(path.join(root, file)), file);
  });

  it("has a colour that the code uses", () => {
    const styles = globSync("client/webview/**/*.css", { cwd: root })
      .map((file) => readFileSync(path.join(root, file), "utf8"))
      .join("\n");
    for (const { id } of contributes.colors) {
      assert.ok(source.includes(`"${id}"`) || styles.includes(`--vscode-${id.replace(".", "-")})`), id);
    }
  });
});
