import { describe, expect, it } from 'vitest';
import { errors, frontmatter, problems, read } from './reading.test-support.ts';

const triggers = (yaml: string) => read(frontmatter(`triggers:\n${yaml}`)).workflow.triggers;

describe('triggers (SPEC §1.7)', () => {
  it('reads the list form', () => {
    const text = frontmatter(
      [
        'triggers:',
        '  - {type: schedule, cron: "0 9 * * MON-FRI", timezone: Europe/Berlin, catch_up: last, overlap: queue, jitter: 30s, starts_at: 2026-01-01T00:00:00Z, ends_at: 2026-12-31, inputs: {n: 1}}',
        '  - {type: webhook, path: /gh, events: [pull_request.opened], methods: [post], secret: GH_SECRET, scheme: github, inputs: {pr: "{{ trigger.payload.number }}"}}',
        '  - {type: file, path: in, patterns: ["*.md"], ignore: [x], recursive: false, events: [created], debounce_seconds: 0.5}',
        '  - {type: event, name: run.failed, match: "payload.id == 1", enabled: false}',
        '  - {}',
        '  - manual',
      ].join('\n'),
    );
    const { workflow, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(workflow.triggers.map((trigger) => [trigger.type, trigger.enabled])).toEqual([
      ['schedule', true],
      ['webhook', true],
      ['file', true],
      ['event', false],
      ['manual', true],
      ['manual', true],
    ]);
    expect(workflow.triggers[2]?.config).toEqual({
      path: 'in',
      patterns: ['*.md'],
      ignore: ['x'],
      recursive: false,
      events: ['created'],
      debounce_seconds: 0.5,
    });
  });

  it('reads the map form', () => {
    expect(
      triggers('  manual:\n  schedule: {schedule: "@daily"}\n  file: [{path: a}, {path: b}]\n  event: false'),
    ).toEqual([
      { type: 'manual', enabled: true, config: {} },
      { type: 'schedule', enabled: true, config: { schedule: '@daily' } },
      { type: 'file', enabled: true, config: { path: 'a' } },
      { type: 'file', enabled: true, config: { path: 'b' } },
      { type: 'event', enabled: false, config: {} },
    ]);
  });

  it('none is an empty list', () => {
    expect(read(frontmatter('triggers: []')).workflow.triggers).toEqual([]);
    expect(read(frontmatter('triggers:')).workflow.triggers).toEqual([]);
  });

  it.each([
    ['- {type: scedule}', "3 Unknown trigger type 'scedule'"],
    ['- {type: schedule}', "3 A schedule trigger needs 'schedule'"],
    ['- {type: schedule, schedule: "61 * * * *"}', '3 61 is out of range in the minute field (0-59)'],
    ['- {type: schedule, schedule: "@daily", timezone: Mars/Base}', "3 Unknown time zone 'Mars/Base'"],
    ['- {type: schedule, schedule: "@daily", timezone: "+02:00"}', "3 Unknown time zone '+02:00'"],
    [
      '- {type: schedule, schedule: "@daily", catch_up: never}',
      "3 'catch_up' must be none, last, all or ask, not 'never'",
    ],
    [
      '- {type: schedule, schedule: "@daily", overlap: x}',
      "3 'overlap' must be skip, queue, queue_all, allow or cancel_previous, not 'x'",
    ],
    ['- {type: schedule, schedule: "@daily", ends_at: later}', "3 'ends_at' is not an instant: 'later'"],
    // What only the machine's own zone would make an instant of is none.
    ['- {type: schedule, schedule: "@daily", ends_at: "Jan 31 2026"}', "3 'ends_at' is not an instant: 'Jan 31 2026'"],
    ['- {type: schedule, schedule: "@daily", starts_at: 2026-02-30}', "3 'starts_at' is not an instant: '2026-02-30'"],
    [
      '- {type: schedule, schedule: "@daily", starts_at: 2026-03-01, ends_at: 2026-02-01}',
      "3 'ends_at' is not after 'starts_at': nothing is ever due between them",
    ],
    [
      '- {type: schedule, schedule: "@daily", timezone: America/New_York, starts_at: "2026-01-31T09:00", ends_at: 2026-01-31T14:00:00Z}',
      "3 'ends_at' is not after 'starts_at': nothing is ever due between them",
    ],
    ['- {type: schedule, schedule: "0 0 30 2 *"}', '3 The schedule never fires: no month has that day'],
    ['- {type: schedule, schedule: "@every 500ms"}', '3 The time between two starts must be at least one second'],
    ['- {type: schedule, schedule: "@at soon"}', "3 'soon' is not a date and time"],
    ['- {type: webhook}', "3 A webhook trigger needs 'path'"],
    [
      '- {type: webhook, path: /x, scheme: gitlab}',
      "3 'scheme' must be github, generic, standard or slack, not 'gitlab'",
    ],
    ['- {type: webhook, path: /x, methods: [PSOT]}', "3 'PSOT' is not valid in 'methods'"],
    ['- {type: file, events: [deletd]}', "3 'deletd' is not valid in 'events'"],
    ['- {type: file, debounce_seconds: -1}', "3 'debounce_seconds' must be a number from 0 to 86,400, it is -1"],
    ['- {type: event}', "3 An event trigger needs 'name'"],
    ['- {type: event, name: x, match: "a >"}', undefined],
    ['- {type: webhook, path: /x, inputs: {a: "{{ nothing }}"}}', '3 This text references undefined variable: nothing'],
    ['- [x]', '3 A trigger must be a map, it is a list'],
  ])('%s: %s', (yaml, message) => {
    const found = errors(frontmatter(`triggers:\n  ${yaml}`));
    expect(found).toEqual(message === undefined ? [expect.anything()] : [message]);
  });

  it('warns of unknown keys and of secrets written out', () => {
    expect(problems(frontmatter('triggers: [{type: file, patern: x}]'))).toEqual([
      "2 warning Unknown key 'patern' -> Did you mean 'patterns'?",
    ]);
    expect(problems(frontmatter('triggers: [{type: webhook, path: /x, secret: hunter2}]'))[0]).toContain('2 warning');
    expect(errors(frontmatter('triggers: soon'))).toEqual(["2 'triggers' must be a list, it is a text"]);
  });
});
