// A state as a quiet pill. The words carry the meaning; the colour only helps.
import type { Label } from '../format/labels';
import classes from './StatusBadge.module.css';

export function StatusBadge({ label, plain = false }: { label: Label; plain?: boolean }) {
  return (
    <span className={[classes.badge, plain ? classes.plain : ''].join(' ')} data-tone={label.tone}>
      <span className={classes.dot} aria-hidden />
      {label.text}
    </span>
  );
}
