import { Search } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { TextInput } from './field.tsx';
import { Icon } from './icon.tsx';
import { useSearchKey } from './keyboard.ts';
import { ToldTexts } from './told-texts.ts';

/** Browsers drop changes of the address that follow each other too quickly. */
const TYPING_MS = 200;
const LONGEST = 200;

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly title?: string;
  readonly className: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly after?: ReactNode;
}

/** Search of a list whose filter lives in the address: told after a pause in typing; another way into the address comes back here. */
export function SearchField({ label, text, onText, ...look }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  useSearchKey(field);
  const latest = useRef({ onText, typed });
  latest.current = { onText, typed };
  const [told] = useState(() => new ToldTexts());
  useEffect(() => {
    if (!told.takesBack(text, latest.current.typed)) setTyped(text);
  }, [told, text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = window.setTimeout(() => {
      told.tell(typed);
      latest.current.onText(typed);
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [told, typed, text]);
  return (
    <TextInput
      {...look}
      type="search"
      ref={field}
      aria-label={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value.slice(0, LONGEST))}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || typed === '') return;
        setTyped('');
        event.stopPropagation();
      }}
      before={<Icon of={Search} />}
    />
  );
}
