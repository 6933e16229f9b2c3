/** Takes what a person types or chooses; not the inputs that a drawn control keeps behind itself. */
const FIELD = [
  'input:not([type="hidden"], [type="file"])',
  'textarea',
  'select',
  '[role="combobox"]',
  '[role="checkbox"]',
  '[role="switch"]',
  '[role="radio"][aria-checked="true"]',
]
  .map((kind) => `${kind}:not(:disabled, [readonly], [tabindex="-1"], [aria-hidden="true"], [aria-disabled="true"])`)
  .join(', ');

/**
 * Where the keyboard begins in a dialog: its first field, else what its main button does, or what leaves it where that would destroy. A
 * sheet is read first: its own frame has the focus, and arrow keys scroll it. `true` = the first thing that can have it.
 */
export function firstFocusOf(dialog: HTMLElement | null): HTMLElement | true {
  if (dialog === null) return true;
  if (dialog.classList.contains('sheet')) return dialog;
  const field = dialog.querySelector<HTMLElement>(`.body :is(${FIELD})`);
  if (field !== null) return field;
  const main = dialog.querySelector<HTMLElement>('.dialog-foot .btn:is(.primary, .danger-solid):not(:disabled)');
  const leaves = dialog.querySelector<HTMLElement>('.dialog-foot .btn:not(:disabled)');
  return (main?.classList.contains('danger-solid') ? leaves : main) ?? leaves ?? true;
}
