import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RequestBodies } from "../../debug-adapter/request-types.ts";
import type { DapClient } from "./dap-client.ts";

const folder = fileURLToPath(new URL("goldens/", import.meta.url));
const isUpdate = process.argv.includes("--update") || process.env.UPDATE_GOLDENS === "1";

/** Compares a text with the golden of a name. One that is missing is a failure; `UPDATE_GOLDENS=1`, or `--update`, writes it. */
export function matchesGolden(name: string, text: string): void {
  const file = `${folder}${name}.txt`;
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing: write it with node ${process.argv[1]} --update, and read it`);
  assert.equal(text, readFileSync(file, "utf8"));
}

/** What a client asked and got, in the order of the wire, as lines of text. */
export class Transcript {
  private readonly lines: string[] = [];
  private readonly dap: DapClient;
  private told = 0;

  constructor(dap: DapClient) {
    this.dap = dap;
  }

  /** A heading. */
  say(text: string): void {
    this.lines.push(`# ${text}`);
  }

  /** A request and its answer, with the events that came before it. */
  async ask<Command extends keyof RequestBodies>(command: Command, args: object = {}): Promise<unknown> {
    this.events();
    const { success, message, body } = await this.dap.send(command, args);
    this.lines.push(`→ ${command} ${JSON.stringify(args)}`);
    this.lines.push(success ? `← ${JSON.stringify(body ?? {})}` : `← ✗ ${message}`);
    return body;
  }

  /** A move, until it stops or ends; then the frames of the script's thread. */
  async move(command: keyof RequestBodies, args: object = { threadId: 1 }): Promise<void> {
    await this.ask(command, args);
    const { event } = await this.dap.event("stopped", "terminated");
    this.events();
    if (event === "stopped") await this.where();
  }

  /** The frames, one a line. */
  async where(): Promise<void> {
    const { stackFrames } = await this.dap.request("stackTrace", { threadId: 1 });
    for (const { name, line, instructionPointerReference: at } of stackFrames) {
      this.lines.push(`  at line ${line}: ${name}${at === undefined ? "" : ` [${at}]`}`);
    }
  }

  /** The variables of a scope, one a line. */
  async scope(name: string, frameId = 1): Promise<void> {
    const { scopes } = await this.dap.request("scopes", { frameId });
    const found = scopes.find((scope) => scope.name === name);
    assert.ok(found, `there is a scope ${name}`);
    const { variables } = await this.dap.request("variables", { variablesReference: found.variablesReference });
    for (const { name: variable, value, memoryReference } of variables) {
      this.lines.push(`  ${variable} = ${value}${memoryReference === undefined ? "" : ` [${memoryReference}]`}`);
    }
  }

  /** Compares with the golden of a name. @param place a path of this run, which is called PLACE there */
  matches(name: string, place?: string): void {
    this.events();
    const text = `${this.lines.join("\n")}\n`;
    matchesGolden(name, place === undefined ? text : text.replaceAll(place, "PLACE"));
  }

  private events(): void {
    for (; this.told < this.dap.events.length; this.told++) {
      const { event, body } = this.dap.events[this.told];
      this.lines.push(`⚡ ${event} ${JSON.stringify(body ?? {})}`);
    }
  }
}
