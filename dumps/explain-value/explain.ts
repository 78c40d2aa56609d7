import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { commandErrors } from "../../architecture/command-errors.ts";
import { commandByName, commands } from "../../architecture/commands.ts";
import { hex } from "../../architecture/hex.ts";
import { type RegisterMember, registerName, registers, resetValue } from "../../architecture/registers/index.ts";
import { explainAttribute } from "./attribute-encode.ts";
import { deviceNamed, deviceNames, groupNamed, groupNames } from "./attribute-names.ts";
import { commandErrorNamed, commandWords, describeCommand, readCommand, readCommandError } from "./command-value.ts";
import { errnoGroups, errnoNames, errnosOfGroup, readErrno } from "./errno-meanings.ts";
import { looksLikeListRegister, looksLikeTableBase } from "./likely-registers.ts";
import { readLogLines } from "./log-line.ts";
import { looksLikeIrqLine, readAddress, readIntid, readIrqLine, readNumber } from "./plain-values.ts";
import { type Explanation, explained, notExplained, type Reading, sentence } from "./reading.ts";
import { describeRegister, knownRegisterNames, readRegister, registersNamed } from "./register-value.ts";
import { explainSizes } from "./table-sizes.ts";
import { readTableWord } from "./table-word.ts";
import { parseValue } from "./value-text.ts";

/** Longer input is no value that a person holds. */
const MAX_INPUT = 4096;

/** First words that say what the rest is. */
export const explainTopics: readonly string[] = [
  "register",
  "command",
  "error",
  "intid",
  "attr",
  "irq",
  "address",
  "errno",
  "entry",
  "sizes",
];

/**
 * Explains what kernel people hold: a register's value (`GITS_TYPER=0x1ef71`), the four words of a command, a command error, an INTID, the attr of a
 * device attribute, an irq of KVM_IRQ_LINE, an address of the default map, an errno, a word of a table, a line of a kernel's log. Any text is
 * accepted.
 */
export function explainText(text: string): Explanation {
  if (text.length > MAX_INPUT) return notExplained(`The text is longer than ${MAX_INPUT} characters.`);
  const lines = readLogLines(text);
  if (lines.length > 0) return { ok: true, readings: lines };
  const words = text
    .replace(/\s*=\s*/g, "=")
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^[("']+|[:)"']+$/g, ""))
    .filter((word) => word !== "" && word !== "=");
  if (words.length === 0) return notExplained("There is nothing to explain.");
  const [topic, ...rest] = words;
  switch (topic.toLowerCase()) {
    case "register":
      return rest.length === 0 ? notExplained("A register needs its name and its value.") : explainRegisters(rest);
    case "command":
      return explainCommand(rest);
    case "error":
      return explainError(rest);
    case "intid":
      return explainNumbers(rest, "an INTID", (value) => asList(readIntid(value)));
    case "irq":
    case "irq_line":
    case "irq-line":
      return explainNumbers(rest, "the irq of KVM_IRQ_LINE", (value) => asList(readIrqLine(value)));
    case "address":
      return explainNumbers(rest, "an address of the default map", readAddress);
    case "errno":
      return explainErrno(rest);
    case "entry":
      return explainNumbers(rest, "an entry of a table", (value) => readTableWord(value, true));
    case "sizes":
      return explainSizes(rest);
    case "attr":
    case "attribute":
      return explainAttributeWords(rest);
    default:
      return explainUnnamed(words);
  }
}

function asList(reading: Reading | undefined): Reading[] {
  return reading === undefined ? [] : [reading];
}

function explainNumbers(words: readonly string[], what: string, read: (value: bigint) => Reading[]): Explanation {
  if (words.length === 0) return notExplained(`Give ${what}.`);
  const readings: Reading[] = [];
  for (const word of words) {
    const value = parseValue(word);
    if (value === undefined) return notExplained(`"${word}" is no number.`, word);
    const found = read(value);
    if (found.length === 0) return notExplained(`${word} is not ${what}.`, word);
    readings.push(...found);
  }
  return { ok: true, readings };
}

function explainCommand(words: readonly string[]): Explanation {
  const command = words.length === 1 ? commandByName(words[0].toUpperCase()) : undefined;
  if (command !== undefined) return explained(describeCommand(command));
  const values = words.map(parseValue);
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) {
    const wrong = words[values.indexOf(undefined)];
    return notExplained(
      `"${wrong}" is neither a number nor a command.`,
      wrong,
      commands.map(({ name }) => name),
    );
  }
  const packet = commandWords(known);
  if (packet === undefined)
    return notExplained(
      `A command is ${COMMAND_BYTES} bytes: four words of 64 bits or eight of 32 bits, not ${words.length}.`,
    );
  return explained(readCommand(packet));
}

function explainError(words: readonly string[]): Explanation {
  if (words.length !== 1) return notExplained("An error is one code (0x010A05) or one name (MAPTI_ID_OOR).");
  const named = commandErrorNamed(words[0]);
  if (named !== undefined) return explained(named);
  const code = parseValue(words[0]);
  const reading = code === undefined ? undefined : readCommandError(code);
  if (reading !== undefined) return explained(reading);
  const names = commandErrors.map(({ name }) => name);
  return notExplained(`${words[0]} is no command error; codes are 0x01CCEE.`, words[0], names);
}

function explainErrno([name, group, ...more]: readonly string[]): Explanation {
  if (name === undefined) return notExplained("Give an errno: EBUSY or 16.");
  if (more.length > 0) return notExplained(`"${more[0]}" is too much: an errno and at most one group.`, more[0]);
  const found =
    group === undefined
      ? undefined
      : (groupNamed(group)?.name ?? errnoGroups.find((known) => known === group.toUpperCase()));
  if (group !== undefined && found === undefined)
    return notExplained(`There is no group ${group}.`, group, errnoGroups);
  const reading = readErrno(name, found);
  return reading === undefined
    ? notExplained(`${name} is no errno of KVM's GIC devices.`, name, errnoNames)
    : explained(reading);
}

function explainAttributeWords([deviceWord, groupWord, ...rest]: readonly string[]): Explanation {
  if (deviceWord === undefined) return notExplained(`An attribute needs a device: ${deviceNames.join(", ")}.`);
  const device = deviceNamed(deviceWord);
  if (device === undefined)
    return notExplained(`There is no device ${deviceWord}, but ${deviceNames.join(", ")}.`, deviceWord, deviceNames);
  const names = groupNames(device.type);
  if (groupWord === undefined) return notExplained(`${device.type} has the groups ${names.join(", ")}.`);
  const group = groupNamed(groupWord);
  if (group === undefined || !names.includes(group.name))
    return notExplained(`${device.type} has no group ${groupWord}, but ${names.join(", ")}.`, groupWord, names);
  if (rest.length > 0) return explainAttribute(device.type, group, rest);
  const title = `${device.type} ${group.name}, group ${group.group}`;
  return explained(
    sentence("attribute", title, group.summary, [...errnosOfGroup(group.name), `Source: ${group.source}.`]),
  );
}

/** Input without a first word that says what it is. */
function explainUnnamed(words: readonly string[]): Explanation {
  const values = words.map(parseValue);
  const known = values.filter((value) => value !== undefined);
  // "0x…" beats a register's name, but "ABCDEF12" may be either: names with a meaning come first.
  if (known.length === words.length && words.every((word) => registersNamed(word).length === 0)) {
    if (known.length === 1) return { ok: true, readings: readAnyNumber(known[0]) };
    const packet = commandWords(known);
    if (packet !== undefined) return explained(readCommand(packet));
    return { ok: true, readings: known.map((value) => readAnyNumber(value)[0]) };
  }
  if (words.length === 1 && !words[0].includes("=")) return explainName(words[0]);
  if (errnoNames.some((name) => name === words[0].toUpperCase().replace(/^-/, ""))) return explainErrno(words);
  if (words.length <= 9 && commandByName(words[0].toUpperCase()) !== undefined) return explainCommandLine(words);
  return explainRegisters(words);
}

/** Numbers may follow a command's name in a log; the words say what the command is. */
function explainCommandLine([name, ...rest]: readonly string[]): Explanation {
  const values = rest.map(parseValue).filter((value) => value !== undefined);
  const packet = values.length === rest.length ? commandWords(values) : undefined;
  if (packet !== undefined) return explained(readCommand(packet));
  return notExplained(`To encode ${name} with arguments, write it into a script and run gicwb assemble.`);
}

function explainName(word: string): Explanation {
  const members = registersNamed(word);
  if (members.length > 0) return { ok: true, readings: members.map(describeRegister) };
  const error = commandErrorNamed(word);
  if (error !== undefined) return explained(error);
  const errno = readErrno(word);
  if (errno !== undefined) return explained(errno);
  const command = commandByName(word.toUpperCase());
  if (command !== undefined) return explained(describeCommand(command));
  return unknownName(word);
}

function unknownName(word: string): Explanation {
  const names = [
    ...knownRegisterNames,
    ...commandErrors.map(({ name }) => name),
    ...errnoNames,
    ...commands.map(({ name }) => name),
    ...explainTopics,
  ];
  return notExplained(`"${word}" is no number, and no register, command or error has this name.`, word, names);
}

/** `NAME=VALUE`, `NAME VALUE` or `NAME: VALUE`, several one after another. */
function explainRegisters(words: readonly string[]): Explanation {
  const readings: Reading[] = [];
  for (let at = 0; at < words.length; at++) {
    const [name, given] = words[at].split("=", 2);
    const members = registersNamed(name);
    if (members.length === 0) return unknownName(name);
    const text = given ?? words[++at];
    if (text === undefined) {
      readings.push(...members.map(describeRegister));
      continue;
    }
    const value = parseValue(text);
    if (value === undefined)
      return notExplained(`"${text}" is no number of at most 64 bits, so ${name} has no value.`, text);
    // A value that a register cannot hold is its least likely reading.
    const fitting = members.filter(({ register }) => value >> BigInt(register.width) === 0n);
    for (const member of fitting.length > 0 ? fitting : members) readings.push(...readRegister(member, value));
  }
  return { ok: true, readings };
}

/** Everything that a lone number may be, most likely first; that it is a number comes last. */
export function readAnyNumber(value: bigint): Reading[] {
  const found: Reading[] = [];
  const error = readCommandError(value);
  if (error !== undefined) found.push(error);
  found.push(...knownResets(value));
  const address = readAddress(value);
  found.push(...address);
  if (looksLikeTableBase(value)) found.push(...readNamed("GITS_BASER0", value));
  // Shorter numbers are too many other things: the word `entry` asks for them.
  if (value > 0xffff_ffffn) found.push(...readTableWord(value));
  if (looksLikeListRegister(value)) found.push(...readNamed("ICH_LR0_EL2", value));
  if (looksLikeIrqLine(value)) found.push(...asList(readIrqLine(value)));
  const intid = address.length === 0 && error === undefined && value <= 0xffffn ? readIntid(value) : undefined;
  if (intid !== undefined) found.push(intid);
  const number = readNumber(value);
  found.push(found.length === 0 ? number : { ...number, summary: "The number itself." });
  return found;
}

function readNamed(name: string, value: bigint): Reading[] {
  return registersNamed(name).flatMap((member) => readRegister(member, value));
}

/** Small values are the reset values of many registers and say nothing. */
const TELLING = 0x1000n;

/** Registers that have this value after reset. */
function knownResets(value: bigint): Reading[] {
  if (value < TELLING) return [];
  const found: RegisterMember[] = [];
  for (const register of registers) {
    const first = register.firstIndex ?? 0;
    const members = register.memberResets === undefined ? 1 : (register.count ?? 1);
    for (let index = first; index < first + members; index++) {
      const matches = (["arch", "kvm", "qemu", "gem5", "xen"] as const).some(
        (implementation) => resetValue({ register, index }, implementation) === value,
      );
      if (matches) found.push({ register, index });
    }
  }
  if (found.length <= 3) return found.flatMap((member) => readRegister(member, value).slice(0, 1));
  const names = found.map(({ register, index }) => registerName(register, index));
  return [sentence("register", hex(value), `The reset value of ${names.join(", ")}.`)];
}
