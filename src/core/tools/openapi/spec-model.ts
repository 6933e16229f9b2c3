import type { Located } from './spec-documents.ts';

/** The methods that an operation may have. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;
export type Method = (typeof METHODS)[number];

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';
/** The ways in which a parameter may be written. */
export const STYLES = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const;
export type Style = (typeof STYLES)[number];

/** How a value is written into a URL, a header or a form. */
export interface Serialization {
  readonly style: Style;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  /** Not null: the value is written as text of this media type instead of by style. */
  readonly contentType: string | null;
}

export interface SpecParameter {
  /** The name of the input; differs from `wireName` only where two places use one name. */
  readonly name: string;
  readonly wireName: string;
  readonly place: ParameterPlace;
  readonly isRequired: boolean;
  readonly description: string;
  readonly serialization: Serialization;
  readonly schema: Located;
}

export interface BodyProperty {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Located;
  readonly serialization: Serialization;
}

export interface SpecBody {
  /** The input that gives the whole body. */
  readonly input: string;
  readonly isRequired: boolean;
  readonly mediaType: string;
  readonly schema: Located;
  /** The properties that may be given as inputs of their own; null = only the whole body. */
  readonly properties: readonly BodyProperty[] | null;
}

/** A way to log in that the spec names. */
export type SecurityScheme =
  | { readonly type: 'http' }
  | { readonly type: 'api_key'; readonly place: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly type: 'oauth2'; readonly tokenUrl: string; readonly scopes: readonly string[] };

/** An operation by its name, before its parameters are looked at. */
export interface OperationEntry {
  /** SPEC §5.4 "Operation id"; of several with one name the later ones end in `_2`, `_3` … */
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly operation: Located;
  readonly pathItem: Located;
}

export interface SpecOperation {
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly description: string;
  readonly parameters: readonly SpecParameter[];
  readonly body: SpecBody | null;
  /** `servers[0].url` with the defaults of its variables, as written. */
  readonly server: string | null;
  /** Empty: the operation is open to everybody, or the spec says nothing of logins (`isOpen` tells). */
  readonly schemes: readonly SecurityScheme[];
  /** The spec says that it takes no login. */
  readonly isOpen: boolean;
  readonly output: Located | null;
}
