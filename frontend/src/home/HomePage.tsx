// What needs attention: open and overdue amounts, drafts, what was issued last.
import { Anchor, Button, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconBolt } from '@tabler/icons-react';
import { Link } from 'react-router';
import { statsQuery } from '../api/dashboard';
import { invoicesQuery } from '../api/invoices';
import type { CurrencyTotal } from '../api/types';
import { InvoiceTable } from '../invoices/InvoiceTable';
import { EmptyText } from '../shell/DataTable';
import { Money } from '../shell/Money';
import { PageHeader } from '../shell/PageHeader';
import { Problem } from '../shell/Problem';
import { Surface } from '../shell/Surface';
import classes from './HomePage.module.css';

const RECENT = 8;

export function HomePage() {
  const stats = useQuery(statsQuery());
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
        {stats.error && !stats.data ? (
          <Problem error={stats.error} onRetry={() => void stats.refetch()} />
        ) : (
          <div className={classes.standings}>
            <Standing
              title="Overdue"
              count={stats.data && countOf(stats.data.overdue)}
              totals={stats.data?.overdue}
              link="/invoices?state=OVERDUE"
              tone="bad"
            />
            <Standing
              title="Awaiting payment, overdue included"
              count={stats.data && countOf(stats.data.open)}
              totals={stats.data?.open}
              link="/invoices"
            />
            <Standing title="Drafts" count={stats.data && (stats.data.draftCount ?? 0)} link="/invoices?state=DRAFT" />
          </div>
        )}
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

interface StandingProps {
  title: string;
  /** Absent while it is not known. */
  count: number | undefined;
  /** Absent where only the count is known. */
  totals?: CurrencyTotal[] | undefined;
  link: string;
  tone?: 'bad';
}

// Amounts of different currencies are never added.
function Standing({ title, count, totals, link, tone }: StandingProps) {
  return (
    <Link to={link} className={classes.standing} data-tone={count ? tone : undefined}>
      <span className={classes.title}>{title}</span>
      {count === undefined ? (
        <Skeleton height={30} width="60%" radius="sm" my={4} />
      ) : (
        <span className={classes.amounts}>
          {count === 0 ? <span className={classes.none}>Nothing</span> : null}
          {count > 0 && totals === undefined ? count.toLocaleString() : null}
          {totals?.map(({ currencyCode = '', total = '' }) => (
            <Money key={currencyCode} amount={total} currency={currencyCode} />
          ))}
        </span>
      )}
      <span className={classes.count}>{count === undefined ? '\u00a0' : describe(count)}</span>
    </Link>
  );
}

function countOf(totals: CurrencyTotal[] = []): number {
  return totals.reduce((sum, { count = 0 }) => sum + count, 0);
}

function describe(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? 'invoice' : 'invoices'}`;
}
