// Why there is no invoice, and the way on from there.
import { Alert, Anchor, Text } from '@mantine/core';
import { IconCopyOff, IconListCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ApiError, errorSentence } from '../api/error';
import { Problem } from '../shell/Problem';

export function QuickRefusal({ error, customerId }: { error: Error; customerId: string }) {
  if (error instanceof ApiError && error.status === 'ALREADY_EXISTS') return <AlreadyBilled error={error} />;
  if (error instanceof ApiError && error.status === 'FAILED_PRECONDITION') {
    return <SomethingMissing error={error} customerId={customerId} />;
  }
  return <Problem error={error} title="No invoice was generated" />;
}

function AlreadyBilled({ error }: { error: ApiError }) {
  const { invoiceId, number } = error.metadata;
  const name = number ? `invoice ${number}` : 'a draft';
  return (
    <Alert color="amber" variant="light" icon={<IconCopyOff size={18} />} title="This period is billed already" role="alert">
      <Text size="sm">{errorSentence(error)}</Text>
      <Text size="sm" mt="xs">
        <Anchor
          component={Link}
          to={invoiceId ? `/invoices/${invoiceId}` : `/invoices?q=${encodeURIComponent(number ?? '')}`}
          inherit
          fw={600}
        >
          Open {name}
        </Anchor>
      </Text>
    </Alert>
  );
}

/** Reasons that are not cured in the customer's contract, and where they are. */
const PLACES: Record<string, { part: string; text: string }> = {
  NO_RECIPIENT: { part: 'details', text: 'Give the customer an email address' },
  PARTY_INCOMPLETE: { part: 'details', text: 'Complete the customer’s details' },
  CUSTOMER_INACTIVE: { part: 'details', text: 'Open the customer to activate it' },
};

function SomethingMissing({ error, customerId }: { error: ApiError; customerId: string }) {
  const place = PLACES[error.reason] ?? { part: 'contract', text: 'Open the customer’s contract' };
  const isVendors = error.reason === 'VENDOR_INACTIVE' || error.reason === 'BOOKS_CLOSED' || /vendor/i.test(error.message);
  return (
    <Alert color="amber" variant="light" icon={<IconListCheck size={18} />} title="Something is missing" role="alert">
      <Text size="sm">{errorSentence(error)}</Text>
      {error.fieldViolations.map((violation) => (
        <Text key={violation.field} size="sm">
          {violation.field}: {violation.description}
        </Text>
      ))}
      <Text size="sm" mt="xs">
        <Anchor
          component={Link}
          to={isVendors ? '/vendors' : `/customers/${customerId}?part=${place.part}`}
          inherit
          fw={600}
        >
          {isVendors ? 'Open the vendors' : place.text}
        </Anchor>
      </Text>
    </Alert>
  );
}
