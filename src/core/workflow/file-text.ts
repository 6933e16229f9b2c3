import { Buffer } from 'node:buffer';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { READER_LIMITS } from './limits.ts';

/** A workflow file as lines, or why it cannot be read as text at all. */
export type FileText =
  | { readonly lines: readonly string[]; readonly problem?: undefined }
  | { readonly lines?: undefined; readonly problem: Omit<Diagnostic, 'file'> };

const LINE_END = /\r\n|\n|\r/;

function refuse(code: string, message: string, line: number, fix: string): FileText {
  return { problem: { severity: 'error', code, message, line, column: 1, fix } };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(LINE_END).length;
}

/** Checks size and characters of a file's text and splits it into lines (LF or CRLF, without BOM). */
export function readFileText(text: string): FileText {
  const limit = READER_LIMITS.fileBytes;
  if (text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit)) {
    return refuse(
      'workflow.too_large',
      'The workflow file is larger than 1 MiB',
      1,
      'Move data and long texts into other files.',
    );
  }
  const zero = text.indexOf('\0');
  if (zero !== -1) {
    return refuse(
      'workflow.not_text',
      'The file is not a text file',
      lineOf(text, zero),
      'Save the workflow as UTF-8 text.',
    );
  }
  const strange = text.indexOf('\ufffd');
  if (strange !== -1) {
    const message = 'The file is not UTF-8 text: it holds a character that cannot be read';
    return refuse('workflow.not_utf8', message, lineOf(text, strange), 'Save the file as UTF-8.');
  }
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lines = body.split(LINE_END);
  if (lines.length <= READER_LIMITS.lines) return { lines };
  return refuse(
    'workflow.too_large',
    'The workflow file has more than 100,000 lines',
    1,
    'Move data and long texts into other files.',
  );
}
