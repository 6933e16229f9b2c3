import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import { grouped } from '../../shared/grouped.ts';
import { RUN_STATUSES } from '../../shared/model/run.ts';
import type { FoundPlace, FoundRun, SearchIndexState } from '../../shared/model/run-search.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { plainText } from '../text/plain-text.ts';
import { shownStatus, statusText } from '../text/status-text.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { choiceOption, integerOption, runIdArgument, sinceOption } from '../values/option-values.ts';

interface SearchFlags {
  readonly workflow?: string;
  readonly status?: readonly string[];
  readonly since?: string;
  readonly run?: string;
  readonly limit: string;
  readonly places: string;
}

type Found = Pick<OutputOf<'runs.search'>, 'runs' | 'index'> & { readonly isMore: boolean };

const MAX_PAGE = 100;

/** `logs search TEXT` (SPEC §13). */
export function addLogs(kit: CommandKit): void {
  addGroup(kit, 'logs', 'What runs were given, gave and printed')
    .command('search')
    .description('Find a text in inputs, outputs, logs, errors, tool arguments and comments of all runs, newest first')
    .argument('<text>', 'taken literally, in any case')
    .option('--workflow <id>', 'only runs of this workflow')
    .addOption(repeated('--status <status>', `only runs that are ${RUN_STATUSES.join(', ')}`))
    .option('--since <instant>', 'only runs since an instant, or since so long ago (2h, 7d)')
    .option('--run <run>', 'only this run')
    .option('--limit <count>', 'at most so many runs', '20')
    .option('--places <count>', 'at most so many places of each run', '3')
    .action(kit.run(searchRuns));
}

async function searchRuns(context: CliContext, text: string, flags: SearchFlags): Promise<ExitCode> {
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 10_000 });
  const query: InputOf<'runs.search'> = { text, ...(await filterOf(flags)) };
  const found = await withClient(context, async (client): Promise<Found> => {
    const runs: FoundRun[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: OutputOf<'runs.search'> = await client.call('runs.search', {
        ...query,
        limit: Math.min(MAX_PAGE, limit - runs.length),
        ...(cursor === null ? {} : { cursor }),
      });
      runs.push(...page.runs);
      cursor = page.nextCursor;
      if (cursor === null || runs.length >= limit) return { runs, index: page.index, isMore: cursor !== null };
    }
  });
  print(context, foundJson(found), () => foundText(found, context));
  return EXIT.ok;
}

async function filterOf(flags: SearchFlags): Promise<Partial<InputOf<'runs.search'>>> {
  const words = (flags.status ?? []).flatMap((one) => one.split(',')).filter((one) => one !== '');
  return {
    places: integerOption('--places', flags.places, { min: 1, max: 1000 }),
    ...(flags.workflow === undefined ? {} : { workflow: flags.workflow }),
    ...(words.length === 0 ? {} : { status: words.map((one) => choiceOption('--status', one, RUN_STATUSES)) }),
    ...(flags.since === undefined ? {} : { since: await sinceOption(flags.since, Date.now()) }),
    ...(flags.run === undefined ? {} : { runId: runIdArgument(flags.run) }),
  };
}

const foundJson = ({ runs, index, isMore }: Found): Readonly<Record<string, unknown>> => ({
  runs: runs.map(({ run, places, isMore }) => ({
    run_id: run.runId,
    workflow_id: run.workflowId,
    status: run.status,
    created_at: isoTime(run.createdAt),
    places: places.map(({ field, path, line, at, before, found, after }) => ({
      ...{ field, step: path, line, at: isoTime(at), before, found, after },
    })),
    more: isMore,
  })),
  count: runs.length,
  more: isMore,
  index: { state: index.state, waiting: index.waiting, cut_values: index.cutValues },
});

function foundText({ runs, index, isMore }: Found, { colors: { out: paint } }: CliContext): string {
  const blocks = runs.map(({ run, places, isMore }) => {
    const head = `${run.runId}  ${statusText(shownStatus(run), paint)}  ${paint.dim(localTime(run.createdAt))}`;
    const rest = isMore ? [paint.dim(`  … and more: --run ${run.runId} --places 1000`)] : [];
    return [head, ...places.map((place) => placeText(place, paint.yellow, paint.dim)), ...rest].join('\n');
  });
  const more = isMore ? ['There are older runs that hold it: raise --limit.'] : [];
  const none = runs.length === 0 ? ['No run holds this text.'] : [];
  return [...none, ...blocks, ...more, ...notes(index)].join('\n');
}

function placeText(place: FoundPlace, mark: (text: string) => string, dim: (text: string) => string): string {
  const { field, path, line, before, found, after } = place;
  const where = [field, path ?? '', line === null ? '' : `line ${line}`].filter((one) => one !== '').join(' ');
  const plain = (text: string): string => plainText(text).replace(/\s+/g, ' ');
  return `  ${dim(`${where} |`)} ${plain(before)}${mark(plain(found))}${plain(after)}`;
}

function notes({ state, waiting, cutValues }: SearchIndexState): readonly string[] {
  return [
    ...(state === 'rebuilding'
      ? [
          `The index of the search is being made anew (${grouped(waiting)} runs to go): a search takes longer until then.`,
        ]
      : []),
    ...(cutValues === 0 ? [] : [`Of ${grouped(cutValues)} very large values only the beginning is searched.`]),
  ];
}
