"""What compiles a TypeScript program: the compiler's own library, run by Node.js."""

COMPILER = """\
const fs = require("fs");
const [library, out] = process.argv.slice(1);
const ts = require(library);
const source = fs.readFileSync("main.ts", "utf8");
const options = {
  target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.CommonJS, esModuleInterop: true, skipLibCheck: true,
  outDir: out,
};

function fail(diagnostics) {
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => "", getNewLine: () => "\\n" };
  process.stderr.write(ts.formatDiagnostics(diagnostics, host));
  process.exit(1);
}

// `await` outside of any function, which only ECMAScript modules may have.
function awaits(node) {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, awaits) || false;
}

function transpile(module, text) {
  const result = ts.transpileModule(text, {
    compilerOptions: { ...options, module }, reportDiagnostics: true, fileName: "main.ts",
  });
  if (result.diagnostics.length) fail(result.diagnostics);
  return result.outputText;
}

if (fs.existsSync("tsconfig.json")) {
  const { config, error } = ts.readConfigFile("tsconfig.json", (name) => fs.readFileSync(name, "utf8"));
  if (error) fail([error]);
  const own = ts.convertCompilerOptionsFromJson(config.compilerOptions || {}, ".").options;
  const program = ts.createProgram(["main.ts"], { ...options, ...own, outDir: out });
  const diagnostics = ts.getPreEmitDiagnostics(program);
  if (diagnostics.length && own.noEmitOnError) fail(diagnostics);
  program.emit();
} else if (awaits(ts.createSourceFile("main.ts", source, ts.ScriptTarget.ES2022, true))) {
  const given = 'import { createRequire as ownRequire } from "module"; const require = ownRequire(import.meta.url);';
  fs.writeFileSync(out + "/main.mjs", given + transpile(ts.ModuleKind.ES2022, source));
  fs.writeFileSync(out + "/main.js", 'import("./main.mjs");');
} else {
  fs.writeFileSync(out + "/main.js", transpile(ts.ModuleKind.CommonJS, source));
}
"""
"""Compiles `main.ts`, its arguments being the path of the library and the folder for what it makes.

Types are taken off and not checked, so that a program may use what Node.js has without its declarations. Where there
is a `tsconfig.json` with `noEmitOnError`, they are checked, and an error in them is one of compiling.
"""

CHECKED = {"tsconfig.json": '{"compilerOptions": {"noEmitOnError": true}}\n'}
"""The further file with which types are checked."""
