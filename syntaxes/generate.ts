// Writes the TextMate grammars, the language configurations and the schema of captures from the tables of the languages:  node syntaxes/generate.ts
// Format what it wrote with `npm run format`; a test compares the files with what this would write.
import { writeFileSync } from "node:fs";
import { attributesOf, commands, groupsOf, kvmDevices } from "../architecture/index.ts";
import { captureSchema } from "../dumps/captures/list-properties.ts";
import { layoutSchema } from "../dumps/layout-files/layout-schema.ts";
import { answeringKeywords, exitOutcome, outcomeWords, stateKeywords, statementKeywords } from "../language/index.ts";

const any = (words: readonly string[]) => [...words].sort((a, b) => b.length - a.length).join("|");

const commandWords = any(commands.flatMap(({ name, formerName }) => (formerName ? [name, formerName] : [name])));
const statementWords = any(statementKeywords.map(({ word }) => word).filter((word) => !word.startsWith("mem")));
const stateWords = any(stateKeywords.map(({ word }) => word));
/** Attributes of KVM's devices that have a name; others are numbers. */
const attributeNames = any([
  ...new Set(
    kvmDevices.flatMap(({ type }) =>
      groupsOf(type).flatMap((group) => attributesOf(group, type).map(({ name }) => name)),
    ),
  ),
]);
const outcomes = any([...outcomeWords, exitOutcome].map(({ word }) => word));
/** Words whose answer a `let` may keep. */
const answers = any(answeringKeywords);
const registerPrefix = "(?:GIC[CDHRV]|GITS|ICC|ICH|ICV|CNT[VP]|SCTLR)_";

const itscmdGrammar = {
  name: "ITS command script",
  scopeName: "source.itscmd",
  fileTypes: ["itscmd"],
  patterns: [{ include: "#comment" }, { include: "#machine" }, { include: "#statement" }, { include: "#expression" }],
  repository: {
    comment: { name: "comment.line.number-sign.itscmd", match: "#.*$" },
    machine: {
      name: "meta.block.machine.itscmd",
      begin: "^\\s*(machine)\\s*(\\{)",
      // A statement at column 0 ends a block that is not closed, as in the parser.
      end: `(\\})|^(?=(?i:${commandWords})\\b|(?:${statementWords})\\b)`,
      beginCaptures: { 1: { name: "keyword.control.itscmd" }, 2: { name: "punctuation.section.block.itscmd" } },
      endCaptures: { 1: { name: "punctuation.section.block.itscmd" } },
      patterns: [
        { include: "#comment" },
        {
          match: "\\b([A-Za-z_]\\w*)\\s*(=)\\s*([A-Za-z][\\w.-]*|\\d+\\.\\d+)?",
          captures: {
            1: { name: "variable.other.property.itscmd" },
            2: { name: "keyword.operator.assignment.itscmd" },
            3: { name: "constant.language.itscmd" },
          },
        },
        { include: "#expression" },
      ],
    },
    statement: {
      patterns: [
        {
          match: "^\\s*(let)\\s+([A-Za-z_]\\w*)",
          captures: { 1: { name: "keyword.control.itscmd" }, 2: { name: "variable.other.constant.itscmd" } },
        },
        {
          match: `^\\s*((?:set|get|has)-attr)\\s+(\\w+)(?:\\s*(,)\\s*(\\w+)(?:\\s*(,)\\s*(${attributeNames})\\b)?)?`,
          captures: {
            1: { name: "keyword.control.itscmd" },
            2: { name: "constant.other.device.itscmd" },
            3: { name: "punctuation.separator.itscmd" },
            4: { name: "constant.other.group.itscmd" },
            5: { name: "punctuation.separator.itscmd" },
            6: { name: "constant.other.attribute.itscmd" },
          },
        },
        {
          // What is set stands before the =, and is no argument.
          match:
            "^\\s*(write(?:8|16|32|64)?|lpi-config|lpi-pending|line|host-line|host-map)\\s+([^=#{]*[^=#{\\s])(?=\\s*=)",
          captures: { 1: { name: "keyword.control.itscmd" }, 2: { patterns: [{ include: "#expression" }] } },
        },
        {
          match: "^\\s*(macro)\\s+([A-Za-z_]\\w*)([^{#]*)",
          captures: {
            1: { name: "keyword.control.itscmd" },
            2: { name: "entity.name.function.itscmd" },
            // Its parameters are names of its body, with or without a default.
            3: {
              patterns: [
                { name: "variable.other.constant.itscmd", match: "\\b[A-Za-z_]\\w*" },
                { include: "#expression" },
              ],
            },
          },
        },
        // Before the word alone: `same` is a name elsewhere. The models behind it are those of `on`.
        {
          match: "^\\s*(expect)\\s+(same)\\s+(as)\\b\\s*([A-Za-z][\\w.-]*(?:\\s*\\|\\s*[A-Za-z][\\w.-]*)*)?",
          captures: {
            1: { name: "keyword.control.itscmd" },
            2: { name: "keyword.control.itscmd" },
            3: { name: "keyword.control.itscmd" },
            4: { name: "constant.language.itscmd" },
          },
        },
        { name: "keyword.control.itscmd", match: `^\\s*(?:${statementWords})(?![\\w-])` },
        // A store to memory begins with the word that elsewhere reads it.
        { name: "keyword.control.itscmd", match: "^\\s*mem(?:8|16|32|64)(?=\\s*\\[)" },
        {
          match: "^\\s*(\\})\\s*(else)\\b(?:\\s+(if)\\b)?",
          captures: {
            1: { name: "punctuation.section.block.itscmd" },
            2: { name: "keyword.control.itscmd" },
            3: { name: "keyword.control.itscmd" },
          },
        },
        {
          match: `(=)\\s*(?:(read(?:32|64)?|${answers})(?![\\w-])|((?i:${commandWords}))(?=\\s+[A-Za-z]))`,
          captures: {
            1: { name: "keyword.operator.assignment.itscmd" },
            2: { name: "keyword.control.itscmd" },
            3: { name: "support.function.command.itscmd" },
          },
        },
        { name: "keyword.control.itscmd", match: "\\b(?:in|step|read(?:32|64)?)(?=\\s+[^=\\s])" },
        { name: "support.function.command.itscmd", match: `^\\s*(?i:${commandWords})\\b` },
        // What no command or statement is called is a macro; what follows is an argument or nothing.
        { name: "entity.name.function.itscmd", match: "^\\s*[A-Za-z_]\\w*(?=\\s*(?:$|#)|\\s+[A-Za-z_]\\w*\\s*=)" },
        {
          match: `(=>)\\s*(?:(${outcomes})\\b|(\\w+))?`,
          captures: {
            1: { name: "keyword.operator.outcome.itscmd" },
            2: { name: "constant.language.outcome.itscmd" },
            3: { name: "constant.other.outcome.itscmd" },
          },
        },
        { name: "constant.language.outcome.itscmd", match: `(?<=[|,]\\s?)(?:${outcomes})\\b` },
        {
          name: "constant.other.outcome.itscmd",
          match: "(?<=[|,]\\s?)[A-Z]+(?:_[A-Z0-9]+)+(?=\\s*(?:on\\b|\\||,|$|#))",
        },
        // Models that something holds on; `on` alone is a value.
        { name: "constant.language.itscmd", match: "\\bon\\s+[A-Za-z][\\w.-]*(?:\\s*\\|\\s*[A-Za-z][\\w.-]*)*" },
      ],
    },
    expression: {
      patterns: [
        { name: "string.quoted.double.itscmd", match: '"(?:\\\\.|[^"\\\\])*"' },
        { name: "constant.numeric.hex.itscmd", match: "\\b0[xX][0-9a-fA-F_]+[KMG]?\\b" },
        { name: "constant.numeric.binary.itscmd", match: "\\b0[bB][01_]+[KMG]?\\b" },
        { name: "constant.numeric.octal.itscmd", match: "\\b0[oO][0-7_]+[KMG]?\\b" },
        { name: "constant.numeric.decimal.itscmd", match: "\\b[0-9][0-9_]*[KMG]?\\b" },
        { name: "support.variable.register.itscmd", match: `\\b(?i:${registerPrefix})\\w+` },
        { name: "variable.other.member.itscmd", match: "(?<=[^.]\\.)[A-Za-z_]\\w*" },
        { name: "support.function.state.itscmd", match: `\\b(?:${stateWords})(?=\\s*\\[)` },
        { name: "variable.parameter.itscmd", match: "\\b[A-Za-z_]\\w*(?=\\s*=(?![=>]))" },
        { name: "variable.other.constant.itscmd", match: "\\b[A-Za-z_]\\w*\\b" },
        { name: "keyword.operator.itscmd", match: "\\|\\||&&|[=!<>]=|<<|>>|[-+*/%&|^~!<>=@]" },
        { name: "punctuation.separator.itscmd", match: "[,:.]" },
        { name: "punctuation.section.itscmd", match: "[()\\[\\]{}]" },
      ],
    },
  },
};

const gicdumpGrammar = {
  name: "GIC table dump",
  scopeName: "source.gicdump",
  fileTypes: ["gicdump"],
  patterns: [
    {
      name: "meta.directive.gicdump",
      begin: "^\\s*(#)\\s*(gic:)",
      end: "$",
      beginCaptures: { 1: { name: "punctuation.definition.comment.gicdump" }, 2: { name: "keyword.control.gicdump" } },
      patterns: [
        {
          match: "([\\w-]+)(=)(\\S+)",
          captures: {
            1: { name: "variable.parameter.gicdump" },
            2: { name: "keyword.operator.assignment.gicdump" },
            3: { name: "constant.other.gicdump" },
          },
        },
      ],
    },
    { name: "comment.line.number-sign.gicdump", match: "^\\s*#.*$" },
    { name: "keyword.operator.repeat.gicdump", match: "^\\s*\\*\\s*$" },
    // An address begins the line; behind it stand a symbol (gdb), a colon, or white space.
    { name: "entity.name.tag.address.gicdump", match: "^\\s*(?:0[xX])?[0-9a-fA-F]{4,16}(?=\\s*<[^>]*>:|:|\\s)" },
    { name: "entity.name.function.symbol.gicdump", match: "<[^>]*>(?=:)" },
    { name: "string.other.ascii.gicdump", match: "\\|.*\\|\\s*$|>.*<\\s*$" },
    // xxd's text column: behind two spaces, unless bars mark the column.
    { name: "string.other.ascii.gicdump", match: "(?<=[0-9a-fA-F])\\s{2,}(?!.*\\|\\s*$)\\S.*$" },
    { name: "constant.numeric.hex.zero.gicdump", match: "\\b(?:0[xX])?0+\\b" },
    { name: "constant.numeric.hex.gicdump", match: "\\b(?:0[xX])?[0-9a-fA-F]+\\b" },
    { name: "punctuation.separator.gicdump", match: ":" },
  ],
};

const itscmdConfiguration = {
  comments: { lineComment: "#" },
  brackets: [
    ["{", "}"],
    ["[", "]"],
    ["(", ")"],
  ],
  autoClosingPairs: [
    { open: "{", close: "}" },
    { open: "[", close: "]" },
    { open: "(", close: ")" },
    { open: '"', close: '"', notIn: ["string", "comment"] },
  ],
  surroundingPairs: [
    ["{", "}"],
    ["[", "]"],
    ["(", ")"],
    ['"', '"'],
  ],
  // A register with its field, a hyphened statement word, a model's name and a number are one word each.
  wordPattern:
    "save-pending|(?:user|vcpu|set|get|has)-[a-z]+|kvm-[\\w.-]+\\w|[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)?|\\d\\w*",
  indentationRules: { increaseIndentPattern: "^[^#]*\\{[^}#]*(?:#.*)?$", decreaseIndentPattern: "^\\s*\\}" },
};

const gicdumpConfiguration = {
  comments: { lineComment: "#" },
  brackets: [],
  wordPattern: "(?:0[xX])?[0-9a-fA-F]+|[^\\s:|<>#=]+",
};

/** Every file of this folder by its name. */
export const generated: Readonly<Record<string, object>> = {
  "giccap.schema.json": captureSchema(),
  "giclayout.schema.json": layoutSchema(),
  "itscmd.tmLanguage.json": itscmdGrammar,
  "gicdump.tmLanguage.json": gicdumpGrammar,
  "itscmd.language-configuration.json": itscmdConfiguration,
  "gicdump.language-configuration.json": gicdumpConfiguration,
};

if (import.meta.main)
  for (const [name, content] of Object.entries(generated))
    writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
