import { useEffect } from 'react';

export const PRODUCT = 'Invoice Enterprise';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${PRODUCT}`;
  }, [title]);
}
