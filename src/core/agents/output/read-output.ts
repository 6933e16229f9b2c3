import { isDeeperThan, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { AgentReply } from '../../agent-port/index.ts';
import { withBigNumbers } from './big-integers.ts';
import type { OutputShape } from './output-shape.ts';
import { findJson, parseFreeReply } from './parse-reply.ts';
import { validateValue } from './validate-value.ts';

/** What a reply came to: the step's output, or what is wrong with it. */
export type ReadOutput =
  | { readonly isValid: true; readonly output: Json; readonly warnings: readonly StepWarning[] }
  | { readonly isValid: false; readonly errors: readonly string[] };

/** SPEC §4.2. Without a schema every reply is an output. */
export async function readOutput(reply: AgentReply, shape: OutputShape): Promise<ReadOutput> {
  const found = shape.schema === null ? freeValue(reply) : formValue(reply);
  if (found === null) return { isValid: false, errors: ['the answer holds no JSON value'] };
  const value = shape.accept(found.value);
  const errors = shape.schema === null ? [] : await problemsOf(shape.schema, value);
  if (errors.length > 0) return { isValid: false, errors };
  const warnings = found.notices.map((message) => ({ code: 'agent.number_kept', message }));
  return { isValid: true, output: shape.finish(value), warnings };
}

interface Found {
  readonly value: Json;
  readonly notices: readonly string[];
}

function freeValue(reply: AgentReply): Found {
  if (reply.structured !== undefined) return { value: reply.structured, notices: reply.notices ?? [] };
  const { value, notices } = parseFreeReply(reply.text);
  return { value, notices: notices.map(({ message }) => message) };
}

function formValue(reply: AgentReply): Found | null {
  if (reply.structured !== undefined) return { value: reply.structured, notices: reply.notices ?? [] };
  const found = findJson(reply.text);
  return found === null ? null : { value: found.value, notices: found.notices.map(({ message }) => message) };
}

/** An integer whose digits were kept as text is an integer for its schema all the same. */
async function problemsOf(schema: JsonMap, value: Json): Promise<readonly string[]> {
  const errors = await validateValue(schema, value);
  if (errors.length === 0 || isDeeperThan(value, MAX_JSON_DEPTH)) return errors;
  return (await validateValue(schema, withBigNumbers(value))).length === 0 ? [] : errors;
}
