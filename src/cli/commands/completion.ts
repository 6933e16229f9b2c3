import { Argument, type Command } from 'commander';
import type { CommandKit } from '../command-kit.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../print.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `completion`: what a shell is to load so that it knows the commands and options of this program (SPEC §13). */
export function addCompletion(kit: CommandKit): void {
  kit.program
    .command('completion')
    .description('Print what completes commands and options in a shell')
    .addArgument(new Argument('[shell]', 'the shell that loads it').choices(SHELLS).default('bash'))
    .addHelpText(
      'after',
      '\nIn bash: eval "$(aiworkflow completion bash)"; in fish: aiworkflow completion fish | source',
    )
    .action(
      kit.run(async (context, shell: Shell) => {
        const script = SCRIPTS[shell](linesOf(kit.program));
        print(context, { shell, script }, () => script);
        return EXIT.ok;
      }),
    );
}

/** What may stand behind the words of one command. */
interface Line {
  /** The words that lead there, without the program's own. */
  readonly path: string;
  readonly words: readonly string[];
}

function linesOf(program: Command): readonly Line[] {
  const globals = optionsOf(program);
  const walk = (command: Command, path: readonly string[]): readonly Line[] => {
    const under = command.commands.filter((one) => one.name() !== 'help');
    const words = [...under.map((one) => one.name()), ...(command === program ? [] : optionsOf(command)), ...globals];
    return [{ path: path.join(' '), words }, ...under.flatMap((one) => walk(one, [...path, one.name()]))];
  };
  return walk(program, []);
}

const optionsOf = (command: Command): readonly string[] => [
  ...command.options.flatMap(({ long }) => long ?? []),
  '--help',
];

/** Words of commands and options are letters and dashes: nothing of them means anything to a shell. */
const cases = (lines: readonly Line[]): string =>
  lines.map(({ path, words }) => `    "${path}") echo "${[...new Set(words)].join(' ')}" ;;`).join('\n');

/** The longest beginning of the line that is a command says what may follow; in front of it options stand, which are passed over. */
const known = (lines: readonly Line[]): string => `_aiworkflow_words() {
  case "$1" in
${cases(lines)}
    *) return 1 ;;
  esac
}
_aiworkflow_after() {
  local path="" word
  for word in "$@"; do
    case "$word" in -*) continue ;; esac
    _aiworkflow_words "\${path:+$path }$word" >/dev/null && path="\${path:+$path }$word"
  done
  _aiworkflow_words "$path"
}
`;

const SCRIPTS: Readonly<Record<Shell, (lines: readonly Line[]) => string>> = {
  bash: (lines) => `${known(lines)}_aiworkflow() {
  COMPREPLY=($(compgen -W "$(_aiworkflow_after "\${COMP_WORDS[@]:1:COMP_CWORD-1}")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _aiworkflow aiworkflow`,
  zsh: (lines) => `${known(lines)}_aiworkflow() {
  compadd -- \${=$(_aiworkflow_after "\${(@)words[2,CURRENT-1]}")}
  _files
}
compdef _aiworkflow aiworkflow`,
  fish: (lines) => `function __aiworkflow_words
  switch "$argv"
${lines.map(({ path, words }) => `    case '${path}'\n      printf '%s\\n' ${[...new Set(words)].join(' ')}`).join('\n')}
    case '*'
      return 1
  end
end
function __aiworkflow_after
  set -l path
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    __aiworkflow_words $path $word >/dev/null; and set -a path $word
  end
  __aiworkflow_words $path
end
complete -c aiworkflow -a '(__aiworkflow_after)'`,
};
