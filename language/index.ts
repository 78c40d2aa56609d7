export { namedWidth } from "./bind/bind-access.ts";
export { resolveAttribute } from "./bind/bind-attribute.ts";
export { bindExpression, constantScope, type NameMeaning, type NameTable } from "./bind/bind-expression.ts";
export * from "./bind/bound.ts";
export * from "./bind/ids.ts";
export * from "./bind/machine.ts";
export * from "./bind/outcomes.ts";
export {
  findRegister,
  findRegisterField,
  registerFields,
  registerNames,
} from "./bind/registers.ts";
export { stringValue } from "./bind/string-value.ts";
export * from "./bind/suggest.ts";
export * from "./bind/tables.ts";
export * from "./blocks.ts";
export { type Constants, constantOf } from "./constants.ts";
export type { Diagnostic, IncludedPlace, Severity } from "./diagnostic.ts";
export { type DiagnosticFactory, defineDiagnostic, isProblem } from "./diagnostic.ts";
export { type DiagnosticData, type Fault, type ModelsDiffer, readDiagnosticData } from "./diagnostic-data.ts";
export * from "./document.ts";
export * from "./editing/completion-context.ts";
export * from "./editing/doc-comment.ts";
export * from "./editing/format.ts";
export * from "./editing/keywords.ts";
export * from "./editing/outline.ts";
export * from "./editing/state-keywords.ts";
export { diagnosticCatalogue, errors } from "./errors.ts";
export {
  type FileRefusal,
  isRefusal,
  noPlace,
  refusalSentence,
  type ScriptFile,
  type ScriptFiles,
  type ScriptPlace,
} from "./files.ts";
export type { DefinitionPlace, IncludedFile, ScriptPart } from "./includes/script-part.ts";
export * from "./limits.ts";
export { type ArgumentOwner, findArgument, findCommand, msiArguments } from "./operation/assemble.ts";
export * from "./operation/disassemble.ts";
export * from "./operation/evaluate.ts";
export * from "./operation/operation.ts";
export * from "./operation/state-reader.ts";
export * from "./parse/line.ts";
export * from "./parse/nodes.ts";
export * from "./parse/number.ts";
export { isInMachineBlock, LineState, parseExpressionText, parseLine } from "./parse/parse-line.ts";
export { statementWords } from "./parse/parse-statement.ts";
export { StatementPlace, statementSpan } from "./parse/statement-place.ts";
export * from "./parse/syntax.ts";
export { type LineToken, Token, type TokenKind, tokenize } from "./parse/token.ts";
export * from "./rules/index.ts";
export * from "./source.ts";
export { fieldRange } from "./values.ts";
