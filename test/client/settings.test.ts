import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ruleLevels, rulesById } from "../../language/index.ts";
import { kernelModels } from "../../runner/verdict/index.ts";
import { configuration, settingsPage } from "../../scripts/generate-settings.ts";
import { type Setting, type SettingName, settingOf, settings, settingValue } from "../../server/settings-protocol.ts";
import { manifest } from "./manifest.ts";

const root = path.resolve(import.meta.dirname, "../..");
const names = Object.keys(settings) as SettingName[];

/** Why a value is none that a setting may have. */
function wrongIn(setting: Setting, value: unknown): string | undefined {
  switch (setting.kind) {
    case "switch":
      return typeof value === "boolean" ? undefined : "not a boolean";
    case "count":
      return Number.isInteger(value) && Number(value) >= setting.least && Number(value) <= setting.most
        ? undefined
        : "not a number in its range";
    case "choice":
      return Array.isArray(value) && value.every((word) => setting.words().includes(word))
        ? undefined
        : "not its words";
    case "severities":
      return undefined;
  }
}

describe("the settings (node scripts/generate-settings.ts writes them)", () => {
  it("of package.json are those that are declared", () => {
    assert.deepEqual(manifest.contributes.configuration, JSON.parse(JSON.stringify(configuration())));
  });

  it("are told in docs/settings.md as they are declared", () => {
    assert.equal(readFileSync(path.join(root, "docs/settings.md"), "utf8"), settingsPage());
  });

  it("have a severity for each rule, and ask the kernels that there are", () => {
    const { properties } = manifest.contributes.configuration;
    const rules = properties["gicWorkbench.rules"].properties;
    assert.deepEqual(Object.keys(rules), [...rulesById.keys()]);
    for (const { enum: levels } of Object.values(rules)) assert.deepEqual(levels, ruleLevels);
    assert.deepEqual(settings["dumps.checkModels"].words(), kernelModels);
  });

  it("are read by one function in the client", () => {
    const readers = globSync("client/**/*.ts", { cwd: root }).filter((file) =>
      readFileSync(path.join(root, file), "utf8").includes("getConfiguration("),
    );
    assert.deepEqual(readers, [path.join("client", "settings.ts")]);
  });

  for (const name of names) {
    const setting: Setting = settings[name];
    it(`${name} has a right value whatever a file of settings says`, () => {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          assert.equal(wrongIn(setting, settingValue(name, value)), undefined);
          settingOf(value, name);
        }),
      );
      if (setting.kind !== "severities")
        assert.deepEqual(settingValue(name, undefined), setting.kind === "choice" ? setting.words() : setting.default);
    });
  }

  it("keep what is right, and cut what is beyond an end", () => {
    assert.equal(settingOf({ hints: { enabled: false } }, "hints.enabled"), false);
    assert.equal(settingValue("maxProblems", 7.9), 7);
    assert.equal(settingValue("maxProblems", 1e12), 100_000);
    assert.equal(settingValue("maxProblems", 0), 1000);
    assert.deepEqual(settingValue("dumps.checkModels", ["kvm-7.2", "vax", 5]), ["kvm-7.2"]);
    assert.deepEqual(settingValue("dumps.checkModels", []), []);
  });
});
