import i18next from 'i18next';
import { CircleCheck, GitCommitHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApprovedStep } from '../../../shared/model/approval.ts';
import { conditionWords } from '../condition-words.ts';
import { labelOf } from '../form-values.ts';
import { Icon } from '../icon.tsx';
import { FieldTable } from './value-view.tsx';

/** What a step does, as one says it: an operation of the app in a sentence, one of a tool with its name. */
function doingOf(action: string): string {
  const known = `approvals:doing.${action.replace('.', '_')}`;
  if (i18next.exists(known)) return i18next.t(known);
  const dot = action.indexOf('.');
  const [tool, operation] = dot < 0 ? [action, ''] : [action.slice(0, dot), action.slice(dot + 1)];
  if (tool === 'agent') return i18next.t('approvals:doing.agent', { operation: labelOf(operation) });
  return operation === ''
    ? labelOf(tool)
    : i18next.t('approvals:doing.tool', { operation: labelOf(operation), tool: labelOf(tool) });
}

/** Every step that follows an approval, up to the next question, as it will be done. */
export function EffectList({ steps }: { readonly steps: readonly ApprovedStep[] }) {
  const { t } = useTranslation('approvals');
  if (steps.length === 0) return <p className="muted">{t('effect.none')}</p>;
  return (
    <ol className="calls" aria-label={t('effect.title')}>
      {steps.map((step) => (
        <Call key={step.path} step={step} />
      ))}
    </ol>
  );
}

function Call({ step }: { readonly step: ApprovedStep }) {
  const { t } = useTranslation('approvals');
  const { name, action, condition, inputs, effect, isExact } = step;
  const hasInputs = Object.keys(inputs).length > 0;
  return (
    <li>
      <div className="call-head">
        <h3 className="grow">{name}</h3>
        <span className={isExact ? 'status sm st-success' : 'status sm st-waiting'}>
          <Icon of={isExact ? CircleCheck : GitCommitHorizontal} />
          {t(isExact ? 'effect.exact' : 'effect.depends')}
        </span>
      </div>
      <p className="sm muted">
        {doingOf(action)} · <span className="mono">{action}</span> · {t(`effect.class.${effect}`)}
      </p>
      {condition === null ? null : (
        <p className="sm">
          {t('effect.onlyIf')} <span title={condition}>{conditionWords(condition) ?? condition}</span>
        </p>
      )}
      {hasInputs ? (
        <FieldTable fields={inputs} label={t('effect.argumentsOf', { name })} />
      ) : (
        <p className="sm muted">{t('effect.noArguments')}</p>
      )}
      {isExact || !hasInputs ? null : <p className="sm muted">{t('effect.asWritten')}</p>}
    </li>
  );
}
