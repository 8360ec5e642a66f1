// Takes a person to what is to be corrected after a form was refused.
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Gives the ref of a form. After each refusal the first field in it that shows a fault is scrolled to and focused. */
export function useFaultFocus<Element extends HTMLElement>(refusal: unknown): RefObject<Element | null> {
  const form = useRef<Element>(null);
  useEffect(() => {
    if (!refusal) return;
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: 'center' });
  }, [refusal]);
  return form;
}
