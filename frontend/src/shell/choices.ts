// Long closed lists and names that the browser knows.
export function currencyChoices(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(undefined, { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((code) => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }));
}

/** `current` may be an alias that the browser lists under its newer name. */
export function timeZoneChoices(current: string): string[] {
  return [...new Set(['UTC', ...(current === '' ? [] : [current]), ...Intl.supportedValuesOf('timeZone')])];
}

/** "CA" is Canada; what is no country's code has no name. */
export function countryName(code: string | undefined): string {
  if (code === undefined || !/^[A-Z]{2}$/.test(code)) return '';
  return new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' }).of(code) ?? '';
}
