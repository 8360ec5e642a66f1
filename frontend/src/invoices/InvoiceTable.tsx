// Invoices in rows; the list page and the overview show the same columns.
import { Anchor, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { Invoice } from '../api/types';
import { formatDate, formatPeriod } from '../format/date';
import { deliveryLabel, invoiceStateLabel } from '../format/labels';
import { DataTable } from '../shell/DataTable';
import type { Column, TableProps } from '../shell/DataTable';
import { Money } from '../shell/Money';
import { StatusBadge } from '../shell/StatusBadge';
import classes from './InvoiceTable.module.css';

export interface DateSort {
  isAscending: boolean;
  onToggle: () => void;
}

export function InvoiceTable(
  props: Omit<TableProps<Invoice>, 'columns' | 'rowKey' | 'onOpen'> & { brief?: boolean; sort?: DateSort },
) {
  const navigate = useNavigate();
  const { brief, sort, ...table } = props;
  return (
    <DataTable
      {...table}
      columns={brief ? COLUMNS.filter((column) => !BRIEF_WITHOUT.has(column.key)) : sortable(COLUMNS, sort)}
      rowKey={(invoice) => invoice.id ?? ''}
      onOpen={(invoice) => void navigate(`/invoices/${invoice.id ?? ''}`)}
    />
  );
}

const BRIEF_WITHOUT = new Set(['period', 'due', 'delivery']);

const COLUMNS: Column<Invoice>[] = [
  {
    key: 'number',
    header: 'Number',
    cell: (invoice) => (
      <div className={classes.number}>
        <Anchor component={Link} to={`/invoices/${invoice.id ?? ''}`} className={classes.link ?? ''}>
          {invoice.number ? invoice.number : 'Draft'}
        </Anchor>
        <span className={classes.below}>{invoice.customer?.name}</span>
      </div>
    ),
  },
  {
    key: 'customer',
    header: 'Customer',
    hideBelow: 'sm',
    cell: (invoice) => <span className={classes.customer}>{invoice.customer?.name ?? '–'}</span>,
  },
  { key: 'date', header: 'Date', hideBelow: 'sm', cell: (invoice) => <Day date={invoice.invoiceDate} /> },
  {
    key: 'period',
    header: 'Period',
    hideBelow: 'xl',
    cell: (invoice) => <span className={classes.day}>{formatPeriod(invoice.periodStart, invoice.periodEnd)}</span>,
  },
  { key: 'due', header: 'Due', hideBelow: 'lg', cell: (invoice) => <Day date={invoice.kind === 'CREDIT_NOTE' ? '' : invoice.dueDate} /> },
  {
    key: 'total',
    header: 'Total',
    numeric: true,
    cell: (invoice) => (
      <div>
        <Money amount={invoice.total} currency={invoice.currencyCode} strong />
        <span className={classes.below}>
          <StatusBadge label={invoiceStateLabel(invoice.state)} plain />
        </span>
      </div>
    ),
  },
  { key: 'state', header: 'State', hideBelow: 'sm', cell: (invoice) => <StatusBadge label={invoiceStateLabel(invoice.state)} /> },
  {
    key: 'delivery',
    header: 'Delivery',
    hideBelow: 'lg',
    cell: (invoice) => <StatusBadge label={deliveryLabel(invoice.delivery)} plain />,
  },
];

function Day({ date }: { date: string | undefined }) {
  return <span className={classes.day}>{formatDate(date)}</span>;
}

function sortable(columns: Column<Invoice>[], sort: DateSort | undefined): Column<Invoice>[] {
  if (!sort) return columns;
  const Arrow = sort.isAscending ? IconArrowUp : IconArrowDown;
  return columns.map((column) =>
    column.key === 'date'
      ? {
          ...column,
          sort: sort.isAscending ? 'ascending' : 'descending',
          header: (
            <UnstyledButton className={classes.sort ?? ''} onClick={sort.onToggle}>
              Date <Arrow size={13} aria-hidden />
            </UnstyledButton>
          ),
        }
      : column,
  );
}
