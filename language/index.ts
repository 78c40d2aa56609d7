export { type ArgumentOwner, findArgument, findCommand, msiArguments } from "./assemble.ts";
export { resolveAttribute } from "./bind-attribute.ts";
export { bindExpression, constantScope, type NameMeaning, type NameTable } from "./bind-expression.ts";
export * from "./bound.ts";
export * from "./completion-context.ts";
export type { Diagnostic, Severity } from "./diagnostic.ts";
export { type DiagnosticFactory, defineDiagnostic, isProblem } from "./diagnostic.ts";
export * from "./disassemble.ts";
export * from "./document.ts";
export { diagnosticCatalogue, errors } from "./errors.ts";
export * from "./evaluate.ts";
export * from "./format.ts";
export * from "./ids.ts";
export * from "./keywords.ts";
export * from "./limits.ts";
export * from "./line.ts";
export * from "./machine.ts";
export * from "./nodes.ts";
export * from "./number.ts";
export * from "./operation.ts";
export * from "./outcomes.ts";
export * from "./outline.ts";
export { LineState, parseExpressionText, parseLine } from "./parse-line.ts";
export {
  findRegister,
  findRegisterField,
  type LocatedRegister,
  locateRegister,
  registerFields,
  registerNames,
} from "./registers.ts";
export * from "./source.ts";
export * from "./state-reader.ts";
export * from "./suggest.ts";
export * from "./syntax.ts";
export * from "./tables.ts";
export { type LineToken, Token, type TokenKind, tokenize } from "./token.ts";
export { fieldRange } from "./values.ts";
