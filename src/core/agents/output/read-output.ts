import type { Json } from '../../../shared/json.ts';
import type { AgentReply } from '../../agent-port/index.ts';
import type { OutputShape } from './output-shape.ts';
import { findJson, parseFreeReply } from './parse-reply.ts';
import { validateValue } from './validate-value.ts';

/** What a reply came to: the step's output, or what is wrong with it. */
export type ReadOutput =
  | { readonly isValid: true; readonly output: Json }
  | { readonly isValid: false; readonly errors: readonly string[] };

/** SPEC §4.2. Without a schema every reply is an output. */
export async function readOutput(reply: AgentReply, shape: OutputShape): Promise<ReadOutput> {
  if (shape.schema === null) return { isValid: true, output: reply.structured ?? parseFreeReply(reply.text) };
  const found = reply.structured ?? findJson(reply.text)?.value;
  if (found === undefined) return { isValid: false, errors: ['the answer holds no JSON value'] };
  const value = shape.accept(found);
  const errors = await validateValue(shape.schema, value);
  return errors.length === 0 ? { isValid: true, output: shape.finish(value) } : { isValid: false, errors };
}
