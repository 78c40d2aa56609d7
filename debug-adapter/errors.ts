import type { Diagnostic } from "../language/index.ts";

/** An error for the user of the debugger: what happened, where, what to do. It is shown as it is, never with a stack. */
export class AdapterError extends Error {
  /** Stable number of the message. */
  readonly id: number;
  /** Whether the editor shows it in a box of its own. */
  readonly showUser: boolean;

  constructor(id: number, message: string, showUser: boolean) {
    super(message);
    this.id = id;
    this.showUser = showUser;
  }
}

const loud = (id: number, message: string): AdapterError => new AdapterError(id, message, true);
const quiet = (id: number, message: string): AdapterError => new AdapterError(id, message, false);

/** Every error of the adapter. 1xx: launching; 2xx: state and expressions; 3xx: the protocol. */
export const errors = {
  noProgram: () =>
    loud(
      101,
      'The launch configuration names no script. Add "program" with the path of one, "trace" with that of a log of ITS commands, or "state" with that of a saved machine.',
    ),
  badTrace: () => loud(119, 'The "trace" of the launch configuration is not a text.'),
  programAndTrace: () =>
    loud(119, 'The launch configuration has "program" and "trace", which are two scripts. Remove one of them.'),
  noTrace: (path: string) =>
    loud(
      119,
      `"${path}" has no line of a log of ITS commands: QEMU's -trace 'gicv3_its_*', the output of kvm-unit-tests, Xen's log, gem5's --debug-flags=ITS. A dumped queue becomes a script by gicwb import.`,
    ),
  badProgram: () => loud(102, 'The "program" of the launch configuration is not a text.'),
  notFound: (path: string) => loud(103, `There is no file "${path}".`),
  directory: (path: string) => loud(104, `"${path}" is a directory. Name a file in it.`),
  notReadable: (path: string, reason: string) => loud(105, `"${path}" cannot be read: ${reason}.`),
  empty: (path: string) => loud(106, `"${path}" is empty: there is nothing to run.`),
  noStatement: (path: string) => loud(107, `"${path}" has no statement to run.`),
  tooLarge: (path: string, mebibytes: number) =>
    loud(108, `"${path}" is larger than ${mebibytes} MiB. A script of that size is not run.`),
  refused: (path: string, reason: string) => loud(109, `"${path}" cannot be run: ${reason}`),
  syntax: (place: string, message: string, more: number) =>
    loud(110, `${place}: ${message}${more === 0 ? "" : ` (and ${more} more like it)`} Correct it and start again.`),
  badModel: (given: string, known: readonly string[]) =>
    loud(111, `There is no model "${given}". A model of the launch configuration is one of ${known.join(", ")}.`),
  badCpus: (given: string, most: bigint) =>
    loud(112, `"cpus" of the launch configuration is a whole number from 1 to ${most}, not ${given}.`),
  noMachine: (reason: string) => loud(113, `This machine cannot be built: ${reason}.`),
  badFlag: (name: string) => loud(114, `"${name}" of the launch configuration is true or false.`),
  badState: () => loud(115, 'The "state" of the launch configuration is not the path of a file.'),
  state: (path: string, message: string) => loud(116, `"${path}" is refused. ${message}`),
  stateTooLarge: (path: string, mebibytes: number) =>
    loud(117, `"${path}" is larger than ${mebibytes} MiB. A saved machine of that size is not read.`),
  stateHasMachine: (attribute: string) =>
    loud(118, `"${attribute}" of the launch configuration cannot stand beside "state": the saved machine has its own.`),

  badArgs: (given: string) =>
    loud(
      119,
      `"args" of the launch configuration is an object with values of the script's names, {"device": "0x10"}, not ${given}.`,
    ),
  badConstant: (name: string, given: string) =>
    loud(
      120,
      `"args" of the launch configuration: ${name} is a number, or a text with an expression of numbers, not ${given}.`,
    ),
  badTest: (given: string) =>
    loud(122, `"test" of the launch configuration is the title of a test of the script, not ${given}.`),
  strangeTest: (script: string, title: string, known: string) =>
    loud(
      123,
      `"test" of the launch configuration: ${script} has no test "${title}".${known === "" ? "" : ` It has ${known}.`}`,
    ),
  badFilesRoot: () => loud(124, 'The "filesRoot" of the launch configuration is not the path of a folder.'),
  strangeConstant: (script: string, name: string, known: string) =>
    loud(
      121,
      `"args" of the launch configuration has a value for ${name}, and ${script} has no line "let ${name} = …".${known === "" ? "" : ` It has ${known}.`}`,
    ),

  diagnostic: ({ code, message }: Pick<Diagnostic, "code" | "message">) => quiet(201, `${message} [${code}]`),
  noExpression: () => quiet(202, "There is no expression to evaluate."),
  letInConsole: () => quiet(203, "let names a value of the script; the console has no names of its own."),
  machineInConsole: () => quiet(204, "The machine is described in the script and built at the start."),
  blockInConsole: () => quiet(228, "Blocks stand in the script. The console carries out one statement at a time."),
  vmInConsole: () =>
    quiet(229, "migrate, snapshot and restore NAME are lines of a script: they are taken back with it."),
  running: () => quiet(205, "The script is running. Pause it first."),
  inLine: (line: number) =>
    quiet(
      217,
      `Line ${line} is in the middle of being carried out. Step over it or step back before you change anything.`,
    ),
  interrupted: () => quiet(218, "It was interrupted and taken back."),
  notWritable: (name: string) => quiet(206, `${name} cannot be written.`),
  notRun: (line: number) => quiet(220, `Line ${line} has not run. Only lines that have run can be gone back to.`),
  readOnly: (name: string, summary: string) => quiet(219, `${name} is read-only: ${summary}`),
  entryFieldFixed: (name: string, advice: string) =>
    quiet(227, `${name} is no field that a command gives another value; ${advice}.`),
  deviceFixed: (device: string, why: string) =>
    quiet(
      228,
      `DeviceID ${device} is not mapped anew by hand: ${why}. Write the commands in the console or in the script.`,
    ),
  letIsFixed: (name: string) => quiet(207, `${name} is defined by the script; change its let line and restart.`),
  noVariable: (name: string) => quiet(208, `There is no ${name} here any more.`),
  noReference: () => quiet(209, "This part of the tree is not there any more."),
  noSource: () => quiet(216, "There is no such text in this session."),
  noException: () => quiet(210, "The script did not stop at a problem."),
  badAddress: (given: string) => quiet(211, `"${given}" is not an address. Write 0x and hexadecimal digits.`),
  noRam: (from: string, to: string) => quiet(212, `There is no RAM at ${from} to ${to}.`),
  badData: () => quiet(213, "The data to write is not base64."),
  notAssignable: () =>
    quiet(
      214,
      "Only registers, their fields, fields of table entries and mem8, mem16, mem32, mem64 can be assigned to.",
    ),

  notRecreated: (why: string) => quiet(226, `The machine of this moment cannot be written as a script: ${why}.`),
  momentUnknown: (what: string) =>
    quiet(225, `${what} is not known: the journal does not reach there, or the session has gone back beyond it.`),
  notChanged: () => quiet(222, "The script is as it was when it ran: there is nothing to run again."),
  needsRestart: (line: number) =>
    quiet(223, `Line ${line} cannot be taken back in this session. Restart it to run the new text.`),
  noComparison: () =>
    quiet(224, 'There is no other model in this session. Name one in "compareWith" of the launch configuration.'),
  neverChanged: (expression: string) => quiet(221, `No line of the script has changed ${expression}.`),
  pastOutOfReach: (expression: string) =>
    quiet(215, `What changed ${expression} last is further back than the journal goes.`),

  notSaved: (why: string) => quiet(219, `The machine of this moment cannot be saved: ${why}.`),
  noMsiPath: (why: string) => quiet(216, `trace-msi: ${why}.`),

  notLaunched: () => quiet(301, "No script is being debugged."),
  alreadyLaunched: () => loud(302, "This session debugs a script already. Start another session for another script."),
  noAttach: () => loud(303, 'A script is launched, not attached to. Set "request": "launch".'),
  unknownRequest: (command: string) => quiet(304, `The debugger has no request "${command}".`),
  uriPaths: () => loud(305, "This debugger takes paths of files, not URIs."),
  badArguments: (request: string, takes: string, given: string) =>
    quiet(306, `The arguments of the request "${request}" must be ${takes}, not ${given}.`),
  badArgument: (request: string, argument: string, takes: string, given: string) =>
    quiet(307, `The argument "${argument}" of the request "${request}" must be ${takes}, but is ${given}.`),
  noRequest: (member: string) => quiet(308, `The message is no request: its "${member}" is missing or wrong.`),
  notConfigured: (request: string) => quiet(309, `"${request}" comes too early: send "configurationDone" first.`),
  cancelled: () => new AdapterError(310, "cancelled", false),
  alreadyConfigured: () => quiet(311, '"configurationDone" was sent already.'),
  toldToEnd: () =>
    loud(397, "The debug adapter was told to end, so the session ends. Start the adapter and the session again."),
  sessionFailed: (reason: string) =>
    loud(
      398,
      `Something went wrong inside the debugger (${reason}), so the session ends. Please report this with the script.`,
    ),
  internal: (name: string) =>
    loud(399, `Something went wrong inside the debugger (${name}). Please report this with the script.`),
} as const;
