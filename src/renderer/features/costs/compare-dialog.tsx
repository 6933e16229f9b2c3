import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentRecord, CostComparison, CostEstimate } from '../../../shared/model/cost.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { useWorkflowChoices } from '../../client/use-workflow-choices.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { formatCount, formatDuration, formatMoney } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

const SETTLE_MS = 300;
const BETWEEN = '\n';

/** Models side by side for one workflow, and how agents have done it so far. Nothing is started. */
export function CompareDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('costs');
  const id = useId();
  const choices = useWorkflowChoices(null);
  const [chosen, setChosen] = useState('');
  const [models, setModels] = useState('');
  const workflow = chosen === '' ? (choices[0]?.value ?? '') : chosen;
  const named = models.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  const { data, refresh } = useOwnQuery<CostComparison, string>(
    {
      ask: (key) => {
        const [ref = '', ...rest] = key.split(BETWEEN);
        return call('costs.compare', { workflow: ref, ...(rest.length === 0 ? {} : { models: rest }) });
      },
      settleMs: SETTLE_MS,
    },
    workflow === '' ? null : [workflow, ...named].join(BETWEEN),
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="44rem"
      title={t('compare.title')}
      description={t('compare.text')}
      footer={<Button onClick={onClose}>{t('compare.close')}</Button>}
    >
      <div className="form">
        <div className="budget-pair">
          <Field id={`${id}-workflow`} label={t('by.workflow')}>
            <Select id={`${id}-workflow`} value={workflow} choices={choices} onChange={setChosen} />
          </Field>
          <Field id={`${id}-models`} label={t('compare.models')} help={t('compare.modelsHelp')}>
            <TextInput
              id={`${id}-models`}
              value={models}
              maxLength={1000}
              aria-describedby={`${id}-models-help`}
              onChange={(event) => setModels(event.target.value)}
            />
          </Field>
        </div>
        {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
        {data.value === null && data.status !== 'error' && workflow !== '' ? (
          <SkeletonRows rows={3} columns={[40, 20, 20]} />
        ) : null}
        {data.value === null ? null : <Comparison comparison={data.value} />}
      </div>
    </Dialog>
  );
}

function Comparison({ comparison: { estimates, agents } }: { readonly comparison: CostComparison }) {
  const { t } = useTranslation('costs');
  return (
    <>
      {estimates.length === 0 ? <p className="muted sm">{t('compare.noModels')}</p> : <Models estimates={estimates} />}
      {agents.length === 0 ? <p className="muted sm">{t('compare.noRuns')}</p> : <Agents agents={agents} />}
    </>
  );
}

function Models({ estimates }: { readonly estimates: readonly CostEstimate[] }) {
  const { t } = useTranslation('costs');
  const money = (usd: string | null): string => (usd === null ? t('everywhere:cost.unpriced') : formatMoney(usd));
  return (
    <table className="small-table" aria-label={t('compare.byModel')}>
      <thead>
        <tr>
          <th scope="col">{t('by.model')}</th>
          {(['typical', 'low', 'high'] as const).map((end) => (
            <th key={end} scope="col" className="num">
              {t(`compare.${end}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {estimates.map(({ model, low, typical, high }) => (
          <tr key={model}>
            <th scope="row">{model}</th>
            <td className="num">{money(typical)}</td>
            <td className="num">{money(low)}</td>
            <td className="num">{money(high)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Agents({ agents }: { readonly agents: readonly AgentRecord[] }) {
  const { t } = useTranslation('costs');
  const time = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds * 1000));
  return (
    <table className="small-table" aria-label={t('compare.byAgent')}>
      <thead>
        <tr>
          <th scope="col">{t('by.agent')}</th>
          {(['completed', 'cost', 'perRun', 'time', 'slow'] as const).map((column) => (
            <th key={column} scope="col" className="num">
              {t(`compare.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {agents.map((one) => (
          <tr key={one.agent}>
            <th scope="row">{one.agent}</th>
            <td className="num">
              {t('compare.ofRuns', { completed: formatCount(one.completed), runs: formatCount(one.runs) })}
            </td>
            <td className="num">{formatMoney(one.cost)}</td>
            <td className="num">{one.cost_per_completed === null ? '–' : formatMoney(one.cost_per_completed)}</td>
            <td className="num">{time(one.median_seconds)}</td>
            <td className="num">{time(one.p90_seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
