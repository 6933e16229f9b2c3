import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { useRights, useWhyNot } from '../../ui/rights.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Problems } from './problems.tsx';

const WorkflowEditor = lazy(async () => ({ default: (await import('./editor/workflow-editor.tsx')).WorkflowEditor }));

/** The workflow's text: an editor for whoever may change it. */
export function SourceTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { isKnown } = useRights();
  const whyNot = useWhyNot('workflows.publish');
  if (!isKnown) return <SkeletonRows />;
  if (whyNot !== null) return <ReadText detail={detail} />;
  return (
    <Suspense fallback={<SkeletonRows />}>
      <WorkflowEditor key={detail.sourcePath} detail={detail} />
    </Suspense>
  );
}

/** The text as it is published, with what is wrong in it. */
function ReadText({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [target, setTarget] = useState<{ line: number; count: number } | null>(null);
  const { diagnostics } = detail;
  const goTo = (line: number): void => setTarget((before) => ({ line, count: (before?.count ?? 0) + 1 }));
  return (
    <>
      <div className="flex flex-none items-center gap-3 border-b border-border px-6 py-1.5 max-[1200px]:px-4">
        <span className="mono sm">{detail.sourcePath}</span>
        <span className="mono sm muted">{detail.contentHash.slice(0, 7)}</span>
      </div>
      <CodeView
        label={t('source.label', { path: detail.sourcePath })}
        text={detail.source}
        diagnostics={diagnostics}
        target={target}
      />
      <Problems diagnostics={diagnostics} onGo={goTo} />
    </>
  );
}
