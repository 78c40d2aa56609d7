/** A file of the package and its text. */
export type FileText = readonly [file: string, text: string];

/**
 * The script of a worker that runs one of some files. Each is a function in it that is called when it is required: nothing is fetched by a worker,
 * and no text is evaluated.
 * @param files the file that runs, and all that it requires; texts of modules as Node loads them by `require`
 */
export function workerScript(name: string, files: readonly FileText[]): string[] {
  const parts = [
    "const files = {}, modules = {};\n",
    "function load(name) {\n",
    "  if (modules[name] !== undefined) return modules[name].exports;\n",
    "  if (files[name] === undefined) throw new Error(name + ' is not there in a browser.');\n",
    "  const module = modules[name] = { exports: {} };\n",
    "  files[name](module, module.exports, load);\n",
    "  return module.exports;\n",
    "}\n",
  ];
  for (const [file, text] of files) {
    parts.push(`files[${JSON.stringify(`./${file}`)}] = function (module, exports, require) {\n`, text, "\n};\n");
  }
  return [...parts, `load(${JSON.stringify(`./${name}`)});\n`];
}
