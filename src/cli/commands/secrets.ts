import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import {
  changeSecretKey,
  editSecret,
  listSecrets,
  lockSecrets,
  removeSecret,
  rotateSecret,
  setSecret,
  testSecret,
  unlockSecrets,
} from './secrets-acting.ts';

const NAME = ['<name>', 'name of the secret, such as GITHUB_TOKEN'] as const;
const ALLOW = [
  '--allow <who>',
  'who may use it: a workflow id, tool:NAME, agent:NAME, channel:NAME or *; may be repeated',
] as const;
const EXPIRES = ['--expires <date>', 'the day on which it ends, such as 2027-01-31, or never'] as const;

/** `secrets set|list|remove|rotate|edit|test|unlock|lock|change-key`. */
export function addSecrets(kit: CommandKit): void {
  const group = addGroup(kit, 'secrets', 'Secrets that steps, tools and agents are given; a value is never shown');
  group
    .command('set')
    .description('Store a secret or replace its value, typed or from stdin')
    .argument(...NAME)
    .option('--description <text>', 'what it is for')
    .addOption(repeated('--tag <tag>', 'a tag; may be repeated'))
    .addOption(repeated(...ALLOW))
    .option(...EXPIRES)
    .action(kit.run(setSecret));
  group
    .command('list')
    .description('List the secrets: names, who may use them and who does, never a value')
    .action(kit.run(listSecrets));
  group
    .command('remove')
    .description('Remove a secret')
    .argument(...NAME)
    .action(kit.run(removeSecret));
  group
    .command('rotate')
    .description('Replace the value of a secret that is there, typed or from stdin')
    .argument(...NAME)
    .option(...EXPIRES)
    .action(kit.run(rotateSecret));
  group
    .command('edit')
    .description('Change what is said about a secret, and who may use it')
    .argument(...NAME)
    .option('--description <text>', 'what it is for')
    .addOption(repeated('--tag <tag>', 'a tag; may be repeated'))
    .addOption(repeated(...ALLOW))
    .addOption(repeated('--deny <who>', 'who may use it no more; may be repeated'))
    .option(...EXPIRES)
    .action(kit.run(editSecret));
  group
    .command('test')
    .description('Open a secret as a call would, without showing it')
    .argument(...NAME)
    .action(kit.run(testSecret));
  group
    .command('unlock')
    .description('Say the passphrase of the vault, typed or from stdin; the first time choose it')
    .action(kit.run(unlockSecrets));
  group.command('lock').description('Forget the key in the app that has the project open').action(kit.run(lockSecrets));
  group
    .command('change-key')
    .description('Seal all secrets with a new key, kept as the settings say now')
    .action(kit.run(changeSecretKey));
}
