import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/index.ts';
import type { JsonMap } from '../../../shared/json.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { Said } from '../../ui/said.tsx';

interface InputsVerdictProps {
  readonly which: Omit<InputOf<'queue.check'>, 'payload'>;
  readonly payload: JsonMap;
}

const SETTLE_MS = 300;

/** Whether a message with these inputs could start, asked while somebody types. */
export function InputsVerdict({ which, payload }: InputsVerdictProps) {
  const { t } = useTranslation('workers');
  const { data } = useOwnQuery(
    {
      ask: (text: string) => call('queue.check', { ...which, payload: JSON.parse(text) as JsonMap }),
      dueOn: ({ kind }) => (kind === 'library' ? 'soon' : null),
      settleMs: SETTLE_MS,
    },
    JSON.stringify(payload),
  );
  const { value } = data;
  const problems = data.status === 'error' ? [data.error.message] : (value?.problems ?? []);
  return (
    <div role="status" className="letter-verdict sm">
      {problems.map((problem) => (
        <p key={problem} className="status st-failed">
          <Icon of={CircleX} />
          <Said text={problem} />
        </p>
      ))}
      {value === null || problems.length > 0 ? null : (
        <p>
          <span className="status st-success">
            <Icon of={CircleCheck} />
            {value.version === null ? t('fits') : t('fitsVersion', { version: value.version })}
          </span>{' '}
          <span className="muted">{t('checked')}</span>
        </p>
      )}
      {data.status === 'loading' ? <p className="muted">{t('checking')}</p> : null}
    </div>
  );
}
