// An amount with its currency. Figures are of equal width, so that columns of amounts line up.
import { formatDecimal } from '../format/money';
import classes from './Money.module.css';

export function Money(props: {
  amount: string | undefined;
  currency?: string | undefined;
  strong?: boolean;
  /** Where the digits come first, columns align on them; in running text the currency may stand apart. */
  className?: string;
}) {
  if (props.amount === undefined || props.amount === '') return <span className={classes.none}>–</span>;
  return (
    <span className={[classes.money, props.strong ? classes.strong : '', props.className ?? ''].join(' ')}>
      {formatDecimal(props.amount)}
      {props.currency ? <span className={classes.currency}>{props.currency}</span> : null}
    </span>
  );
}
