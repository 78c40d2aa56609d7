/**
 * Exit codes: 0 done, 1 the work failed, 2 the command line was wrong, 3 done by one of two readings that are about as good. Of `gicwb check`
 * alone: 4 a kernel refuses the tables, 5 something in them is wrong or may be lost, 6 what decides is not in the input.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** The same error with another exit code: 1 means something else to some commands. */
export function asTrouble(error: unknown): unknown {
  return error instanceof CliError ? new CliError(error.code, 2, error.message, error.help) : error;
}

/** An error for the user: code, what happened and where, what to do. Printed as one or two lines, never with a stack. */
export class CliError extends Error {
  readonly code: string;
  readonly exitCode: 1 | 2;
  readonly help: string | undefined;

  constructor(code: string, exitCode: 1 | 2, message: string, help?: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.help = help;
  }
}

/** Every error of the command line. One factory each; the codes are stable. */
export const errors = {
  usage: (message: string, command?: string) =>
    new CliError("GICWB-USAGE", 2, message, `See gicwb ${command === undefined ? "" : `${command} `}--help.`),
  notFound: (file: string) => new CliError("GICWB-FILE-MISSING", 1, `There is no file "${file}".`),
  directory: (file: string) =>
    new CliError("GICWB-FILE-DIRECTORY", 1, `"${file}" is a directory.`, "Name a file in it."),
  notReadable: (file: string, reason: string) =>
    new CliError("GICWB-FILE-READ", 1, `"${file}" cannot be read: ${reason}.`),
  empty: (file: string) => new CliError("GICWB-FILE-EMPTY", 1, `"${file}" is empty.`),
  tooLarge: (file: string, limit: number) =>
    new CliError(
      "GICWB-FILE-TOO-LARGE",
      1,
      `"${file}" is larger than ${limit >> 20} MiB.`,
      "Cut the part that holds the table out of it.",
    ),
  binary: (file: string) =>
    new CliError(
      "GICWB-FILE-BINARY",
      1,
      `"${file}" is not text.`,
      "Raw bytes are decoded with --base, the address of the first byte.",
    ),
  noDump: (file: string, firstProblem: string) =>
    new CliError(
      "GICWB-DUMP-NONE",
      1,
      `"${file}" has no line that is a hex dump line. ${firstProblem}`,
      "gicwb decode --help lists the formats.",
    ),
  noCore: (file: string, reason: string) =>
    new CliError("GICWB-CORE", 1, `"${file}" has no memory that can be read. ${reason}`),
  coreBase: (file: string) =>
    new CliError(
      "GICWB-USAGE",
      2,
      `"${file}" is a core: nothing in it says where a table is.`,
      "Give --base with the table's address, as GITS_BASER<n>, GITS_CBASER or GICR_PROPBASER has it; or name the core together with a dump of the registers, or the boot log.",
    ),
  coreInstead: (file: string) =>
    new CliError(
      "GICWB-CORE",
      1,
      `"${file}" is a core, and the queue is somewhere in it.`,
      "gicwb decode FILE --as command-queue --base ADDRESS --size BYTES prints its commands.",
    ),
  nothingToImport: (file: string) =>
    new CliError(
      "GICWB-IMPORT-NONE",
      1,
      `"${file}" has no command: no line of a log that is known, and no slot of a queue that was written.`,
      "gicwb import --help lists the logs that are known.",
    ),
  manyFiles: (file: string, count: number, most: number) =>
    new CliError(
      "GICWB-CAPTURE-FILES",
      1,
      `"${file}" has ${count} files; a capture may have ${most}.`,
      "Name the files that matter.",
    ),
  noCapture: (place: string) =>
    new CliError(
      "GICWB-CAPTURE",
      1,
      `Nothing in "${place}" tells where the device table is.`,
      "Add a dump of the ITS registers (xp /8gx 0x8080100), the boot log with its ITS@ lines, a trace of QEMU (-trace 'gicv3_*'), or a NAME.giccap.json with deviceTableL1 or deviceTable. A dump of one table is decoded alone.",
    ),
  layoutFile: (file: string, problems: readonly string[]) =>
    new CliError(
      "GICWB-LAYOUT",
      1,
      `"${file}" describes no layout. ${problems.join(" ")}`,
      "docs/layouts.md has all that such a file may say.",
    ),
  guest: (file: string, message: string) => new CliError("GICWB-GUEST", 1, `"${file}" cannot be read. ${message}`),
  captureOption: (option: string) =>
    new CliError(
      "GICWB-USAGE",
      2,
      `--${option} is about one table; a capture is walked from its registers.`,
      "Name one file.",
    ),
  describesItself: (file: string) =>
    new CliError(
      "GICWB-DESCRIBED",
      2,
      `"${file}" says itself which tables it holds, by its # gic: lines.`,
      "Leave out --as.",
    ),
  noTable: (file: string, message: string) => new CliError("GICWB-TABLE", 1, `${file}: ${message}`),
  leftOut: (file: string, count: number, line: number, most: number) =>
    new CliError(
      "GICWB-DUMP-LIMIT",
      1,
      `${file}: ${count === 1 ? "a table was" : `${count} tables were`} not decoded, from line ${line} on: the tables of one dump may have ${most} entries together.`,
      "Put the sections into dumps of their own.",
    ),
  dumpLimit: (file: string, line: number, message: string) =>
    new CliError(
      "GICWB-DUMP-LIMIT",
      1,
      `${file} was not read as a whole. ${line === 0 ? "" : `Line ${line}: `}${message}`,
    ),
  whichTable: (file: string, names: readonly string[]) =>
    new CliError(
      "GICWB-USAGE",
      2,
      `Nothing says which table "${file}" is.`,
      `Give --as with one of ${names.join(", ")}, or put a line "# gic: table=NAME" into the dump.`,
    ),
  gzip: (file: string, reason: string) =>
    new CliError("GICWB-FILE-GZIP", 1, `"${file}" cannot be unpacked: ${reason}.`, "Copy or record the file again."),
  unpackedTooLarge: (file: string, limit: number) =>
    new CliError(
      "GICWB-FILE-GZIP-TOO-LARGE",
      1,
      `"${file}" unpacks to more than ${limit / 2 ** 20} MiB.`,
      "If it is a trace of that length, give --max-unpacked MIB with a larger number.",
    ),
  noTrace: (file: string, message: string) =>
    new CliError("GICWB-TRACE", 1, `"${file}" cannot be replayed. ${message}`),
  output: (reason: string) => new CliError("GICWB-OUTPUT", 1, `The output cannot be written: ${reason}.`),
  script: (file: string, message: string) => new CliError("GICWB-SCRIPT", 1, `"${file}" cannot be run: ${message}`),
  noStatement: (file: string) => new CliError("GICWB-SCRIPT-EMPTY", 1, `"${file}" has no statement to run.`),
  notWritable: (file: string, reason: string) =>
    new CliError("GICWB-FILE-WRITE", 1, `"${file}" cannot be written: ${reason}.`),
  noCommand: (file: string) => new CliError("GICWB-SCRIPT-COMMANDS", 1, `"${file}" has no command to assemble.`),
  notAssembled: (file: string, count: number) =>
    new CliError(
      "GICWB-SCRIPT",
      1,
      `"${file}" is not assembled: ${count === 1 ? "a line has an error" : `${count} lines have errors`}.`,
    ),
  noPacket: (file: string) =>
    new CliError(
      "GICWB-QUEUE",
      1,
      `"${file}" holds no command.`,
      "A command is 32 bytes; --base is where the first one begins.",
    ),
  state: (file: string, message: string) => new CliError("GICWB-STATE", 1, `"${file}" is refused. ${message}`),
  notSaved: (file: string, message: string) =>
    new CliError("GICWB-STATE-SAVE", 1, `The machine of "${file}" cannot be saved: ${message}.`),
  notImported: (file: string, message: string) =>
    new CliError("GICWB-STATE-IMPORT", 1, `No machine can be made of "${file}": ${message}.`),
  noMigration: (file: string, message: string) =>
    new CliError("GICWB-MIGRATE", 1, `"${file}" cannot be migrated: ${message}.`),
  unknownEntry: (id: string) =>
    new CliError("GICWB-ENTRY", 1, `The dump does not hold entry ${id}: whether it is valid is unknown.`),
  noEntry: (id: string) => new CliError("GICWB-ENTRY", 1, `The table has no valid entry ${id}.`),
};
