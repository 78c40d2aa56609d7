import { type ConfigurationChangeEvent, type ConfigurationScope, workspace } from "vscode";
import { type SettingName, type SettingValue, settingsSection, settingValue } from "../server/settings-protocol.ts";

/** What the user has set, where a folder or document is given for that one. Anything that is wrong in a file of settings has its default. */
export function setting<Name extends SettingName>(name: Name, scope?: ConfigurationScope): SettingValue<Name> {
  return settingValue(name, workspace.getConfiguration(settingsSection, scope).get(name));
}

/** Whether a change of settings is one of any of these. */
export function changesSetting(change: ConfigurationChangeEvent, ...names: readonly SettingName[]): boolean {
  return names.some((name) => change.affectsConfiguration(`${settingsSection}.${name}`));
}
