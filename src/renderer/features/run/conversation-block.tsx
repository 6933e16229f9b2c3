import {
  Bot,
  Brain,
  ChevronDown,
  CircleCheck,
  CircleX,
  Info,
  LoaderCircle,
  MessageSquareText,
  TriangleAlert,
  Wrench,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { classNames } from '../../ui/class-names.ts';
import { isDemoAgent } from '../../ui/demo.ts';
import { formatClockSeconds, formatCount, formatDuration, formatExact, formatMoney } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Status } from '../../ui/status.tsx';
import type { Block, CallEndBlock, Section, ToolBlock } from './conversation.ts';
import { selectStep } from './run-store.ts';
import { SaidText } from './said-text.tsx';

/** Where another step, attempt or agent begins. */
export function SectionHead({ section, state }: { readonly section: Section; readonly state: StepState | null }) {
  const { t } = useTranslation('run');
  return (
    <div className="talk-head">
      <Icon of={Bot} />
      <h2 className="cut">
        <button type="button" className="link-like" onClick={() => selectStep(section.path)}>
          {state?.name ?? section.path}
        </button>
      </h2>
      <span className="muted cut">
        {section.agent}
        {section.attempt > 1 ? ` · ${t('talk.attempt', { count: section.attempt })}` : ''}
      </span>
      {isDemoAgent(section.agent) ? <Status status="demo" pill /> : null}
      <span className="grow" />
      <time className="muted sm" dateTime={new Date(section.at).toISOString()} title={formatExact(section.at)}>
        {formatClockSeconds(section.at)}
      </time>
    </div>
  );
}

interface ConversationBlockProps {
  readonly block: Block;
  readonly section: Section;
  readonly isLast: boolean;
  readonly isLive: boolean;
  readonly childPath: string | null;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

/** One thing that was said or done. Words of a model are shown, never obeyed: no HTML, no pictures, no control characters. */
export function ConversationBlock(props: ConversationBlockProps) {
  const { block, section } = props;
  switch (block.kind) {
    case 'prompt':
    case 'thinking':
      return <Foldable {...props} block={block} />;
    case 'text':
      return (
        <div className={classNames('talk-text', isDemoAgent(section.agent) && 'demo')}>
          <SaidText
            text={block.text}
            isGrowing={props.isLast && props.isLive}
            isWhole={props.isOpen}
            onWhole={() => props.onOpen(true)}
          />
        </div>
      );
    case 'tool':
      return <ToolCall {...props} block={block} />;
    case 'call_end':
      return <CallEnd block={block} isDemo={isDemoAgent(section.agent)} />;
    case 'note':
      return <AppNote block={block} />;
  }
}

type PropsOf<K extends Block['kind']> = Omit<ConversationBlockProps, 'block'> & {
  readonly block: Extract<Block, { readonly kind: K }>;
};

/** Longer ones show their beginning until somebody opens them. */
const SHORT = 240;

/** The prompt and the thoughts: there to look at, not in the way. */
function Foldable({ block, isOpen, onOpen }: PropsOf<'prompt' | 'thinking'>) {
  const { t } = useTranslation('run');
  const text = plainText(block.text).trim();
  const isShort = text.length <= SHORT && !text.includes('\n');
  const words = text.split(/\s+/).length;
  const isThought = block.kind === 'thinking';
  return (
    <div className={classNames('talk-fold', isThought && 'thought')}>
      <p className="k">
        <Icon of={isThought ? Brain : MessageSquareText} />
        {t(`talk.${block.kind}`)} <span>{t('talk.words', { count: words, value: formatCount(words) })}</span>
      </p>
      <div className={classNames('pre', !isOpen && !isShort && 'clip')}>
        {isOpen || isShort ? text : text.slice(0, SHORT * 2).replace(/\s+/g, ' ')}
      </div>
      {isShort ? null : (
        <button type="button" className="link-like sm" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
          {t(`talk.${isOpen ? 'less' : isThought ? 'wholeThought' : 'wholePrompt'}`)}
        </button>
      )}
    </div>
  );
}

function ToolCall({ block, isLive, isOpen, onOpen, childPath }: PropsOf<'tool'>) {
  const { t } = useTranslation('run');
  const { result } = block;
  const hasInput = block.input !== null && (typeof block.input !== 'object' || Object.keys(block.input).length > 0);
  return (
    <div className="talk-tool">
      <div className="row">
        <button type="button" className="turn" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
          <Icon of={ChevronDown} small />
          <Icon of={Wrench} small />
          <span className="mono cut">{block.tool}</span>
        </button>
        <span className="grow" />
        {childPath === null ? null : (
          <button type="button" className="link-like sm" onClick={() => selectStep(childPath)}>
            {t('talk.openStep')}
          </button>
        )}
        <ToolEnd block={block} isLive={isLive} />
      </div>
      {isOpen ? (
        <div className="talk-tool-in">
          <p className="k">{t('talk.input')}</p>
          {hasInput ? (
            <JsonView value={block.input} label={t('talk.input')} openLevels={3} />
          ) : (
            <p className="sm muted">{t('talk.noInput')}</p>
          )}
          {result === null ? null : (
            <>
              <p className="k">{t(result.isError ? 'talk.error' : 'talk.result')}</p>
              <ResultText text={result.text} />
            </>
          )}
        </div>
      ) : null}
    </div>
  );
}

function ToolEnd({ block, isLive }: { readonly block: ToolBlock; readonly isLive: boolean }) {
  const { t } = useTranslation('run');
  const { result } = block;
  if (result === null)
    return (
      <span className={classNames('status sm', isLive ? 'st-running' : 'st-skipped')}>
        {isLive ? <Icon of={LoaderCircle} className="spin" /> : null}
        {t(isLive ? 'talk.inTool' : 'talk.noResult')}
      </span>
    );
  return (
    <>
      <span className={classNames('status sm', result.isError ? 'st-failed' : 'st-success')}>
        <Icon of={result.isError ? CircleX : CircleCheck} />
        {t(result.isError ? 'talk.failed' : 'talk.done')}
      </span>
      <span className="muted sm nowrap">{formatDuration(result.at - block.at)}</span>
    </>
  );
}

const MAX_RESULT = 20_000;

function ResultText({ text }: { readonly text: string }) {
  const { t } = useTranslation('run');
  const isCut = text.length > MAX_RESULT;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre className="talk-result" tabIndex={0}>
        {plainText(isCut ? text.slice(0, MAX_RESULT) : text)}
      </pre>
      {isCut ? (
        <p className="sm muted">{t('talk.cut', { count: text.length, value: formatCount(text.length) })}</p>
      ) : null}
    </>
  );
}

function CallEnd({ block, isDemo }: { readonly block: CallEndBlock; readonly isDemo: boolean }) {
  const { t } = useTranslation('run');
  const { usage } = block;
  const parts = [
    isDemo ? null : block.model,
    t('agent.tokens', { input: formatCount(usage.inputTokens), output: formatCount(usage.outputTokens) }),
    usage.isEstimated ? t('agent.estimated') : null,
    block.cost === null ? t('agent.unpriced') : formatMoney(block.cost),
    formatDuration(block.durationMs),
  ].filter((part) => part !== null && part !== '');
  return <p className="talk-end sm muted">{parts.join(' · ')}</p>;
}

const NOTE_LOOK = {
  info: { icon: Info, tone: 'muted' },
  warning: { icon: TriangleAlert, tone: 'st-waiting' },
  error: { icon: CircleX, tone: 'st-failed' },
} as const;

/** The app's own words between those of the agent. */
function AppNote({ block }: { readonly block: Extract<Block, { readonly kind: 'note' }> }) {
  const look = NOTE_LOOK[block.level];
  return (
    <p className={classNames('talk-note', look.tone)}>
      <Icon of={look.icon} />
      <span className="break-words">{plainText(block.text)}</span>
    </p>
  );
}
