import { ListTree, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ToolDetail, ToolOperationInfo } from '../../../shared/model/tool.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { toolLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { OptionList } from '../../ui/option-list.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { EffectMark } from './tool-marks.tsx';
import { filterOperations } from './tool-words.ts';
import { refreshTool, useTools } from './tools-store.ts';
import { TryForm } from './try-form.tsx';

/** Fewer can be seen at a glance. */
const MANY = 8;

interface ToolOperationsProps {
  readonly detail: ToolDetail;
  readonly asked: string | null;
}

/** What the tool can do, and the chosen operation with its form. */
export function ToolOperations({ detail, asked }: ToolOperationsProps) {
  const { t } = useTranslation('tools');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const { operations, name } = detail;
  const shown = filterOperations(operations, text);
  const chosen = operations.find((operation) => operation.name === asked) ?? shown[0] ?? operations[0];
  if (chosen === undefined) return <NoOperations detail={detail} />;
  const choose = (operation: string): void => void navigate(toolLink(name, operation), { replace: true });
  return (
    <section className="tool-operations" aria-labelledby="tool-operations-title">
      <PaneHead id="tool-operations-title" title={t('operations.title')} count={operations.length} />
      <div className="operation-cols">
        <div className="operation-side">
          {operations.length <= MANY ? null : (
            <TextInput
              type="search"
              className="mb-2"
              aria-label={t('operations.search')}
              placeholder={t('operations.search')}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => (event.key === 'Escape' ? setText('') : undefined)}
              before={<Icon of={Search} />}
            />
          )}
          {shown.length === 0 ? (
            <p className="sm muted" role="status">
              {t('operations.none', { count: operations.length })}{' '}
              <Button variant="ghost" onClick={() => setText('')}>
                {t('everywhere:filter.clear')}
              </Button>
            </p>
          ) : (
            <OptionList
              className="operation-list"
              label={t('operations.title')}
              options={shown}
              keyOf={(operation) => operation.name}
              chosen={chosen.name}
              rowHeight={44}
              fitRows={14}
              onChoose={choose}
            >
              {(operation) => (
                <>
                  <span className="mono cut block" title={operation.name}>
                    {operation.name}
                  </span>
                  <span className="sm muted cut block">{operation.description}</span>
                </>
              )}
            </OptionList>
          )}
        </div>
        <div className="operation-narrow">
          <Select
            label={t('operations.title')}
            value={chosen.name}
            choices={operations.map((operation) => ({ value: operation.name, label: operation.name }))}
            onChange={choose}
          />
        </div>
        <OperationPart key={`${name} ${chosen.name}`} detail={detail} operation={chosen} />
      </div>
    </section>
  );
}

/** None, or not known: nothing is started just to find out. */
function NoOperations({ detail }: { readonly detail: ToolDetail }) {
  const { t } = useTranslation('tools');
  const isBusy = useTools((state) => state.busy.has(detail.name));
  const isUnknown = detail.operationCount === null;
  return (
    <EmptyState
      icon={ListTree}
      title={t(isUnknown ? 'operations.unknown' : 'operations.empty')}
      text={t(isUnknown ? 'operations.unknownText' : 'operations.emptyText')}
    >
      <Button
        variant="primary"
        needs="tools.refresh"
        reason={isBusy ? t('busy.refresh') : null}
        onClick={() => void refreshTool(detail.name)}
      >
        {t('operations.read')}
      </Button>
    </EmptyState>
  );
}

interface OperationPartProps {
  readonly detail: ToolDetail;
  readonly operation: ToolOperationInfo;
}

function OperationPart({ detail, operation }: OperationPartProps) {
  const { t } = useTranslation('tools');
  const { annotations, outputSchema } = operation;
  return (
    <div className="operation">
      <div className="row flex-wrap">
        <h3 className="mono min-w-0 break-words">{operation.name}</h3>
        <EffectMark operation={operation} />
      </div>
      {operation.description === '' ? null : (
        <p className="muted whitespace-pre-line break-words">{operation.description}</p>
      )}
      <TryForm detail={detail} operation={operation} />
      <Schema title={t('schema.parameters')}>
        <JsonView value={operation.parameters} label={t('schema.parameters')} openLevels={3} />
      </Schema>
      {outputSchema === null ? null : (
        <Schema title={t('schema.output')}>
          <JsonView value={outputSchema} label={t('schema.output')} openLevels={3} />
        </Schema>
      )}
      {annotations === undefined || Object.keys(annotations).length === 0 ? null : (
        <Schema title={t('schema.annotations')}>
          <JsonView value={annotations} label={t('schema.annotations')} />
        </Schema>
      )}
    </div>
  );
}

function Schema({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <details className="operation-schema">
      <summary className="sm muted">{title}</summary>
      {children}
    </details>
  );
}
