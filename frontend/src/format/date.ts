// Civil dates are "YYYY-MM-DD" and stay so: they are shown without any time zone. Instants are shown in the reader's zone.

const CIVIL = /^(\d{4})-(\d{2})-(\d{2})$/;

export function formatDate(date: string | undefined, locale?: string): string {
  const match = CIVIL.exec(date ?? '');
  if (!match) return date ?? '';
  const utc = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(utc);
}

/** "Oct 1 – 31, 2026": the formatter leaves out what both ends share. */
export function formatPeriod(first: string | undefined, last: string | undefined, locale?: string): string {
  const start = CIVIL.exec(first ?? '');
  const end = CIVIL.exec(last ?? '');
  if (!start || !end) return [first, last].filter(Boolean).join(' – ');
  const utc = (match: RegExpExecArray) => Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).formatRange(utc(start), utc(end));
}

export function formatInstant(instant: string | undefined, locale?: string): string {
  if (instant === undefined) return '';
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(date);
}

/** Today's civil date in a zone; in the reader's zone where none is given or it is unknown to the browser. */
export function todayIn(timeZone?: string, now: Date = new Date()): string {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const format = (zone?: string) =>
    new Intl.DateTimeFormat('en-CA', zone === undefined ? fields : { ...fields, timeZone: zone }).format(now);
  try {
    return format(timeZone);
  } catch {
    return format();
  }
}
