import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import {
  addUserNamed,
  disableUser,
  editUser,
  keepTokens,
  listUsers,
  removeUser,
  setUserPassword,
} from './user-acting.ts';

const NAME = ['<name>', 'name of the user'] as const;

/** `user list|add|edit|disable|remove|passwd|token`. */
export function addUser(kit: CommandKit): void {
  const group = addGroup(kit, 'user', 'Who may act in this project');
  group.command('list').description('List the users with their roles').action(kit.run(listUsers));
  group
    .command('add')
    .description('Add a user')
    .argument('<name>', 'name, unique whatever the case of its letters')
    .option('--email <address>', 'where the user is written to')
    .addOption(repeated('--role <role>', 'a role; may be repeated'))
    .action(kit.run(addUserNamed));
  group
    .command('edit')
    .description('Change a user')
    .argument(...NAME)
    .option('--email <address>', 'where the user is written to')
    .option('--enable', 'switch a disabled user on again')
    .action(kit.run(editUser));
  group
    .command('disable')
    .description('Switch a user off: nothing is allowed any more and all sessions end')
    .argument(...NAME)
    .action(kit.run(disableUser));
  group
    .command('remove')
    .description('Remove a user with all sessions and tokens')
    .argument(...NAME)
    .action(kit.run(removeUser));
  group
    .command('passwd')
    .description('Set the password of a user, typed or from stdin')
    .argument(...NAME)
    .action(kit.run(setUserPassword));
  group
    .command('token')
    .description('Make, list or revoke the tokens with which programs act as a user')
    .argument(...NAME)
    .addOption(repeated('--permission <permission>', 'what the new token carries; may be repeated'))
    .option('--name <name>', 'what the new token is for', 'token')
    .option('--list', 'list the tokens of the user')
    .option('--revoke <id>', 'revoke the token with this id')
    .action(kit.run(keepTokens));
}
