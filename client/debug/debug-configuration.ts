/** A launch configuration of ours as it may come: from a hand-written launch.json, so anything may be in it. */
export interface LaunchConfiguration {
  readonly type: string;
  readonly request: string;
  readonly name: string;
  readonly [key: string]: unknown;
}

/** The document that is open when F5 is pressed. */
export interface ActiveDocument {
  readonly languageId: string;
  /** As "program" names it. */
  readonly program: string;
}

/** What to do about a program that was not named: a path, or why there is none. */
export type ProgramChoice = { readonly kind: "program"; readonly program: string } | { readonly kind: "none" };

/** The script that F5 means when no configuration names one. */
export function activeProgram(active: ActiveDocument | undefined): ProgramChoice {
  if (active?.languageId !== "itscmd") return { kind: "none" };
  return { kind: "program", program: active.program };
}

/** F5 without a launch.json comes as a configuration with nothing in it. */
export function isEmptyConfiguration(configuration: Readonly<Record<string, unknown>>): boolean {
  return configuration.type === undefined && configuration.request === undefined && configuration.name === undefined;
}
