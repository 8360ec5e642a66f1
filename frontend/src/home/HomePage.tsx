// What needs attention: open amounts by standing, what is overdue, what was issued last. Everything comes from lists.
import { Anchor, Button, Skeleton, Stack } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { IconBolt } from '@tabler/icons-react';
import { Link } from 'react-router';
import { invoicesQuery } from '../api/invoices';
import type { Invoice, InvoiceState } from '../api/types';
import { InvoiceTable } from '../invoices/InvoiceTable';
import { EmptyText } from '../shell/DataTable';
import { Money } from '../shell/Money';
import { PageHeader } from '../shell/PageHeader';
import { Surface } from '../shell/Surface';
import classes from './HomePage.module.css';
import { openByCurrency } from './open-amounts';

const LARGEST_PAGE = 200;
const RECENT = 8;
const WAITING: InvoiceState[] = ['ISSUED', 'SENT', 'PARTIALLY_PAID'];

export function HomePage() {
  const recent = useQuery(invoicesQuery({ orderBy: 'invoiceDate desc', pageSize: RECENT }));
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <Button component={Link} to="/generate" leftSection={<IconBolt size={16} />}>
            Generate an invoice
          </Button>
        }
      />
      <Stack gap="lg">
        <div className={classes.standings}>
          <Standing title="Overdue" states={['OVERDUE']} link="/invoices?state=OVERDUE" tone="bad" />
          <Standing title="Awaiting payment" states={WAITING} link="/invoices" />
          <Standing title="Drafts" states={['DRAFT']} link="/invoices?state=DRAFT" />
        </div>
        <Surface
          title="Latest invoices"
          flush
          aside={
            <Anchor component={Link} to="/invoices" size="sm">
              All invoices
            </Anchor>
          }
        >
          <InvoiceTable
            label="Latest invoices"
            brief
            rows={recent.data ? (recent.data.invoices ?? []) : undefined}
            error={recent.error}
            onRetry={() => void recent.refetch()}
            skeletonRows={RECENT}
            empty={
              <EmptyText title="No invoices yet">
                <Anchor component={Link} to="/customers/new" inherit>
                  Add a customer
                </Anchor>
                , then{' '}
                <Anchor component={Link} to="/generate" inherit>
                  generate its first invoice
                </Anchor>
                .
              </EmptyText>
            }
          />
        </Surface>
      </Stack>
    </>
  );
}

function Standing(props: { title: string; states: InvoiceState[]; link: string; tone?: 'bad' }) {
  const lists = useQueries({ queries: props.states.map((state) => invoicesQuery({ state, pageSize: LARGEST_PAGE })) });
  const isLoading = lists.some((list) => list.data === undefined);
  const invoices = lists.flatMap((list): Invoice[] => list.data?.invoices ?? []);
  const count = lists.reduce((sum, list) => sum + (list.data?.totalSize ?? 0), 0);
  const isPartial = lists.some((list) => (list.data?.nextPageToken ?? '') !== '');
  const isCapped = lists.some((list) => list.data?.totalSizeCapped === true);

  return (
    <Link to={props.link} className={classes.standing} data-tone={count > 0 ? props.tone : undefined}>
      <span className={classes.title}>{props.title}</span>
      {isLoading ? (
        <Skeleton height={30} width="60%" radius="sm" my={4} />
      ) : (
        <span className={classes.amounts}>
          {count === 0 ? <span className={classes.none}>Nothing</span> : null}
          {openByCurrency(invoices).map(({ currency, amount }) => (
            <Money key={currency} amount={amount} currency={currency} />
          ))}
        </span>
      )}
      <span className={classes.count}>
        {isLoading ? '\u00a0' : describe(count, isCapped)}
        {isPartial ? `; the amount is of the first ${invoices.length.toLocaleString()}` : ''}
      </span>
    </Link>
  );
}

function describe(count: number, isCapped: boolean): string {
  return `${count.toLocaleString()}${isCapped ? '+' : ''} ${count === 1 ? 'invoice' : 'invoices'}`;
}
