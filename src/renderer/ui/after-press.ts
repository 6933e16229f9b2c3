/** Whether a button of the pointer is held. */
let isPressed = false;
const note = (is: boolean) => (): void => {
  isPressed = is;
};

if (typeof window !== 'undefined') {
  window.addEventListener('pointerdown', note(true), true);
  for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, note(false), true);
}

/**
 * Does what a field that is left says. Whoever leaves it by pressing a button gets that button first: a sentence that comes between press and
 * release would move it from under the pointer, and the press would be lost.
 */
export function afterPress(work: () => void): void {
  if (!isPressed) return work();
  const once = new AbortController();
  const then = (): void => {
    once.abort();
    window.setTimeout(work);
  };
  for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, then, { signal: once.signal });
}
