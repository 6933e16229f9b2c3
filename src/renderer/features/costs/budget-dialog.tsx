import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import { type CostLimit, type CostLimitStatus, LIMIT_ACTIONS, LIMIT_SCOPES } from '../../../shared/model/cost-limit.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { useWorkflowChoices } from '../../client/use-workflow-choices.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { type Choice, Select } from '../../ui/select.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { type BudgetDraft, draftOf, limitOf, PERIODS } from './budget-draft.ts';

interface BudgetDialogProps {
  /** Null = a new one. */
  readonly limit: CostLimitStatus | null;
  /** Names that are taken. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** A new limit of spending, or another word on one that is there. */
export function BudgetDialog({ limit, taken, onClose }: BudgetDialogProps) {
  const { t } = useTranslation('costs');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [draft, setDraft] = useState(() => draftOf(limit));
  const set = (change: Partial<BudgetDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const errors = fieldErrors(error, {});
  // Without the list the agent's name cannot be chosen, and the form says that it is missing.
  const agents = useOwnQuery({ ask: () => call('agents.list', {}) }, 'agents').data.value?.agents ?? [];
  const isTaken = limit === null && taken.includes(draft.name.trim());
  const text = (key: keyof BudgetDraft & string, field: keyof CostLimit) => ({
    ...{ id: `${id}-${key}`, value: String(draft[key]), isBad: errors.at(field) !== null },
    'aria-describedby': `${id}-${key}-help`,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [key]: event.target.value }),
  });
  const send = async (): Promise<void> => {
    const isDone = await attempt(() => call('costs.setLimit', limitOf(draft)));
    if (!isDone) return;
    showToast(t('budgets.saved', { name: draft.name.trim() }));
    onClose();
  };
  const isCalendar = draft.period === 'day' || draft.period === 'week' || draft.period === 'month';
  const nameError = errors.at('name') ?? (isTaken ? t('budgets.taken') : null);
  return (
    <FormDialog
      title={limit === null ? t('budgets.addTitle') : t('budgets.editTitle', { name: limit.name })}
      description={t('budgets.text')}
      act={limit === null ? t('budgets.addAct') : t('budgets.save')}
      needs="costs.setLimit"
      isBusy={isBusy}
      refusal={useRefusal(draft, isTaken)}
      error={errors.other}
      onClose={onClose}
      onSend={() => void send()}
    >
      {limit === null ? (
        <Field id={`${id}-name`} label={t('budgets.name')} help={t('budgets.nameHelp')} error={nameError}>
          <TextInput {...text('name', 'name')} isBad={nameError !== null} maxLength={60} />
        </Field>
      ) : null}
      <div className="budget-pair">
        <Field id={`${id}-max`} label={t('budgets.max')} help={t('budgets.maxHelp')} error={errors.at('max_cost')}>
          <TextInput {...text('max', 'max_cost')} inputMode="decimal" before="$" maxLength={30} />
        </Field>
        <Field id={`${id}-period`} label={t('budgets.period')} error={null}>
          <Select
            id={`${id}-period`}
            value={draft.period}
            choices={PERIODS.map((value) => ({ value, label: t(`budgets.periods.${value}`) }))}
            onChange={(period) => set({ period: period as BudgetDraft['period'] })}
          />
        </Field>
      </div>
      {draft.period === 'sliding' ? (
        <Field
          id={`${id}-length`}
          label={t('budgets.length')}
          help={t('budgets.lengthHelp')}
          error={errors.at('period')}
        >
          <TextInput {...text('length', 'period')} maxLength={20} />
        </Field>
      ) : null}
      {isCalendar ? (
        <Field id={`${id}-zone`} label={t('budgets.zone')} help={t('budgets.zoneHelp')} error={errors.at('timezone')}>
          <TextInput {...text('zone', 'timezone')} maxLength={64} />
        </Field>
      ) : null}
      <ScopeFields id={id} draft={draft} set={set} agents={agents} error={errors.at('scope_id')} />
      <fieldset>
        <legend>{t('budgets.action')}</legend>
        <RadioChoices
          label={t('budgets.action')}
          value={draft.action}
          choices={LIMIT_ACTIONS.map((value) => ({
            ...{ value, label: t(`budgets.actions.${value}`), help: t(`budgets.actionHelp.${value}`) },
          }))}
          onChoose={(action) => set({ action })}
        />
      </fieldset>
      <Field
        id={`${id}-threshold`}
        label={t('budgets.threshold')}
        note={t('everywhere:optional')}
        help={t('budgets.thresholdHelp')}
        error={errors.at('alert_threshold')}
      >
        <TextInput {...text('threshold', 'alert_threshold')} inputMode="decimal" after="%" maxLength={5} />
      </Field>
      {draft.action === 'block' || draft.action === 'pause' ? (
        <>
          <Checkbox
            id={`${id}-unpriced`}
            isChecked={draft.allowsUnpriced}
            onChange={(allowsUnpriced) => set({ allowsUnpriced })}
          >
            {t('budgets.unpriced')}
          </Checkbox>
          <HeldLate draft={draft} agents={agents} />
        </>
      ) : null}
    </FormDialog>
  );
}

/** Why a draft cannot be sent yet. */
function useRefusal({ name, max, scope, scopeId, threshold }: BudgetDraft, isTaken: boolean): string | null {
  const { t } = useTranslation('costs');
  if (name.trim() === '') return t('budgets.needsName');
  if (isTaken) return t('budgets.taken');
  if (max.trim() === '') return t('budgets.needsMax');
  if (scope !== 'global' && scope !== 'run' && scopeId.trim() === '') return t('budgets.needsScope');
  const percent = Number(threshold);
  return threshold.trim() !== '' && !(percent > 0 && percent <= 100) ? t('budgets.badThreshold') : null;
}

interface ScopeFieldsProps {
  readonly id: string;
  readonly draft: BudgetDraft;
  readonly set: (change: Partial<BudgetDraft>) => void;
  readonly agents: readonly AgentInfo[];
  readonly error: string | null;
}

/** Names the agents that a budget cannot end in the middle of a step. */
function HeldLate({ draft, agents }: Pick<ScopeFieldsProps, 'draft' | 'agents'>) {
  const { t } = useTranslation('costs');
  const late = agents.filter(
    ({ name, saysCostAtEnd, isInstalled }) =>
      saysCostAtEnd && isInstalled && (draft.scope !== 'agent' || draft.scopeId === name),
  );
  if (late.length === 0) return null;
  const names = late.map(({ name }) => name).join(', ');
  return <p className="help">{t('budgets.heldLate', { count: late.length, names })}</p>;
}

/** Whose calls count. */
function ScopeFields({ id, draft: { scope, scopeId }, set, agents, error }: ScopeFieldsProps) {
  const { t } = useTranslation('costs');
  const workflows = useWorkflowChoices(scope === 'workflow' && scopeId !== '' ? scopeId : null);
  const names = new Set([...agents.map(({ name }) => name), ...(scope === 'agent' && scopeId !== '' ? [scopeId] : [])]);
  const choices: readonly Choice[] =
    scope === 'workflow' ? workflows : [...names].map((name) => ({ value: name, label: name }));
  return (
    <div className="budget-pair">
      <Field id={`${id}-scope`} label={t('budgets.scopeLabel')}>
        <Select
          id={`${id}-scope`}
          value={scope}
          choices={LIMIT_SCOPES.map((value) => ({ value, label: t(`budgets.scope.${value}`) }))}
          onChange={(value) => set({ scope: value as CostLimit['scope'], scopeId: '' })}
        />
      </Field>
      {scope === 'workflow' || scope === 'agent' ? (
        <Field id={`${id}-of`} label={t(`budgets.which.${scope}`)} error={error}>
          <Select
            id={`${id}-of`}
            value={scopeId}
            choices={choices}
            placeholder={t('budgets.choose')}
            isBad={error !== null}
            onChange={(value) => set({ scopeId: value })}
          />
        </Field>
      ) : null}
      {scope === 'model' ? (
        <Field id={`${id}-of`} label={t('budgets.which.model')} help={t('budgets.modelHelp')} error={error}>
          <TextInput
            id={`${id}-of`}
            value={scopeId}
            isBad={error !== null}
            maxLength={200}
            aria-describedby={`${id}-of-help`}
            onChange={(event) => set({ scopeId: event.target.value })}
          />
        </Field>
      ) : null}
    </div>
  );
}
