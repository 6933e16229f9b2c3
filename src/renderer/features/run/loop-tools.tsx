import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoopState } from '../../../shared/model/run.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { formatCount } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { revealStep, showOnlyFailed, useRunChoices } from './run-store.ts';

/** Fewer are seen at once. */
const MANY = 10;

interface LoopToolsProps {
  readonly loop: LoopState;
  /** Counts turns instead of items. */
  readonly isWhile: boolean;
}

/** Which turns of a loop the list shows, and the way to one of them. */
export function LoopTools({ loop, isWhile }: LoopToolsProps) {
  const { t } = useTranslation('run');
  const onlyFailed = useRunChoices((state) => state.onlyFailed === loop.path);
  return (
    <div className="mt-3 grid gap-2">
      {loop.failed === 0 ? null : (
        <Segmented
          label={t(isWhile ? 'loop.showTurns' : 'loop.showItems')}
          value={onlyFailed ? 'failed' : 'all'}
          choices={[
            { value: 'all', label: t('loop.all') },
            { value: 'failed', label: t('loop.onlyFailed') },
          ]}
          onChoose={(value) => showOnlyFailed(loop.path, value === 'failed')}
        />
      )}
      {loop.begun <= MANY ? null : <GoToTurn loop={loop} isWhile={isWhile} />}
    </div>
  );
}

function GoToTurn({ loop, isWhile }: LoopToolsProps) {
  const { t } = useTranslation('run');
  const id = useId();
  const [written, setWritten] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const go = (): void => {
    const number = Number(written.replaceAll(/[\s,.]/g, ''));
    const isRight = Number.isInteger(number) && number >= 1 && number <= loop.begun;
    setIsWrong(!isRight);
    if (!isRight) return;
    showOnlyFailed(loop.path, false);
    revealStep(`${loop.path}[${number - 1}]`);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <Field
        id={id}
        label={t(isWhile ? 'loop.goToTurn' : 'loop.goToItem')}
        error={isWrong ? t('loop.noSuch', { value: formatCount(loop.begun) }) : null}
      >
        <div className="row">
          <TextInput
            id={id}
            className="grow"
            inputMode="numeric"
            value={written}
            isBad={isWrong}
            aria-describedby={isWrong ? `${id}-help` : undefined}
            onChange={(event) => setWritten(event.target.value)}
          />
          <Button type="submit">{t('loop.go')}</Button>
        </div>
      </Field>
    </form>
  );
}
