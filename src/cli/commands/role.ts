import type { EffectiveRole } from '../../shared/model/access.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { userJson, userText } from './user-acting.ts';

interface RoleFlags {
  readonly description?: string;
  readonly permission?: readonly string[];
  readonly removePermission?: readonly string[];
  readonly inherits?: readonly string[];
}

/** `role list|show|create|edit|delete|assign|revoke`. */
export function addRole(kit: CommandKit): void {
  const group = addGroup(kit, 'role', 'What may be done, as roles that users have');
  const permission = repeated('--permission <permission>', 'what it grants; may be repeated');
  const inherits = repeated('--inherits <role>', 'a role of which it has everything; may be repeated');
  group.command('list').description('List the roles').action(kit.run(listRoles));
  group.command('show').description('Show what a role grants').argument('<role>').action(kit.run(showRole));
  group
    .command('create')
    .description('Make a role of your own')
    .argument('<role>', 'name, unique whatever the case of its letters')
    .option('--description <text>', 'what it is for')
    .addOption(permission)
    .addOption(inherits)
    .action(kit.run(createRole));
  group
    .command('edit')
    .description('Change a role of your own')
    .argument('<role>')
    .option('--description <text>', 'what it is for')
    .addOption(permission)
    .addOption(repeated('--remove-permission <permission>', 'what it grants no more; may be repeated'))
    .addOption(inherits)
    .action(kit.run(editRole));
  group
    .command('delete')
    .description('Remove a role of your own that nobody has')
    .argument('<role>')
    .action(kit.run(deleteRole));
  for (const act of ['assign', 'revoke'] as const)
    group
      .command(act)
      .description(act === 'assign' ? 'Give a user a role' : 'Take a role away from a user')
      .argument('<role>')
      .argument('<user>')
      .action(kit.run((context: CliContext, role: string, username: string) => give(context, act, { role, username })));
}

const roleJson = (role: EffectiveRole): Readonly<Record<string, unknown>> => ({
  name: role.name,
  description: role.description,
  permissions: role.permissions.toSorted(),
  inherits: role.inherits.toSorted(),
  effective: role.effective.toSorted(),
  predefined: role.isPredefined,
});

const roleText = (role: EffectiveRole): string =>
  [
    `${oneLine(role.name)}${role.isPredefined ? '  (of every project)' : ''}`,
    ...(role.description === '' ? [] : [oneLine(role.description)]),
    ...(role.inherits.length === 0 ? [] : [`Inherits: ${role.inherits.map(oneLine).join(', ')}`]),
    `Grants:   ${role.effective.join(', ') || 'nothing'}`,
  ].join('\n');

async function listRoles(context: CliContext): Promise<ExitCode> {
  const { roles } = await withClient(context, (client) => client.call('roles.list', {}));
  print(context, { roles: roles.map(roleJson), count: roles.length }, () =>
    table(
      ['ROLE', 'INHERITS', 'DESCRIPTION'],
      roles.map((role) => [oneLine(role.name), role.inherits.map(oneLine).join(', '), oneLine(role.description)]),
      { width: context.terminal.outWidth, giving: [{ column: 2, least: 20 }] },
    ),
  );
  return EXIT.ok;
}

async function printRole(context: CliContext, act: (client: OpenClient) => Promise<EffectiveRole>): Promise<ExitCode> {
  const role = await withClient(context, act);
  print(context, roleJson(role), () => roleText(role));
  return EXIT.ok;
}

const showRole = (context: CliContext, name: string): Promise<ExitCode> =>
  printRole(context, async (client) => {
    const { roles } = await client.call('roles.list', {});
    const role = roles.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (role === undefined) throw usageError(`There is no role '${name}'`, "See 'aiworkflow role list'.");
    return role;
  });

const createRole = (context: CliContext, name: string, flags: RoleFlags): Promise<ExitCode> =>
  printRole(context, (client) =>
    client.call('roles.create', {
      name,
      description: flags.description ?? '',
      permissions: [...(flags.permission ?? [])],
      inherits: [...(flags.inherits ?? [])],
    }),
  );

const editRole = (context: CliContext, name: string, flags: RoleFlags): Promise<ExitCode> =>
  printRole(context, (client) =>
    client.call('roles.edit', {
      name,
      add: [...(flags.permission ?? [])],
      remove: [...(flags.removePermission ?? [])],
      ...(flags.description === undefined ? {} : { description: flags.description }),
      ...(flags.inherits === undefined ? {} : { inherits: [...flags.inherits] }),
    }),
  );

async function deleteRole(context: CliContext, name: string): Promise<ExitCode> {
  await withClient(context, (client) => client.call('roles.delete', { name }));
  print(context, { deleted: name }, () => `Removed the role ${oneLine(name)}.`);
  return EXIT.ok;
}

async function give(
  context: CliContext,
  act: 'assign' | 'revoke',
  input: { readonly role: string; readonly username: string },
): Promise<ExitCode> {
  const user = await withClient(context, (client) => client.call(`roles.${act}`, input));
  print(context, userJson(user), () => userText(user));
  return EXIT.ok;
}
