import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../shared/ansi.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { Button } from './button.tsx';
import { JsonView } from './json-view.tsx';
import { showError, showToast } from './toasts.tsx';

/** Texts of one of these names are what a program or a service said, however short they are. */
const SAID = new Set(['stderr', 'stdout', 'body']);

const isSaid = ([name, value]: readonly [string, Json]): boolean =>
  typeof value === 'string' && value !== '' && (SAID.has(name) || value.includes('\n'));

/** What stands behind the sentence of an error: the code, what a program or a service said in its own lines, and the other values. */
export function ErrorDetails({ error }: { readonly error: ErrorRecord }) {
  const { t } = useTranslation();
  const entries = Object.entries((error.details ?? {}) as Readonly<Record<string, Json>>);
  const values = Object.fromEntries(entries.filter((entry) => !isSaid(entry)));
  return (
    <details className="error-details sm mt-2">
      <summary className="muted">{t('everywhere:details')}</summary>
      <code>{error.code}</code>
      {entries.filter(isSaid).map(([name, value]) => (
        <SaidLines key={name} name={name} text={plainText(String(value))} />
      ))}
      {Object.keys(values).length === 0 ? null : (
        <JsonView value={values} label={t('everywhere:details')} openLevels={1} />
      )}
    </details>
  );
}

/** Lines as they were written, never markup. */
function SaidLines({ name, text }: { readonly name: string; readonly text: string }) {
  const { t } = useTranslation();
  const label = t(`everywhere:said.${name}`, name);
  const copy = (): Promise<void> =>
    navigator.clipboard.writeText(text).then(() => void showToast(t('everywhere:said.copied')), showError);
  return (
    <figure className="said" aria-label={label}>
      <figcaption>
        <span className="grow">{label}</span>
        <Button
          variant="ghost"
          icon={Copy}
          label={t('everywhere:said.copy', { name: label })}
          onClick={() => void copy()}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
