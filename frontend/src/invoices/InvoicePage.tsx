// One invoice: what it says, where it stands, and what was emailed about it.
import { Anchor, Breadcrumbs, Button, Grid, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconSend } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { isApiError } from '../api/error';
import { invoiceQuery } from '../api/invoices';
import type { Invoice } from '../api/types';
import { formatDate, formatInstant } from '../format/date';
import { deliveryLabel, invoiceStateLabel, modeLabel } from '../format/labels';
import { Money } from '../shell/Money';
import { NotFound } from '../shell/NotFound';
import { PageHeader } from '../shell/PageHeader';
import { Problem } from '../shell/Problem';
import { StatusBadge } from '../shell/StatusBadge';
import { Surface } from '../shell/Surface';
import { EmailTimeline } from './EmailTimeline';
import { InvoiceSheet } from './InvoiceSheet';
import classes from './InvoicePage.module.css';
import { PdfButtons } from './PdfButtons';
import { ResendModal } from './ResendModal';
import { wasEmailed } from './was-emailed';

export function InvoicePage() {
  const { id = '' } = useParams();
  const invoice = useQuery(invoiceQuery(id));
  if (invoice.data) return <Loaded invoice={invoice.data} />;
  if (isApiError(invoice.error, 'NOT_FOUND')) return <NotFound />;
  return (
    <>
      <PageHeader title="Invoice" above={<Trail />} />
      {invoice.error ? (
        <Problem error={invoice.error} title="The invoice could not be loaded" onRetry={() => void invoice.refetch()} />
      ) : (
        <Skeleton height={420} radius="lg" />
      )}
    </>
  );
}

function Trail() {
  return (
    <Breadcrumbs fz="sm">
      <Anchor component={Link} to="/invoices" size="sm">
        Invoices
      </Anchor>
    </Breadcrumbs>
  );
}

function Loaded({ invoice }: { invoice: Invoice }) {
  const [isResending, resending] = useDisclosure(false);
  const noun = invoice.kind === 'CREDIT_NOTE' ? 'Credit note' : 'Invoice';
  const number = invoice.number ? invoice.number : 'Draft';
  const canSend = invoice.state !== 'DRAFT' && invoice.state !== 'CANCELLED';
  return (
    <>
      <PageHeader
        title={`${noun} ${number}`}
        above={<Trail />}
        heading={
          <Group component="span" gap="sm">
            <span>{number}</span>
            <StatusBadge label={invoiceStateLabel(invoice.state)} />
          </Group>
        }
        description={
          <>
            {noun} for{' '}
            <Anchor component={Link} to={`/customers/${invoice.customerId ?? ''}`}>
              {invoice.customer?.name ?? 'the customer'}
            </Anchor>
          </>
        }
        actions={
          <>
            {canSend ? (
              <Button variant="default" leftSection={<IconSend size={16} stroke={1.7} />} onClick={resending.open}>
                {wasEmailed(invoice) ? 'Resend email' : 'Send email'}
              </Button>
            ) : null}
            <PdfButtons invoice={invoice} primary />
          </>
        }
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <InvoiceSheet invoice={invoice} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Standing invoice={invoice} />
            <Surface title="Emails" aside={<StatusBadge label={deliveryLabel(invoice.delivery)} plain />}>
              <EmailTimeline invoiceId={invoice.id ?? ''} />
            </Surface>
          </Stack>
        </Grid.Col>
      </Grid>
      <ResendModal invoice={invoice} opened={isResending} onClose={resending.close} />
    </>
  );
}

function Standing({ invoice }: { invoice: Invoice }) {
  const payable = invoice.kind !== 'CREDIT_NOTE';
  const facts: [string, string | undefined][] = [
    ['Due', payable ? formatDate(invoice.dueDate) : undefined],
    ['Issued', formatInstant(invoice.issueTime)],
    ['Sent', formatInstant(invoice.sentTime)],
    ['Cancelled', formatInstant(invoice.cancelTime)],
    ['Generated', modeLabel(invoice.mode)],
    ['PDF', documentText(invoice)],
    ['Cancelled because', invoice.cancelReason],
    ['Billed again because', invoice.duplicateReason],
    ['Note', invoice.sentNote],
  ];
  return (
    <Surface>
      <Text c="dimmed" size="sm">
        {payable ? 'Open amount' : 'Credited'}
      </Text>
      <Text component="div" className={classes.open ?? ''}>
        <Money amount={payable ? invoice.amountDue : invoice.total} currency={invoice.currencyCode} />
      </Text>
      <dl className={classes.facts}>
        {facts.map(([name, value]) =>
          value === undefined || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Surface>
  );
}

function documentText(invoice: Invoice): string {
  switch (invoice.documentState) {
    case 'STORED':
      return 'Stored';
    case 'PENDING':
      return 'Being made';
    case 'FAILED':
      return invoice.documentProblem ? `Failed: ${invoice.documentProblem}` : 'Could not be made';
    default:
      return '';
  }
}
