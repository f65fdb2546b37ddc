import { declaredType, findType, HEAD_BYTES, misfitOf, refusalOf } from '../../../src/files/file-types.ts';
import { sizeRefusal } from '../../../src/files/size-refusal.ts';
import { UploadProblem } from './upload-problem.ts';

/**
 * What the service would refuse is refused before it is sent.
 *
 * @returns the type to declare
 * @throws {UploadProblem}
 */
export async function checkFile(file: File, limitBytes: number): Promise<string> {
  const declared = declaredType(file.name, file.type);
  const type = findType(declared);
  if (type === null) throw new UploadProblem(refusalOf(declared));
  const refusal = sizeRefusal(file.size, limitBytes);
  if (refusal !== null) throw new UploadProblem(refusal);
  const head = await file
    .slice(0, HEAD_BYTES)
    .arrayBuffer()
    .catch(() => {
      throw new UploadProblem('This file cannot be read.');
    });
  const misfit = misfitOf(type, new Uint8Array(head));
  if (misfit !== null) throw new UploadProblem(misfit);
  return type.type;
}
