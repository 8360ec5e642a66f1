import { describe, expect, it } from 'vitest';
import { formatDecimal, formatRate, isZero, normalizeDecimal, percentToRate, rateToPercent } from './money';

describe('formatDecimal', () => {
  it.each([
    ['0.00', '0.00'],
    ['1250.00', '1,250.00'],
    ['-1250.5', '\u22121,250.5'],
    ['-0.00', '0.00'],
    ['999', '999'],
    ['007.10', '7.10'],
  ])('groups %s as %s', (value, expected) => expect(formatDecimal(value, 'en-CA')).toBe(expected));

  it('keeps every digit where binary floating point would not', () => {
    expect(formatDecimal('90071992547409931234567.8901', 'en-US')).toBe('90,071,992,547,409,931,234,567.8901');
    expect(formatDecimal('0.1000', 'en-US')).toBe('0.1000');
  });

  it('writes in the language of the reader', () => {
    expect(formatDecimal('1234567.89', 'de-DE')).toBe('1.234.567,89');
  });

  it('shows what is no decimal as it is', () => {
    expect(formatDecimal('1e5', 'en')).toBe('1e5');
    expect(formatDecimal('', 'en')).toBe('');
  });
});

describe('rates and percentages', () => {
  it.each([
    ['0.13', '13'],
    ['0.09975', '9.975'],
    ['0', '0'],
    ['1', '100'],
    ['0.050000', '5'],
    ['0.000001', '0.0001'],
  ])('%s is %s percent', (rate, percent) => expect(rateToPercent(rate)).toBe(percent));

  it.each([
    ['13', '0.13'],
    ['9.975', '0.09975'],
    ['9,975', '0.09975'],
    ['100', '1'],
    ['0', '0'],
    ['0.0001', '0.000001'],
    ['thirteen', 'thirteen'],
  ])('%s percent is %s', (percent, rate) => expect(percentToRate(percent)).toBe(rate));

  it('is shown with its sign', () => expect(formatRate('0.09975', 'en')).toBe('9.975 %'));
});

describe('normalizeDecimal', () => {
  it.each([
    ['7.5', '7.5'],
    ['7,5', '7.5'],
    ['1 250,50', '1250.50'],
    ['1,250.50', '1250.50'],
    ['1,250,000', '1250000'],
    ["1'250.5", '1250.5'],
    ['1,250', '1,250'],
    ['0,125', '0,125'],
    ['abc', 'abc'],
  ])('%s is %s', (typed, expected) => expect(normalizeDecimal(typed)).toBe(expected));
});

it('knows zero in every notation', () => {
  expect(['0', '0.00', '-0.0'].every(isZero)).toBe(true);
  expect(['0.01', '', 'x'].some(isZero)).toBe(false);
});
