/** Finds the separator: the candidate that stands most often outside quotes in the first line. */
export function detectSeparator(text) {
  const counts = new Map([',', ';', '\t'].map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) break;
    else if (!isQuoted && counts.has(char)) counts.set(char, counts.get(char) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}

/** RFC 4180: quoted fields may hold separators, line breaks and doubled quotes. Gives records with their first line. */
export function parseCsv(text, separator = detectSeparator(text)) {
  const records = [];
  let fields = [];
  let field = '';
  let isQuoted = false;
  let line = 1;
  let startLine = 1;
  const endRecord = () => {
    if (fields.length > 0 || field !== '') records.push({ line: startLine, fields: [...fields, field] });
    fields = [];
    field = '';
  };
  for (let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; index < text.length; index++) {
    const char = text[index];
    if (char === '\n') line++;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else isQuoted = false;
    } else if (char === '"' && field === '') isQuoted = true;
    else if (char === separator) {
      fields.push(field);
      field = '';
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[index + 1] === '\n') {
        index++;
        line++;
      }
      endRecord();
      startLine = line;
    } else field += char;
  }
  if (isQuoted) throw new Error(`A quote that opens in line ${startLine} is never closed`);
  endRecord();
  return records;
}

/** One line of CSV. Fields that a spreadsheet would take for a formula get a leading apostrophe. */
export function toCsvLine(values) {
  const fields = values.map((value) => {
    const text = String(value ?? '');
    const safe = typeof value === 'string' && /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${fields.join(',')}\n`;
}
