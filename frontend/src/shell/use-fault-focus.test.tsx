// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useFaultFocus } from './use-fault-focus';

const scrolled: Element[] = [];

function Form({ refusal, faults }: { refusal: Error | null; faults: string[] }) {
  const form = useFaultFocus<HTMLFormElement>(refusal);
  return (
    <form ref={form}>
      {['name', 'email', 'rate'].map((field) => (
        <input key={field} aria-label={field} aria-invalid={faults.includes(field) || undefined} />
      ))}
    </form>
  );
}

beforeEach(() => {
  scrolled.length = 0;
  document.body.innerHTML = '';
  Element.prototype.scrollIntoView = vi.fn(function (this: Element) {
    scrolled.push(this);
  });
});

it('focuses and scrolls to the first field at fault, in the order of the form', () => {
  const { rerender } = render(<Form refusal={null} faults={[]} />);
  expect(document.activeElement).toBe(document.body);
  rerender(<Form refusal={new Error('refused')} faults={['rate', 'email']} />);
  expect(document.activeElement).toBe(screen.getByLabelText('email'));
  expect(scrolled).toEqual([screen.getByLabelText('email')]);
});

it('leaves the focus alone while a fault is corrected, and moves it again at the next refusal', () => {
  const first = new Error('refused');
  const { rerender } = render(<Form refusal={first} faults={['email', 'rate']} />);
  rerender(<Form refusal={first} faults={['rate']} />);
  expect(document.activeElement).toBe(screen.getByLabelText('email'));
  rerender(<Form refusal={new Error('refused')} faults={['rate']} />);
  expect(document.activeElement).toBe(screen.getByLabelText('rate'));
});

it('does nothing where no field is at fault', () => {
  render(<Form refusal={new Error('away')} faults={[]} />);
  expect(document.activeElement).toBe(document.body);
  expect(scrolled).toEqual([]);
});
