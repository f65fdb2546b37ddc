// Type-checks everything, or the folders named. What a browser lacks must not compile in the client.
import { typedProjects } from './project.ts';
import { formatDiagnostics, readPrograms, typeErrors } from './typed-programs.ts';

const chosen = process.argv.slice(2).map((path) => (path.endsWith('.json') ? path : `${path}/tsconfig.json`));
const errors = typeErrors(readPrograms(chosen.length > 0 ? chosen : typedProjects));
process.stdout.write(formatDiagnostics(errors));
if (errors.length > 0) process.exitCode = 1;
