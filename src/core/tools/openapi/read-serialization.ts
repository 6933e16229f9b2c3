import { type Located, part, textOf } from './spec-documents.ts';
import { type ParameterPlace, type Serialization, STYLES, type Style } from './spec-model.ts';

/** Style and explode of a parameter or of an entry of `encoding`, with the defaults of its place. */
export function readSerialization(of: Located, place: ParameterPlace, contentType: string | null): Serialization {
  const written = textOf(of, 'style');
  const usual: Style = place === 'query' || place === 'cookie' ? 'form' : 'simple';
  const style = STYLES.find((candidate) => candidate === written) ?? usual;
  const explode = part(of, 'explode')?.value;
  return {
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'deepObject',
    allowReserved: part(of, 'allowReserved')?.value === true,
    contentType,
  };
}
