import type { TFunction } from 'i18next';
import { Copy } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import type { RunComparison } from '../../../../shared/model/comparison.ts';
import { call } from '../../../client/bridge.ts';
import { copyText } from '../../../client/copy-text.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { formatMoment } from '../../../ui/format.ts';
import { runLink } from '../../../ui/links.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { usePageTitle } from '../../../ui/page-title.ts';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useNow } from '../../../ui/use-now.ts';
import './compare.css';
import { changeWords } from './change-words.ts';
import { ComparedFacts } from './compared-facts.tsx';
import { ComparedSteps } from './compared-steps.tsx';

/** Two runs side by side: a run against the last that worked, or against the one that the address names. */
export function CompareScreen() {
  const { runId = '' } = useParams();
  const [params] = useSearchParams();
  const other = params.get('with') ?? '';
  const { data, refresh } = useOwnQuery<RunComparison, string>(
    {
      ask: (key) => {
        const [one = '', second = ''] = key.split(' ');
        return call('runs.compare', { runId: one, ...(second === '' ? {} : { with: second }) });
      },
    },
    `${runId} ${other}`,
  );
  return (
    <>
      <Head runId={runId} comparison={data.value} />
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 mb-3 flex-none" error={data.error} onRetry={refresh} />
      ) : null}
      {data.value === null && data.status !== 'error' ? <SkeletonRows rows={6} columns={[60, 40, 40]} /> : null}
      {data.value === null ? null : <Sides comparison={data.value} />}
    </>
  );
}

function Head({ runId, comparison }: { readonly runId: string; readonly comparison: RunComparison | null }) {
  const { t } = useTranslation('compare');
  const now = useNow(60_000);
  const parents = useMemo(() => [{ label: runId.slice(-8), to: runLink(runId) }], [runId]);
  usePageTitle(t('title'), parents);
  const aside =
    comparison === null ? null : (
      <span className="muted">
        {t('of', { workflow: comparison.after.workflowName, when: formatMoment(comparison.after.createdAt, now) })}
      </span>
    );
  return (
    <PageHead title={t('title')} aside={aside}>
      <LinkButton to={runLink(runId)}>{t('back')}</LinkButton>
      {comparison === null ? null : (
        <Button icon={Copy} onClick={() => void copyText(asText(comparison, t), t('copied'))}>
          {t('copy')}
        </Button>
      )}
    </PageHead>
  );
}

function Sides({ comparison }: { readonly comparison: RunComparison }) {
  const { t } = useTranslation('compare');
  return (
    <div className="compare">
      <div className="compare-steps">
        {comparison.isCut ? <Note tone="waiting">{t('cut')}</Note> : null}
        {comparison.first === null ? <Note tone="plain">{t('same')}</Note> : null}
        <ComparedSteps comparison={comparison} />
      </div>
      <ComparedFacts facts={comparison.facts} />
    </div>
  );
}

/** For a mail or an issue: what changed, and where the runs part. */
function asText({ before, after, facts, first }: RunComparison, t: TFunction<'compare'>): string {
  const changed = facts.filter(({ isChanged }) => isChanged);
  return [
    `${before.runId} -> ${after.runId}`,
    ...changed.flatMap(({ fact, before: was, after: is, changes }) => [
      `${t(`fact.${fact}`)}: ${was} -> ${is}`,
      ...changes.map((one) => `  ${changeWords(one, t)}`),
    ]),
    ...(first === null ? [] : [first]),
    '',
  ].join('\n');
}
