// Decimals as the API writes them: strings, exact. They are grouped, compared and added as text and integers; binary floating
// point never sees them, and no digit is dropped or invented.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const MINUS = '\u2212';

interface Parts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function partsOf(value: string): Parts | undefined {
  const match = DECIMAL.exec(value);
  if (!match) return undefined;
  const whole = (match[2] ?? '0').replace(/^0+(?=\d)/, '');
  const fraction = match[3] ?? '';
  return { negative: match[1] === '-' && /[1-9]/.test(whole + fraction), whole, fraction };
}

const separators = new Map<string, { decimal: string }>();

function decimalSeparator(locale: string): string {
  let found = separators.get(locale);
  if (!found) {
    const part = new Intl.NumberFormat(locale).formatToParts(1.5).find((item) => item.type === 'decimal');
    found = { decimal: part?.value ?? '.' };
    separators.set(locale, found);
  }
  return found.decimal;
}

/** "-1234567.50" becomes "−1,234,567.50" in English. What is no decimal is shown as it is. */
export function formatDecimal(value: string, locale: string = userLocale()): string {
  const parts = partsOf(value);
  if (!parts) return value;
  const whole = new Intl.NumberFormat(locale, { useGrouping: true }).format(BigInt(parts.whole));
  const fraction = parts.fraction === '' ? '' : decimalSeparator(locale) + parts.fraction;
  return (parts.negative ? MINUS : '') + whole + fraction;
}

/** A fraction as a percentage: "0.09975" becomes "9.975 %". */
export function formatRate(rate: string, locale: string = userLocale()): string {
  const percent = rateToPercent(rate);
  return percent === '' ? '' : `${formatDecimal(percent, locale)} %`;
}

/** "0.13" becomes "13", by moving the point in the text. */
export function rateToPercent(rate: string): string {
  return movePoint(rate, 2);
}

/** "9.975" becomes "0.09975". What is no decimal stays as it is, so that the API can say what is wrong with it. */
export function percentToRate(percent: string): string {
  return movePoint(percent.trim().replace(',', '.'), -2);
}

function movePoint(value: string, places: 2 | -2): string {
  const parts = partsOf(value);
  if (!parts) return value;
  const padded =
    places === 2
      ? { digits: parts.whole + parts.fraction.padEnd(2, '0'), decimals: Math.max(parts.fraction.length - 2, 0) }
      : { digits: parts.whole.padStart(3, '0') + parts.fraction, decimals: parts.fraction.length + 2 };
  const at = padded.digits.length - padded.decimals;
  const whole = padded.digits.slice(0, at).replace(/^0+(?=\d)/, '');
  const fraction = padded.digits.slice(at).replace(/0+$/, '');
  return (parts.negative ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** Whether a decimal is zero: "0", "0.00", "-0". */
export function isZero(value: string): boolean {
  return DECIMAL.test(value) && !/[1-9]/.test(value);
}

export function isNegative(value: string): boolean {
  return partsOf(value)?.negative ?? false;
}

export function negate(value: string): string {
  if (isZero(value) || !DECIMAL.test(value)) return value;
  return value.startsWith('-') ? value.slice(1) : `-${value}`;
}

/**
 * What a person typed as an amount or as hours, in the API's notation: "1 250,5" is "1250.5". "1,250" may mean either and is left
 * as it is, so that it is refused instead of guessed.
 */
export function normalizeDecimal(typed: string): string {
  const text = typed.replace(/[\s\u00a0\u202f']/g, '').replace(MINUS, '-');
  if (/^-?\d{1,3}(,\d{3})+\.\d*$/.test(text) || /^-?\d{1,3}(,\d{3}){2,}$/.test(text)) return text.replace(/,/g, '');
  if (/^-?\d{1,3},\d{3}$/.test(text)) return text;
  return text.replace(/^(-?\d*),(\d*)$/, '$1.$2');
}

export function userLocale(): string {
  return typeof navigator === 'undefined' ? 'en' : navigator.language;
}
