// The invoice that was just generated, as the API returned it; PDF and email follow in the background.
import { Alert, Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { invoiceQuery } from '../api/invoices';
import type { GenerationResponse } from '../api/types';
import { deliveryLabel } from '../format/labels';
import { InvoiceSheet } from '../invoices/InvoiceSheet';
import { PdfButtons } from '../invoices/PdfButtons';
import { StatusBadge } from '../shell/StatusBadge';

export function QuickResult({ response }: { response: GenerationResponse }) {
  const id = response.invoice?.id ?? '';
  const fresh = useQuery({ ...invoiceQuery(id), enabled: id !== '' });
  const invoice = fresh.data ?? response.invoice;
  if (!invoice) return null;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="sm">
          <IconCircleCheck size={24} color="var(--tone-good)" aria-hidden />
          <div>
            <Title order={2}>
              {invoice.number ? invoice.number : 'Draft'}
            </Title>
            <Group gap={8}>
              <Anchor component={Link} to={`/invoices/${id}`} size="sm">
                Open the invoice
              </Anchor>
              <StatusBadge label={deliveryLabel(invoice.delivery)} plain />
            </Group>
          </div>
        </Group>
        <Group gap="xs">
          <PdfButtons invoice={invoice} primary />
        </Group>
      </Group>
      {(response.warnings ?? []).map((warning) => (
        <Alert key={warning.code} color="amber" variant="light" icon={<IconInfoCircle size={18} />}>
          <Text size="sm">{warning.message}</Text>
        </Alert>
      ))}
      <InvoiceSheet invoice={invoice} />
    </Stack>
  );
}
