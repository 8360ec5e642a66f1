import { expect, it } from 'vitest';
import { formatDate, formatPeriod, todayIn } from './date';

it('shows a civil date as that day in every zone', () => {
  expect(formatDate('2026-03-01', 'en-US')).toBe('Mar 1, 2026');
  expect(formatDate('', 'en-US')).toBe('');
});

it('shows a period in one piece', () => {
  expect(formatPeriod('2026-10-01', '2026-10-31', 'en-US').replace(/[\u2009\u00a0]/g, ' ')).toBe('Oct 1 – 31, 2026');
});

it('knows that today depends on the zone', () => {
  const instant = new Date('2026-01-01T03:30:00Z');
  expect(todayIn('America/Toronto', instant)).toBe('2025-12-31');
  expect(todayIn('Asia/Tokyo', instant)).toBe('2026-01-01');
  expect(todayIn('Nowhere/AtAll', instant)).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
