import { ArrowRight, CircleCheck, FolderOpen, Play, Plus, RefreshCw } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import { act } from '../../client/act.ts';
import { appInfo } from '../../client/app-state.ts';
import { chooseFolder } from '../../client/shell-requests.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { isDemoAgent } from '../../ui/demo.ts';
import { errorText } from '../../ui/error-hint.ts';
import { Icon } from '../../ui/icon.tsx';
import { agentLink, workflowLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { checkWelcomeAgent, useIsChecking, welcomeAgents } from './welcome-agents.ts';
import { addExamples, type WelcomeExample, welcomeExamples } from './welcome-store.ts';

interface StepProps {
  readonly number: number;
  readonly isDone: boolean;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}
function Step({ number, isDone, title, text, children }: StepProps) {
  return (
    <li className="flex gap-4 border-t border-border py-4">
      <span
        className={`grid size-6 flex-none place-items-center rounded-full text-sm font-semibold ${isDone ? 'bg-success-tint text-success' : 'bg-selected text-accent'}`}
      >
        {isDone ? <Icon of={CircleCheck} small /> : number}
      </span>
      <section className="grow">
        <h2>{title}</h2>
        <p className="muted">{text}</p>
        <div className="mt-2">{children}</div>
      </section>
    </li>
  );
}

function FolderStep() {
  const { t } = useTranslation('welcome');
  const path = useQuery(appInfo).value?.project.path ?? '';
  return (
    <Step number={1} isDone title={t('folder.title')} text={t('folder.text')}>
      <div className="flex flex-wrap items-center gap-3">
        <code className="min-w-0 break-all">{path}</code>
        <Button icon={FolderOpen} onClick={chooseFolder}>
          {t('folder.change')}
        </Button>
      </div>
    </Step>
  );
}

function AgentStep() {
  const { t } = useTranslation('welcome');
  const agents = useQuery(welcomeAgents);
  const { isChecking } = useIsChecking();
  const list = agents.value;
  const primary = list?.agents.find((agent) => agent.isPrimary) ?? null;
  const isDemo = isDemoAgent(primary?.name);
  const hasNone = list !== null && primary === null;
  const text = t(hasNone ? 'agent.noneText' : agentText(primary));
  return (
    <Step number={2} isDone={primary?.health.isHealthy === true} title={t('agent.title')} text={text}>
      {agents.status === 'error' ? (
        <ErrorNote error={agents.error} onRetry={() => void welcomeAgents.refresh()} />
      ) : null}
      {hasNone ? <LinkButton to="/agents">{t('agent.all')}</LinkButton> : null}
      {primary === null ? null : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <span className="strong">{primary.name}</span>
            {isDemo ? <Status status="demo" pill /> : null}
            <span className="muted">{isDemo ? t('agent.demoLine') : primary.description}</span>
            <Button
              needs="agents.check"
              icon={RefreshCw}
              reason={isChecking ? t('agent.checking') : null}
              onClick={() => void checkWelcomeAgent(primary.name)}
            >
              {t('agent.check')}
            </Button>
            <LinkButton to={agentLink(primary.name)} variant="ghost">
              {t('agent.all')}
            </LinkButton>
          </div>
          <AgentVerdict agent={primary} />
        </>
      )}
    </Step>
  );
}

/** Whom the project goes to, and how that came. */
function agentText(primary: AgentInfo | null): string {
  if (primary === null) return 'agent.looking';
  if (isDemoAgent(primary.name)) return 'agent.demoText';
  return primary.isInstalled ? 'agent.foundText' : 'agent.missingText';
}

/** What the last check found, in one line. */
function AgentVerdict({ agent }: { readonly agent: AgentInfo }) {
  const { t } = useTranslation('welcome');
  const { health } = agent;
  const tone = health.lastCheck === null ? 'muted' : health.isHealthy ? 'text-success' : 'text-failed';
  return (
    <p className={`sm mt-1 ${tone}`} role="status">
      {health.lastCheck === null
        ? t(agent.isInstalled ? 'agent.never' : 'agent.missing')
        : health.isHealthy
          ? t('agent.healthy')
          : health.error === null
            ? t('agent.unhealthy')
            : errorText(health.error)}
    </p>
  );
}

function ExampleStep({ examples }: { readonly examples: readonly WelcomeExample[] }) {
  const { t } = useTranslation('welcome');
  const open = examples.filter((example) => !example.installed);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const chosen = open.filter((example) => !left.includes(example.name)).map((example) => example.name);
  const add = (): void => {
    setIsBusy(true);
    void act(() => addExamples(chosen)).then(() => setIsBusy(false));
  };
  const reason = isBusy ? t('examples.busy') : chosen.length === 0 ? t('examples.none') : null;
  return (
    <Step number={3} isDone={false} title={t('run.title')} text={t('run.text')}>
      {open.length === 0 ? (
        <p className="muted">{t('examples.all')}</p>
      ) : (
        <div className="row">
          <Button
            variant={open.length === examples.length ? 'primary' : 'default'}
            needs="examples.install"
            icon={Plus}
            reason={reason}
            onClick={add}
          >
            {t('examples.add', { count: chosen.length })}
          </Button>
        </div>
      )}
      <RunButtons examples={examples} />
      <ul className="mt-3">
        {examples.map((example) => (
          <li key={example.name} className="py-1">
            <Checkbox
              isChecked={example.installed || !left.includes(example.name)}
              isDisabled={example.installed || isBusy}
              onChange={(isOn) =>
                setLeft((before) => (isOn ? before.filter((name) => name !== example.name) : [...before, example.name]))
              }
            >
              <span className="strong">{example.title}</span>{' '}
              {example.installed ? <span className="sm text-success">{t('examples.installed')}</span> : null}
              <span className="muted sm block">{example.description}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </Step>
  );
}

function RunButtons({ examples }: { readonly examples: readonly WelcomeExample[] }) {
  const { t } = useTranslation('welcome');
  const navigate = useNavigate();
  const there = examples.flatMap((example) => (example.ref === null ? [] : [{ ...example, ref: example.ref }]));
  return (
    <div className="mt-3 flex flex-wrap gap-2 empty:hidden" aria-live="polite">
      {there.map((example, index) => (
        <Button
          key={example.name}
          variant={index === 0 ? 'primary' : 'default'}
          needs="runs.start"
          icon={Play}
          onClick={() => void navigate(workflowLink(example.ref), { state: { focusRun: true } })}
        >
          {t('run.act', { name: example.title })}
        </Button>
      ))}
    </div>
  );
}

/** The first five minutes: a folder, an agent, a run. */
export function WelcomeScreen() {
  const { t } = useTranslation('welcome');
  const examples = useQuery(welcomeExamples);
  useEffect(() => welcomeExamples.open(null), []);
  useEffect(() => welcomeAgents.open(null), []);
  return (
    <>
      <PageHead title={t('title')} aside={<p>{t('lead')}</p>}>
        <LinkButton to="/workflows" variant="ghost" icon={ArrowRight}>
          {t('skip')}
        </LinkButton>
      </PageHead>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard */}
      <section className="scroll px-6 pb-6 max-[1200px]:px-4" tabIndex={0} aria-label={t('title')}>
        <ol className="max-w-3xl">
          <FolderStep />
          <AgentStep />
          {examples.value === null ? null : <ExampleStep examples={examples.value} />}
        </ol>
        {examples.status === 'error' ? (
          <ErrorNote className="max-w-3xl" error={examples.error} onRetry={() => void welcomeExamples.refresh()} />
        ) : null}
        {examples.value === null && examples.status === 'loading' ? <SkeletonRows rows={5} columns={[60]} /> : null}
      </section>
    </>
  );
}
