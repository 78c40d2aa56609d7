import { dumpCheckRequest } from "../dump-check-protocol.ts";
import { compareRequest, type TablesAnswers } from "../tables-protocol.ts";
import { InputProblem } from "./read-input.ts";

/** Looks at the parameters of a request as they came: anything may be in them. @throws InputProblem when inputs in them are none */
export function checkInputs(name: keyof TablesAnswers, params: unknown): void {
  const given = record(params);
  for (const key of inputsOf(name)) {
    const input = record(given[key]);
    const { files, beside = [] } = input;
    if (typeof input.name !== "string" || !isFiles(files) || !isFiles(beside)) {
      throw new InputProblem(`The request ${name} has no ${key} with a name and files.`);
    }
  }
}

/** Parameters that are inputs. */
function inputsOf(name: keyof TablesAnswers): readonly string[] {
  if (name === dumpCheckRequest) return [];
  return name === compareRequest ? ["a", "b"] : ["input"];
}

function isFiles(value: unknown): boolean {
  return Array.isArray(value) && value.every((file) => isFile(record(file)));
}

function isFile({ name, path, text, base64 }: Readonly<Record<string, unknown>>): boolean {
  return typeof name === "string" && [path, text, base64].some((content) => typeof content === "string");
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
