import type { LeftOut } from '../../server/left-out.ts';
import type { CliContext } from '../context.ts';
import { note } from '../print.ts';

/** Says what ending this process leaves out; null = nothing. */
export async function sayLeftOut(context: CliContext, leftOut: LeftOut | null): Promise<void> {
  if (leftOut === null) return;
  const { leftOutText } = await import('../../server/left-out.ts');
  note(context, leftOutText(leftOut).trimEnd());
}
