import { Play } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ReplayPlan, RunView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { InputFields } from '../../client/input-fields.tsx';
import { useDraft } from '../../client/use-draft.ts';
import { useInputForm } from '../../client/use-input-form.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { runLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Repeats } from '../../ui/repeats.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { showReplay, useRunChoices } from './run-store.ts';

type Which = 'then' | 'today';

/** A new run with other inputs, in the version of then or of today; what is typed outlives a reload. */
export function ReplayDialog({ view }: { readonly view: RunView }) {
  const isOpen = useRunChoices((state) => state.isReplaying);
  return isOpen ? <OpenReplayDialog view={view} /> : null;
}

function OpenReplayDialog({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const formId = useId();
  const { runId, versionHash, versionLabel } = view.run;
  const [drafted, keepWhich] = useDraft<Which>(`replay version ${runId}`);
  const which = drafted ?? 'then';
  const { data: plan, refresh } = useOwnQuery(
    { ask: (version: Which) => call('runs.planReplay', { runId, latest: version === 'today' }) },
    which,
  );
  const version = plan.value?.version;
  const words = { label: version?.label ?? '', hash: version?.hash.slice(0, 7) ?? '' };
  const close = (): void => showReplay(false);
  return (
    <Dialog
      isOpen
      onClose={close}
      width="36rem"
      title={t('replay.title')}
      description={t('replay.text')}
      footer={
        <>
          <Button onClick={close}>{t('replay.keep')}</Button>
          <Button
            variant="primary"
            needs="runs.replay"
            type="submit"
            form={formId}
            icon={Play}
            reason={plan.value === null ? t(plan.status === 'error' ? 'replay.cannot' : 'replay.looking') : null}
          >
            {t('replay.act')}
          </Button>
        </>
      }
    >
      <Field
        id={`${formId}-version`}
        label={t('replay.version')}
        help={version === undefined ? '' : t(version.hash === versionHash ? 'replay.same' : 'replay.other', words)}
      >
        <Segmented
          label={t('replay.version')}
          value={which}
          choices={[
            { value: 'then', label: t('replay.pinned', { label: versionLabel }) },
            { value: 'today', label: t('replay.today') },
          ]}
          onChoose={keepWhich}
        />
      </Field>
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} className="mt-3" /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={3} /> : null}
      {plan.value === null ? null : (
        <ReplayForm
          key={plan.value.version.hash}
          id={formId}
          runId={runId}
          plan={plan.value}
          isLatest={which === 'today'}
          onStarted={() => keepWhich(null)}
        />
      )}
    </Dialog>
  );
}

interface ReplayFormProps {
  readonly id: string;
  readonly runId: string;
  readonly plan: ReplayPlan;
  readonly isLatest: boolean;
  readonly onStarted: () => void;
}

function ReplayForm({ id, runId, plan, isLatest, onStarted }: ReplayFormProps) {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const form = useInputForm({
    definitions: plan.inputs,
    draftName: `replay ${runId}`,
    given: plan.given,
    focusField: (name) => document.getElementById(`${id}-${name}`)?.focus(),
    send: async (inputs) => {
      const started = await call('runs.replay', { runId, inputs, latest: isLatest, onlyThese: true });
      onStarted();
      showToast(t('replay.done'));
      await navigate(runLink(started.runId));
    },
  });
  return (
    <form
      id={id}
      noValidate
      className="mt-3 grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {form.refusal === null ? null : <ErrorNote error={form.refusal} />}
      {plan.inputs.length === 0 ? <p className="muted">{t('replay.noInputs')}</p> : null}
      <InputFields formId={id} definitions={plan.inputs} form={form} />
      {plan.inputs.some(({ secret }) => secret) ? <p className="sm muted">{t('replay.secrets')}</p> : null}
      <Repeats steps={plan.repeats} />
    </form>
  );
}
