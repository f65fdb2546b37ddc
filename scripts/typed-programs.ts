import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project.ts';

/** One TypeScript project, read. */
export interface TypedProgram {
  /** What its files say and what they mean. */
  readonly program: ts.Program;
  /** Absolute paths of the files that its tsconfig.json names; the others are there because these import them. */
  readonly roots: ReadonlySet<string>;
}

/**
 * Reads projects, given by their tsconfig.json's path from the project's folder. A file that several of them read is parsed
 * once: their settings differ only in what is global.
 *
 * @throws Error when a tsconfig.json is wrong
 */
export function readPrograms(configs: readonly string[]): readonly TypedProgram[] {
  const sources = new Map<string, ts.SourceFile | undefined>();
  return configs.map((config) => {
    const { fileNames, options } = readConfig(join(projectRoot, config));
    const host = sharingHost(options, sources);
    return { program: ts.createProgram({ rootNames: fileNames, options, host }), roots: new Set(fileNames) };
  });
}

function readConfig(path: string): ts.ParsedCommandLine {
  const refuse = (diagnostic: ts.Diagnostic): never => {
    throw new Error(formatDiagnostics([diagnostic]));
  };
  const config = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: refuse },
  );
  if (config === undefined) throw new Error(`${path} cannot be read.`);
  config.errors.forEach(refuse);
  return config;
}

/** A host that takes a file from `sources` when another program had it parsed in the same way. */
function sharingHost(options: ts.CompilerOptions, sources: Map<string, ts.SourceFile | undefined>): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, how, ...rest) => {
    const key = JSON.stringify([path, how]);
    if (!sources.has(key)) sources.set(key, parse(path, how, ...rest));
    return sources.get(key);
  };
  return host;
}

/**
 * What is wrong with the types, each file judged once: in the project that names it, else in the first that reads it.
 * Declarations of dependencies are left out, as `skipLibCheck` says.
 */
export function typeErrors(programs: readonly TypedProgram[]): readonly ts.Diagnostic[] {
  const done = new Set(programs.flatMap(({ roots }) => [...roots]));
  return programs.flatMap(({ program, roots }) => [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSourceFiles().flatMap((file) => {
      if (!roots.has(file.fileName) && done.has(file.fileName)) return [];
      done.add(file.fileName);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    }),
  ]);
}

/** The errors as lines of text, one and its explanations after the other. */
export function formatDiagnostics(diagnostics: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(diagnostics), {
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => projectRoot,
    getNewLine: () => '\n',
  });
}
