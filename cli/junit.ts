/** One test of a JUnit report. */
export interface JunitCase {
  readonly name: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly seconds: number;
  /** Sentences of what is wrong, one a line; absent: it passed. */
  readonly failure?: string;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** A report in the XML that CI systems read. */
export function junitXml(suites: readonly JunitSuite[]): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"];
  for (const { name, cases } of suites) {
    const failures = cases.filter(({ failure }) => failure !== undefined).length;
    const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
    lines.push(
      `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}">`,
    );
    for (const one of cases) {
      const head = `    <testcase name="${escaped(one.name)}" classname="${escaped(one.file)}" file="${escaped(one.file)}" line="${one.line}" time="${one.seconds.toFixed(3)}"`;
      if (one.failure === undefined) lines.push(`${head}/>`);
      else {
        const [message = ""] = one.failure.split("\n");
        lines.push(
          `${head}>`,
          `      <failure message="${escaped(message)}">${escaped(one.failure)}</failure>`,
          "    </testcase>",
        );
      }
    }
    lines.push("  </testsuite>");
  }
  lines.push("</testsuites>");
  return `${lines.join("\n")}\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** What XML 1.0 cannot hold, apart from tabs and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it forbids
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text in XML; characters that XML cannot hold become a replacement character. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one]).replace(forbidden, "\ufffd");
}
