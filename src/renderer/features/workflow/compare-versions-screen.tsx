import { ArrowLeftRight } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { WorkflowDetail, WorkflowVersion } from '../../../shared/contract/index.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatMoment } from '../../ui/format.ts';
import { compareVersionsLink, workflowLink } from '../../ui/links.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ComparedChanges, ComparedTexts } from './compared-versions.tsx';
import { shownWorkflow } from './workflow-store.ts';

/** Stands in the address for the text as it is published. */
const PUBLISHED = 'published';

/** Two versions of a workflow, any two: what is different step by step, and both texts. */
export function CompareVersionsScreen() {
  const { ref = '' } = useParams();
  const { t } = useTranslation('workflow');
  const { value, error } = useQueryOf(shownWorkflow, ref);
  const name = value?.entry.name ?? ref;
  usePageTitle(
    t('compare.title'),
    useMemo(() => [{ label: name, to: workflowLink(ref, 'versions') }], [name, ref]),
  );
  return (
    <>
      <PageHead title={t('compare.title')} aside={<span className="muted">{name}</span>}>
        <LinkButton to={workflowLink(ref, 'versions')}>{t('compare.back')}</LinkButton>
      </PageHead>
      {error === null ? null : (
        <ErrorNote className="mx-6 mb-3 flex-none" error={error} onRetry={() => void shownWorkflow.refresh()} />
      )}
      {value !== null ? (
        <Compared detail={value} />
      ) : error === null ? (
        <SkeletonRows rows={8} columns={[50, 50]} />
      ) : null}
    </>
  );
}

function Compared({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const { versions, entry } = detail;
  const choices = useVersionChoices(versions);
  const sideOf = (name: string, otherwise: WorkflowVersion | null): WorkflowVersion | null | undefined => {
    const asked = params.get(name);
    if (asked === null) return otherwise;
    return asked === PUBLISHED ? null : versions.find(({ hash }) => hash === asked);
  };
  // Without a word of the address: what was kept last against what is published.
  const before = sideOf('before', versions.find(({ hash }) => hash !== detail.contentHash) ?? null);
  const after = sideOf('after', null);
  const go = (one: string | null, other: string | null): void =>
    void navigate(compareVersionsLink(entry.ref, one, other), { replace: true });
  const hashOf = (value: string): string | null => (value === PUBLISHED ? null : value);
  const [one, other] = [before?.hash ?? PUBLISHED, after?.hash ?? PUBLISHED];
  return (
    <div className="compare-versions">
      <div className="flex flex-none flex-wrap items-center gap-3 px-6 pb-3 max-[1200px]:px-4">
        <Select
          className="w-72 max-w-full"
          label={t('compare.before')}
          value={one}
          choices={choices}
          onChange={(next) => go(hashOf(next), hashOf(other))}
        />
        <Button icon={ArrowLeftRight} label={t('compare.swap')} onClick={() => go(hashOf(other), hashOf(one))} />
        <Select
          className="w-72 max-w-full"
          label={t('compare.after')}
          value={other}
          choices={choices}
          onChange={(next) => go(hashOf(one), hashOf(next))}
        />
      </div>
      {before === undefined || after === undefined ? (
        <Note tone="waiting" className="mx-6">
          {t('compare.gone')}
        </Note>
      ) : (
        <>
          <div className="flex-none">
            <ComparedChanges key={`${one} ${other}`} {...{ detail, before, after }} />
          </div>
          <ComparedTexts {...{ detail, before, after }} />
        </>
      )}
    </div>
  );
}

/** What can be chosen on either side: what is published, and every version that is kept. */
function useVersionChoices(versions: readonly WorkflowVersion[]) {
  const { t } = useTranslation('workflow');
  const now = useNow(60_000);
  return useMemo(
    () => [
      { value: PUBLISHED, label: t('editor.published') },
      ...versions.map(({ hash, label, firstSeenAt }) => ({
        value: hash,
        label: `${label === '' ? hash.slice(0, 7) : `${label} · ${hash.slice(0, 7)}`} · ${formatMoment(firstSeenAt, now)}`,
      })),
    ],
    [t, versions, now],
  );
}
