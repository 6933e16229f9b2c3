import { CircleCheck, CircleQuestionMark, CircleX, Copy, TextCursorInput, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { SuccessConditionResult } from '../../../shared/model/run.ts';
import { copyText } from '../../client/copy-text.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { conditionWords } from '../../ui/condition-words.ts';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { EmptyState, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { DemoLine } from './demo-line.tsx';
import { hasDemoAnswers } from './run-agents.ts';
import { StepError } from './step-error.tsx';

export function InputsTab({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  return (
    <TabBody label={t('tabs.inputs')}>
      <ValuesBlock values={view.inputs} label={t('tabs.inputs')} empty={t('values.noInputs')} />
    </TabBody>
  );
}

/** That some of it is made up, why the run failed, and what it warns about. */
export function OutputNotes({ view }: { readonly view: RunView }) {
  return (
    <>
      {hasDemoAnswers(view) ? <DemoLine /> : null}
      {view.run.error === null ? null : <StepError error={view.run.error} isOver />}
      {view.warnings.map((warning) => (
        <Note key={warning} tone="waiting" icon={TriangleAlert}>
          <Said text={warning} />
        </Note>
      ))}
    </>
  );
}

/** Whether what came out is what was wanted. */
export function Conditions({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  if (view.successConditions.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2">{t('values.conditions')}</h2>
      <ul className="grid gap-1">
        {view.successConditions.map((each) => (
          <ConditionRow key={each.condition} condition={each} />
        ))}
      </ul>
    </section>
  );
}

const CONDITION_LOOK = {
  met: { icon: CircleCheck, tone: 'st-success' },
  unmet: { icon: CircleX, tone: 'st-failed' },
  unknown: { icon: CircleQuestionMark, tone: 'st-pending' },
} as const;

function ConditionRow({ condition }: { readonly condition: SuccessConditionResult }) {
  const { t } = useTranslation('run');
  const look = CONDITION_LOOK[condition.result];
  return (
    <li className="row items-start">
      <span className={classNames('status w-24 flex-none', look.tone)}>
        <Icon of={look.icon} />
        {t(`values.${condition.result}`)}
      </span>
      <span className="min-w-0 break-words" title={condition.condition}>
        {conditionWords(condition.condition) ?? condition.condition}
      </span>
    </li>
  );
}

export function TabBody({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own
    <div className="tab-body grid content-start gap-3" role="region" tabIndex={0} aria-label={label}>
      {children}
    </div>
  );
}

interface ValuesBlockProps {
  readonly values: JsonMap;
  readonly label: string;
  readonly empty: string;
}

export function ValuesBlock({ values, label, empty }: ValuesBlockProps) {
  const { t } = useTranslation('run');
  if (Object.keys(values).length === 0) return <EmptyState icon={TextCursorInput} title={empty} />;
  const copy = (): Promise<void> => copyText(JSON.stringify(values, null, 2), t('values.copied'));
  return (
    <div className="flex items-start gap-3">
      <div className="grow">
        <JsonView value={values} label={label} openLevels={3} />
      </div>
      <Button variant="ghost" icon={Copy} onClick={() => void copy()}>
        {t('values.copy')}
      </Button>
    </div>
  );
}
