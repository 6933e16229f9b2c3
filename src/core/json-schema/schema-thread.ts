/** The thread of `checkApart`: one check. Whoever started it ends it when it takes too long. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SlowCheck, ThreadMessage } from './check-apart.ts';
import { loadValidators } from './create-validator.ts';
import { judgeFully, judgeQuickly, makeValidators, type Run } from './judge-value.ts';
import { type SchemaVerdict, unusable } from './schema-verdict.ts';

const { schema, value, rules } = workerData as SlowCheck;
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
const withoutLimit: Run = (work) => work();

const create = await loadValidators(schema, rules);
say({ kind: 'begins' });
say({ kind: 'done', verdict: judge() });

function judge(): SchemaVerdict {
  try {
    const validators = makeValidators(create, withoutLimit);
    const verdict = judgeQuickly(validators, value, withoutLimit);
    if (verdict.kind === 'invalid') say({ kind: 'found', verdict });
    return judgeFully(verdict, { validators, value, rules }, withoutLimit);
  } catch (error) {
    return unusable(error, true);
  }
}
