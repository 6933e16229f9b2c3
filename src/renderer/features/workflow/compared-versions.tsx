import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkflowDetail, WorkflowVersion } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { VersionChanges } from './version-changes.tsx';

const TextDiff = lazy(async () => ({ default: (await import('./editor/text-diff.tsx')).TextDiff }));

interface Compared {
  readonly detail: WorkflowDetail;
  /** Null = the published text. */
  readonly before: WorkflowVersion | null;
  readonly after: WorkflowVersion | null;
}

/** What is different, step by step. */
export function ComparedChanges({ detail, before, after }: Compared) {
  const ask = { ref: detail.entry.ref, before: before?.hash ?? null, after: after?.hash ?? null };
  const { data } = useOwnQuery({ ask: () => call('versions.compare', ask) }, ask.ref, detail.sourceHash);
  if (data.status === 'error') return <ErrorNote error={data.error} className="m-4" />;
  return data.value === null ? <SkeletonRows rows={6} columns={[60]} /> : <VersionChanges {...data.value} />;
}

/** The texts side by side; `alone` = that one of the two without the other. */
export function ComparedTexts({
  detail,
  before,
  after,
  alone,
}: Compared & { readonly alone?: WorkflowVersion | undefined }) {
  const { t } = useTranslation('workflow');
  const sourceOf = { ask: (hash: string) => call('versions.source', { hash }) };
  const { data: one } = useOwnQuery(sourceOf, before?.hash ?? null);
  const { data: other } = useOwnQuery(sourceOf, after?.hash ?? null);
  const published = useMemo(() => ({ label: t('editor.published'), source: detail.source }), [t, detail.source]);
  const left = before === null ? published : one.value;
  const right = after === null ? published : other.value;
  const sides = useMemo(
    () =>
      left === null || right === null
        ? null
        : { before: { name: left.label, text: left.source }, after: { name: right.label, text: right.source } },
    [left, right],
  );
  const failed = [one, other].find(({ status }) => status === 'error');
  if (failed?.status === 'error') return <ErrorNote error={failed.error} className="m-4" />;
  const isBoth = alone === undefined;
  const text = alone === before ? left : right;
  if (isBoth && sides !== null)
    return (
      <Suspense fallback={<SkeletonRows />}>
        <TextDiff {...sides} />
      </Suspense>
    );
  return text === null || isBoth ? (
    <SkeletonRows rows={6} columns={[60]} />
  ) : (
    <CodeView label={t('source.label', { path: text.label })} text={text.source} />
  );
}
