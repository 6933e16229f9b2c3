import { existsSync } from 'node:fs';

/** prctl by architecture: Node cannot call it, and a native addon is not worth one call. */
const PRCTL: Readonly<Record<string, number>> = {
  x64: 157,
  ia32: 172,
  arm: 172,
  arm64: 167,
  riscv64: 167,
  loong64: 167,
  ppc64: 171,
  s390x: 172,
};
const PLACES = ['/usr/bin/perl', '/bin/perl', '/usr/local/bin/perl'];

/**
 * PR_SET_CHILD_SUBREAPER, then the helper as a child: orphans of steps are given to this process instead of to init, so the helper
 * still finds them, and it reaps them, which Node would not do. It ends with the helper.
 */
const SCRIPT = `
my $prctl = shift @ARGV;
syscall($prctl, 36, 1, 0, 0, 0);
my $helper = fork;
exec { $ARGV[0] } @ARGV unless $helper;
$SIG{$_} = 'IGNORE' for qw(HUP INT TERM);
close STDIN;
if (open my $events, '>&=', 3) { close $events }
while ((my $ended = wait) != -1) { last if $ended == $helper }
`;

/**
 * How the helper is started: through a keeper that takes in orphans where the system has what that needs (Linux with perl), else by
 * itself. A helper that is kept hears it as its last argument.
 */
export function keptCommand(
  command: string,
  args: readonly string[],
): {
  readonly command: string;
  readonly args: readonly string[];
} {
  const prctl = process.platform === 'linux' ? PRCTL[process.arch] : undefined;
  const perl = PLACES.find((place) => existsSync(place));
  if (prctl === undefined || perl === undefined) return { command, args };
  return { command: perl, args: ['-e', SCRIPT, String(prctl), command, ...args, 'kept'] };
}
