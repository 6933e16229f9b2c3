/** A key beside what it does; not read out, the shortcut list and `aria-keyshortcuts` say it. */
export const KeyHint = ({ keys }: { readonly keys: string }) => (
  <span aria-hidden="true" className="contents">
    <kbd>{keys}</kbd>
  </span>
);
