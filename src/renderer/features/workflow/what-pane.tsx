import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { conditionWords } from '../../ui/condition-words.ts';
import { formatMoment } from '../../ui/format.ts';
import { triggerLink } from '../../ui/links.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { FailingMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { StepList } from './step-list.tsx';

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Needs({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const scripts = new Map(detail.tools.map((tool) => [tool.name, tool.scriptPath]));
  if (detail.requiredTools.length === 0) return <>{t('what.noTools')}</>;
  return (
    <ul className="flex flex-wrap gap-x-3">
      {detail.requiredTools.map((name) => {
        const path = scripts.get(name);
        return (
          <li key={name}>
            <span className="mono">{name}</span>{' '}
            {path === undefined ? null : <span className="muted">{t('what.script', { path })}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** What starts it by itself, wherever that is written, and whether it does. */
function Triggers({ workflow }: { readonly workflow: string }) {
  const { t } = useTranslation('workflow');
  const now = useNow(60_000);
  useEffect(() => triggerList.open(null), []);
  useFreshOnFocus(triggerList);
  const triggers = useQuery(triggerList).value?.triggers.filter(({ workflowId }) => workflowId === workflow) ?? [];
  if (triggers.length === 0) return null;
  return (
    <Fact name={t('what.triggers')}>
      <ul>
        {triggers.map((trigger) => (
          <li key={trigger.key}>
            <Link to={triggerLink(trigger.key)}>{startsWords(trigger)}</Link>{' '}
            <span className="muted">
              {trigger.nextAt === null
                ? t(`triggers:status.${trigger.status}`).toLowerCase()
                : t('what.next', { when: formatMoment(trigger.nextAt, now) })}
            </span>{' '}
            {trigger.isFailing ? <FailingMark /> : null}
          </li>
        ))}
      </ul>
    </Fact>
  );
}

/** What a workflow does, in the words of its author and of its steps. */
export function WhatPane({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { workflow } = detail;
  const permissions = workflow.requirements.permissions;
  const success = workflow.successConditions.flatMap((condition) => conditionWords(condition) ?? []);
  return (
    <section className="pane-what" aria-labelledby="what-title">
      <PaneHead id="what-title" title={t('what.title')}>
        <span className="sm muted">{t('what.steps', { count: detail.entry.steps })}</span>
      </PaneHead>
      {workflow.description === '' ? null : <Markdown text={workflow.description} className="mb-3" />}
      <StepList steps={workflow.steps} />
      <dl className="kv sm mt-3">
        <Fact name={t('what.needs')}>
          <Needs detail={detail} />
        </Fact>
        {permissions.length === 0 ? null : (
          <Fact name={t('what.permissions')}>
            <span className="mono">{permissions.join(', ')}</span>
          </Fact>
        )}
        {success.length === 0 ? null : (
          <Fact name={t('what.success')}>
            <ul>
              {success.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </Fact>
        )}
        {workflow.outputs.length === 0 ? null : (
          <Fact name={t('what.outputs')}>
            <ul>
              {workflow.outputs.map((output) => (
                <li key={output.name}>
                  <span className="mono">{output.name}</span> <span className="muted">{output.description}</span>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Triggers workflow={detail.entry.id} />
      </dl>
    </section>
  );
}
