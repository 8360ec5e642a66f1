// The content of an invoice as a sheet of paper: parties, lines, taxes, total. Shows what the API returned and computes nothing.
import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Address, Invoice } from '../api/types';
import { formatDate, formatPeriod } from '../format/date';
import { termsLabel, unitLabel } from '../format/labels';
import { formatDecimal, formatRate, isZero, negate } from '../format/money';
import { countryName } from '../shell/choices';
import { Money } from '../shell/Money';
import classes from './InvoiceSheet.module.css';

export function InvoiceSheet({ invoice }: { invoice: Invoice }) {
  return (
    <article className={classes.sheet} aria-label={`${invoice.kind === 'CREDIT_NOTE' ? 'Credit note' : 'Invoice'} ${invoice.number ?? 'draft'}`}>
      <Parties invoice={invoice} />
      <Facts invoice={invoice} />
      <Lines invoice={invoice} />
      <Totals invoice={invoice} />
      {invoice.notes ? <p className={classes.notes}>{invoice.notes}</p> : null}
    </article>
  );
}

function Parties({ invoice }: { invoice: Invoice }) {
  return (
    <div className={classes.parties}>
      <Party role="From" name={invoice.vendor?.name} address={invoice.vendor?.address} taxNumber={invoice.vendor?.taxNumber} />
      <Party role="To" name={invoice.customer?.name} address={invoice.customer?.address} taxNumber={invoice.customer?.taxNumber} />
    </div>
  );
}

function Party(props: {
  role: string;
  name: string | undefined;
  address: Address | undefined;
  taxNumber: string | undefined;
}) {
  return (
    <div>
      <div className={classes.label}>{props.role}</div>
      <div className={classes.partyName}>{props.name ?? '–'}</div>
      {addressLines(props.address).map((line) => (
        <div key={line} className={classes.addressLine}>
          {line}
        </div>
      ))}
      {props.taxNumber ? <div className={classes.addressLine}>Tax no. {props.taxNumber}</div> : null}
    </div>
  );
}

function addressLines(address: Address | undefined): string[] {
  if (!address) return [];
  const town = [address.city, address.region, address.postalCode].filter(Boolean).join(' ');
  return [address.line1, address.line2, town, countryName(address.countryCode)].filter((line): line is string => Boolean(line));
}

function Facts({ invoice }: { invoice: Invoice }) {
  // Nobody pays a credit note: it has neither a due date nor terms.
  const payable = invoice.kind !== 'CREDIT_NOTE';
  const facts: [string, string][] = [
    ['Date', formatDate(invoice.invoiceDate)],
    ['Due', payable ? formatDate(invoice.dueDate) : ''],
    ['Period', formatPeriod(invoice.periodStart, invoice.periodEnd)],
    ['Terms', payable ? termsLabel(invoice.paymentTerms) : ''],
    ['Purchase order', invoice.purchaseOrder ?? ''],
    ['Reference', invoice.buyerReference ?? ''],
    ['Contractor', invoice.contractorName ?? ''],
    ['Service location', invoice.serviceLocation ?? ''],
    ['Credits', invoice.originalInvoiceNumber ?? ''],
    ['Reason', invoice.creditReason ?? ''],
  ];
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt className={classes.label}>{name}</dt>
            <dd className="tabular">{name === 'Credits' ? <CreditedInvoice invoice={invoice} /> : value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The number of the invoice that a credit note credits, which leads to it. */
function CreditedInvoice({ invoice }: { invoice: Invoice }) {
  if (!invoice.originalInvoiceId) return <>{invoice.originalInvoiceNumber}</>;
  return (
    <Anchor component={Link} to={`/invoices/${invoice.originalInvoiceId}`} inherit>
      {invoice.originalInvoiceNumber}
    </Anchor>
  );
}

function Lines({ invoice }: { invoice: Invoice }) {
  const lines = invoice.lines ?? [];
  const wide = `${classes.number ?? ''} ${classes.wide ?? ''}`;
  const hasDiscount = lines.some((line) => !isZero(line.discountTotal ?? '0'));
  return (
    <div className={classes.scroller}>
      <table className={classes.lines}>
        <thead>
          <tr>
            <th scope="col">Description</th>
            <th scope="col" className={wide}>Quantity</th>
            <th scope="col" className={wide}>Price</th>
            {hasDiscount ? <th scope="col" className={classes.number}>Discount</th> : null}
            <th scope="col" className={classes.number}>Amount</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index}>
              <td className={classes.description}>
                {line.description}
                <span className={classes.byHand}>
                  {formatDecimal(line.quantity ?? '0')} {unitLabel(line.unit)} × {formatDecimal(line.unitPrice ?? '')}
                </span>
              </td>
              <td className={wide}>
                {formatDecimal(line.quantity ?? '0')} <span className={classes.unit}>{unitLabel(line.unit)}</span>
              </td>
              <td className={wide}>{formatDecimal(line.unitPrice ?? '')}</td>
              {hasDiscount ? <td className={classes.number}>{formatDecimal(line.discountTotal ?? '0')}</td> : null}
              <td className={classes.number}>{formatDecimal(line.amount ?? '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Totals({ invoice }: { invoice: Invoice }) {
  const taxes = invoice.taxes ?? [];
  const payable = invoice.kind !== 'CREDIT_NOTE';
  return (
    <dl className={classes.totals}>
      <Row name="Subtotal" amount={invoice.subtotal} />
      {isZero(invoice.discountTotal ?? '0') ? null : <Row name="Discount" amount={negate(invoice.discountTotal ?? '')} />}
      {taxes.map((tax, index) => (
        <Row
          key={index}
          name={`${tax.name ?? 'Tax'} ${formatRate(tax.rate ?? '')}`}
          note={[tax.registrationNumber ?? '', tax.exemptionReason ?? ''].filter(Boolean).join(' · ')}
          amount={tax.amount}
        />
      ))}
      <div className={classes.total}>
        <dt>Total</dt>
        <dd>
          <Money amount={invoice.total} currency={invoice.currencyCode} />
        </dd>
      </div>
      {isZero(invoice.amountPaid ?? '0') ? null : <Row name="Paid" amount={invoice.amountPaid} />}
      {isZero(invoice.creditedTotal ?? '0') ? null : <Row name="Credited" amount={invoice.creditedTotal} />}
      {payable && invoice.amountDue !== undefined && invoice.amountDue !== invoice.total ? <Row name="Open" amount={invoice.amountDue} /> : null}
    </dl>
  );
}

function Row(props: { name: string; note?: string; amount: string | undefined }) {
  return (
    <div className={classes.row}>
      <dt>
        {props.name}
        {props.note ? <span className={classes.note}>{props.note}</span> : null}
      </dt>
      <dd>
        <Money amount={props.amount} />
      </dd>
    </div>
  );
}
