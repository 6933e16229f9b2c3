import type { Setting, SettingSource } from '../../shared/model/setting.ts';
import { callReader, withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { table } from '../text/table.ts';

/** `config get|set` (SPEC §13). */
export function addConfig(kit: CommandKit): void {
  const group = addGroup(kit, 'config', 'Settings of the project, those of aiworkflow.yaml');
  group
    .command('get')
    .description('Show what holds for a setting, or for a group of them, and where that is written')
    .argument('[key]', 'such as logging.level, or a group such as logging (default: all)')
    .action(kit.run(getSettings));
  group
    .command('set')
    .description('Write a setting into aiworkflow.yaml, once it is looked at; everything else there stays as it is')
    .argument('<key>', 'such as logging.level')
    .argument('<value>', 'as it would stand in the file: a text, a number, [a, b]; null = the default again')
    .action(kit.run(setSetting));
}

async function getSettings(context: CliContext, key: string | undefined): Promise<ExitCode> {
  const { settings } = await callReader(context, 'config.get', key === undefined ? {} : { key });
  const [only] = settings;
  if (only !== undefined && only.key === key) {
    print(context, only, () => valueText(only));
    if (!context.globals.json) note(context, `From ${placeText(only.source)}.`);
  } else
    print(context, { settings }, () =>
      table(
        ['SETTING', 'VALUE', 'FROM'],
        settings.map((one) => [one.key, valueText(one), placeText(one.source)]),
      ),
    );
  return EXIT.ok;
}

async function setSetting(context: CliContext, key: string, value: string): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const { countsNow, ...setting } = await client.call('config.set', { key, value });
    print(context, setting, () => `${key} is ${valueText(setting)} now (${placeText(setting.source)}).`);
    if (client.holder !== null && !countsNow)
      note(context, 'What has the project open goes by it once it opens the project again.');
  });
  return EXIT.ok;
}

const valueText = ({ value }: Setting): string => (typeof value === 'string' ? value : JSON.stringify(value));

const placeText = ({ name, line }: SettingSource): string =>
  name === null ? 'the default' : line === null ? name : `${name}:${line}`;
