import { useTranslation } from 'react-i18next';
import type { DefinitionDifference, OperationChange, ToolChangeDetail } from '../../../shared/model/tool.ts';

const KINDS = ['added', 'removed', 'changed'] as const;
const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

/** What was accepted and what the tool says now, operation by operation. They are a stranger's words: shown as text, whole. */
export function DefinitionChanges({ change }: { readonly change: ToolChangeDetail }) {
  const { t } = useTranslation('tools');
  const kinds = KINDS.filter((kind) => change[kind].length > 0);
  return (
    <div className="definition-changes mt-2">
      {kinds.map((kind) => (
        <div key={kind} className="sm">
          <p className="kind">{t(`change.${kind}`, { count: change[kind].length })}</p>
          <ul>
            {change.operations
              .filter((operation) => operation.kind === kind)
              .map((operation) => (
                <Operation key={operation.name} operation={operation} />
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Operation({ operation: { name, kind, differences } }: { readonly operation: OperationChange }) {
  return (
    <li>
      <span className="mono break-words">
        <span aria-hidden="true">{SIGNS[kind]} </span>
        {name}
      </span>
      {differences.length === 0 ? null : (
        <ul>
          {differences.map((difference) => (
            <Difference key={difference.place} difference={difference} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Difference({ difference: { place, accepted, current } }: { readonly difference: DefinitionDifference }) {
  const { t } = useTranslation('tools');
  return (
    <li>
      <span className="muted mono break-words">{place}</span>
      <dl className="kv">
        {accepted === null ? null : <Words label={t('change.before')} text={accepted} />}
        {current === null ? null : <Words label={t('change.after')} text={current} />}
      </dl>
    </li>
  );
}

function Words({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="contents">
      <dt>{label}</dt>
      <dd className="whitespace-pre-wrap break-words">{text}</dd>
    </div>
  );
}
