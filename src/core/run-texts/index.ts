export { LOG_STYLES, type LogFormat, type LogStyle, logNameOf } from './execution-log.ts';
export { EventEntries, entryOfLine, type LogEntry } from './log-entries.ts';
export { reportHtml } from './report-html.ts';
export { reportMarkdown } from './report-markdown.ts';
