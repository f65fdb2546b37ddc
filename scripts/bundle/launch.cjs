'use strict';
// Becomes each program of an image. Runs the source in `programs` with the code that V8 made of it at a rehearsal, if one was
// kept: code made by another version or under other flags is refused by V8, and then made anew. Node's own cache of code has
// only what was compiled before a program runs, so the functions of a start would be compiled at every start.
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const { basename, join } = process.getBuiltinModule('node:path');
const { constants, Script } = process.getBuiltinModule('node:vm');

const name = basename(__filename, '.js');
const filename = join(__dirname, 'programs', `${name}.js`);
const codeFile = join(__dirname, 'programs', `${name}.code`);
// Outside of comments there is ASCII alone (esbuild escapes the rest), and Latin-1 is read a good deal faster than UTF-8.
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  cachedData: existsSync(codeFile) ? readFileSync(codeFile) : undefined,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
/** For the rehearsal: what runs, and where its code is kept. */
module.exports = { script, codeFile };
script.runInThisContext()(require);
