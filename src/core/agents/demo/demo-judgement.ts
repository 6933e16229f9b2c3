import { isJsonMap, type Json } from '../../../shared/json.ts';
import { type Fact, isList, plainName, textOf } from './demo-facts.ts';

/** How bad the data of a step looks, by its own words. */
export type Mood = 'bad' | 'mixed' | 'good';

const BAD_LEVELS = new Set([
  'critical',
  'blocker',
  'high',
  'error',
  'severe',
  'urgent',
  'major',
  'fatal',
  'p0',
  'p1',
  'sev1',
]);
const LEVEL_KEYS = new Set(['severity', 'level', 'priority', 'impact', 'risk', 'urgency']);
const FINDING_KEYS = new Set([
  'findings',
  'issues',
  'problems',
  'violations',
  'errors',
  'warnings',
  'alerts',
  'anomalies',
  'failures',
]);

/** Words of an answer by what they say about the data. */
const MOOD_WORDS: Readonly<Record<Mood, readonly string[]>> = {
  bad: [
    'request_changes',
    'changes',
    'reject',
    'rejected',
    'fail',
    'failed',
    'block',
    'blocked',
    'no',
    'negative',
    'critical',
    'high',
    'severe',
    'unhealthy',
    'unsafe',
    'urgent',
    'bad',
    'deny',
    'escalate',
    'red',
    'error',
    'page',
  ],
  mixed: [
    'comment',
    'neutral',
    'medium',
    'moderate',
    'warning',
    'warn',
    'review',
    'maybe',
    'needs_review',
    'partial',
    'mixed',
    'yellow',
    'normal',
    'minor',
  ],
  good: [
    'approve',
    'approved',
    'accept',
    'accepted',
    'pass',
    'passed',
    'ok',
    'yes',
    'positive',
    'low',
    'none',
    'healthy',
    'safe',
    'good',
    'green',
    'success',
    'ready',
    'info',
  ],
};

/** Words by which the kind of a text is told, beside the name of the kind itself. */
const KIND_WORDS: Readonly<Record<string, readonly string[]>> = {
  billing: ['invoice', 'payment', 'refund', 'charge', 'charged', 'price', 'bill', 'subscription'],
  invoice: ['payment', 'amount due', 'billing', 'bill'],
  support: ['help', 'problem', 'broken', 'cannot', "can't", 'error', 'not working', 'crash', 'login', 'password'],
  technical: ['error', 'crash', 'bug', 'exception', 'broken', 'not working', 'server', 'api'],
  bug: ['error', 'crash', 'exception', 'broken', 'fails', 'regression', 'wrong'],
  feature: ['would like', 'please add', 'support for', 'request', 'new'],
  sales: ['quote', 'pricing', 'purchase', 'buy', 'offer', 'demo', 'licence', 'license', 'order'],
  spam: ['unsubscribe', 'lottery', 'winner', 'click here', 'free money', 'prize', 'casino'],
  complaint: ['disappointed', 'unacceptable', 'angry', 'terrible', 'refund', 'worst'],
  security: ['vulnerability', 'password', 'secret', 'token', 'injection', 'cve', 'leak', 'phishing'],
  performance: ['slow', 'latency', 'timeout', 'memory', 'cpu'],
  urgent: ['asap', 'urgent', 'immediately', 'outage', 'down', 'emergency', 'critical', 'production'],
  documentation: ['readme', 'docs', 'typo', 'comment'],
  test: ['tests', 'coverage', 'assert'],
  hr: ['vacation', 'leave', 'salary', 'hiring', 'candidate'],
  meeting: ['calendar', 'invite', 'schedule', 'agenda', 'call'],
};

/** The mood of the data: what its severities say, else whether its lists of findings are empty, else its words. */
export function moodOf(facts: readonly Fact[]): Mood {
  const levels = facts.flatMap((fact) => levelsIn(fact, 0));
  const findings = facts.filter((fact) => FINDING_KEYS.has(fact.key) && isList(fact.value));
  if (levels.some((level) => BAD_LEVELS.has(level))) return 'bad';
  if (levels.length > 0) return 'mixed';
  if (findings.length > 0)
    return findings.every((fact) => isList(fact.value) && fact.value.length === 0) ? 'good' : 'mixed';
  const text = textOf(facts);
  const bad = countWords(text, ['error', 'fail', 'failed', 'critical', 'outage', 'broken', 'urgent', 'angry']);
  const good = countWords(text, ['ok', 'passed', 'success', 'healthy', 'thanks', 'great', 'good', 'fine']);
  return bad > good ? 'bad' : good > bad ? 'good' : 'mixed';
}

function levelsIn(fact: Fact, depth: number): readonly string[] {
  if (LEVEL_KEYS.has(fact.key) && typeof fact.value === 'string') return [fact.value.toLowerCase()];
  if (!isList(fact.value) || depth > 4) return [];
  return fact.value.flatMap((item) =>
    isJsonMap(item)
      ? Object.entries(item).flatMap(([key, value]) => levelsIn({ key: plainName(key), value, depth: 0 }, depth + 1))
      : [],
  );
}

/**
 * The value of a closed list that fits the data best: by its own word and words of its kind in the text, and by what it says about
 * the mood. Of equals the first.
 */
export function chooseValue(
  values: readonly Json[],
  facts: readonly Fact[],
  categoryWords: ReadonlyMap<string, string>,
): Json {
  const text = textOf(facts.filter((fact) => !CHOICE_KEYS.has(fact.key)));
  const mood = moodOf(facts);
  const isAboutMood = values.filter((value) => moodWord(value) !== null).length >= 2;
  let best: { readonly value: Json; readonly score: number } | null = null;
  for (const value of values) {
    const score = isAboutMood
      ? moodScore(value, mood)
      : kindScore(String(value), text, categoryWords.get(String(value)) ?? '');
    if (best === null || score > best.score) best = { value, score };
  }
  return best?.value ?? null;
}

/** Inputs that list the choices themselves: their words say nothing about the data. */
const CHOICE_KEYS = new Set([
  'categories',
  'task',
  'instructions',
  'guidelines',
  'requirements',
  'focusareas',
  'analysisrequirements',
]);

const MOODS: readonly Mood[] = ['bad', 'mixed', 'good'];

function moodWord(value: Json): Mood | null {
  const word = String(value).toLowerCase();
  return MOODS.find((mood) => MOOD_WORDS[mood].includes(word)) ?? null;
}

/** Nearer moods score higher; of a scale such as low, medium, high, critical the first of a mood is taken. */
function moodScore(value: Json, mood: Mood): number {
  const own = moodWord(value);
  return own === null ? -3 : -Math.abs(MOODS.indexOf(own) - MOODS.indexOf(mood));
}

function kindScore(value: string, text: string, description: string): number {
  const words = value
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1);
  const described = description
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 3);
  const kind = words.flatMap((word) => KIND_WORDS[word] ?? KIND_WORDS[word.replace(/s$/, '')] ?? []);
  return countWords(text, words) * 3 + countWords(text, kind) * 2 + countWords(text, described);
}

function countWords(text: string, words: readonly string[]): number {
  let count = 0;
  for (const word of new Set(words)) {
    let times = 0;
    for (let at = text.indexOf(word); at !== -1 && times < 5; at = text.indexOf(word, at + word.length)) {
      const before = text[at - 1] ?? ' ';
      if (!/[\p{L}\p{N}]/u.test(before)) times += 1;
    }
    count += times;
  }
  return count;
}
