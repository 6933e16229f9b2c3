import { CircleQuestionMark, TriangleAlert, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RollbackView, RunView } from '../../../shared/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { selectStep } from './run-store.ts';

/** So many steps that were not undone are named; all of them carry their mark in the list. */
const NAMED = 4;

/** What became of the rollback of the run: how many steps are undone, which are not, and why. */
export function RollbackPanel({ view: { rollback } }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  if (rollback === null) return null;
  const { status, steps } = rollback;
  const left = leftOf(rollback);
  const undone = steps.filter(({ end }) => end?.status === 'completed').length;
  const isDoubt = status === 'in_doubt';
  const tone = isDoubt ? 'in-doubt' : left.length > 0 ? 'waiting' : 'plain';
  return (
    <div className="mx-6 my-2 flex-none">
      <Note tone={tone} icon={isDoubt ? CircleQuestionMark : left.length > 0 ? TriangleAlert : Undo2} role="status">
        <b>{t(`rollback.is.${status}`, { count: undone, total: steps.length })}</b>
        {left.length === 0 ? null : (
          <ul className="mt-1 grid gap-1" aria-label={t('rollback.left')}>
            {left.slice(0, NAMED).map(({ path, name, end, error }) => (
              <li key={path} className="row">
                <Button variant="ghost" onClick={() => selectStep(path)}>
                  {name}
                </Button>
                <span className="sm grow">
                  <Said text={error ?? t(`undone.why.${end?.gap ?? 'failed'}`)} />
                </span>
              </li>
            ))}
            {left.length > NAMED ? <li className="sm">{t('retry.more', { count: left.length - NAMED })}</li> : null}
          </ul>
        )}
      </Note>
    </div>
  );
}

/** What is not undone although nobody said that it stays. */
const leftOf = ({ steps }: RollbackView): RollbackView['steps'] =>
  steps.filter(({ end }) => end !== null && (end.status === 'failed' || end.gap !== undefined));
