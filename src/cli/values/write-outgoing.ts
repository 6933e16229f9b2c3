import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import type { OutgoingPiece } from '../../shared/model/outgoing.ts';

/** Writes a file that the app hands out; it appears when it is whole. Error: `file.io`. */
export async function writeOutgoing(
  file: string,
  first: OutgoingPiece,
  next: (cursor: string) => Promise<OutgoingPiece>,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const partial = `${file}.part`;
  try {
    const handle = await open(partial, 'w', 0o600);
    try {
      for (let piece = first; ; piece = await next(piece.cursor)) {
        await handle.writeFile(Buffer.from(piece.base64, 'base64'));
        if (piece.cursor === null) break;
      }
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    return { file, bytes: first.sizeBytes };
  } catch (thrown) {
    await rm(partial, { force: true });
    throw fileProblem(thrown, file);
  }
}

/** What the system says of a file that a person named, in the product's words. */
export const fileProblem = (thrown: unknown, file: string): unknown =>
  thrown instanceof AppError
    ? thrown
    : new AppError('file.io', `${file} cannot be read or written.`, {
        cause: thrown,
        details: { system_code: String((thrown as NodeJS.ErrnoException).code ?? '') },
      });
