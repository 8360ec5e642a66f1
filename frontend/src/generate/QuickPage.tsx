// Quick mode: a customer, a date, the hours – and the invoice is there.
import { Anchor, Button, Grid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconBolt } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { customerQuery } from '../api/customers';
import { fieldErrors } from '../api/error';
import { runQuick } from '../api/invoices';
import type { Customer, RunQuickRequest } from '../api/types';
import { useSubmission } from '../api/use-submission';
import { CustomerPicker } from '../customers/CustomerPicker';
import { todayIn } from '../format/date';
import { billedPeriod, frequencyLabel, termsLabel } from '../format/labels';
import { normalizeDecimal } from '../format/money';
import { CivilDate } from '../shell/CivilDate';
import { Money } from '../shell/Money';
import { PageHeader } from '../shell/PageHeader';
import { Surface } from '../shell/Surface';
import { useFaultFocus } from '../shell/use-fault-focus';
import { QuickRefusal } from './QuickRefusal';
import { QuickResult } from './QuickResult';
import classes from './QuickPage.module.css';

export function QuickPage() {
  const [parameters, setParameters] = useSearchParams();
  const customerId = parameters.get('customer') ?? '';
  const chosen = useQuery({ ...customerQuery(customerId), enabled: customerId !== '' });
  const customer = customerId === '' ? undefined : chosen.data;

  const queryClient = useQueryClient();
  const generation = useSubmission({
    send: (request: RunQuickRequest, key) => runQuick(request, key),
    onSuccess: (response) => {
      if (response.invoice?.id) queryClient.setQueryData(['invoices', 'one', response.invoice.id], response.invoice);
      void queryClient.invalidateQueries({ queryKey: ['invoices', 'list'] });
      void queryClient.invalidateQueries({ queryKey: ['dashboard'] });
    },
  });
  const { result } = generation;
  const errors = fieldErrors(result.error);
  const fields = useFaultFocus<HTMLDivElement>(result.error);

  // On a small screen the answer is below the form, out of sight.
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const top = answer.current?.getBoundingClientRect().top ?? 0;
    if (result.data && top > window.innerHeight / 2) answer.current?.scrollIntoView();
  }, [result.data]);

  return (
    <>
      <PageHeader title="Generate an invoice" description="Quick mode: everything but date and hours comes from the contract." />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
          <Surface>
            <Stack gap="md" ref={fields}>
              <CustomerPicker
                label="Customer"
                onlyActive
                autoFocus={customerId === ''}
                value={customerId}
                onChange={(picked) => {
                  result.reset();
                  setParameters(picked?.id ? { customer: picked.id } : {}, { replace: true });
                }}
                error={errors.customerId}
              />
              {customer ? <ContractFacts customer={customer} /> : null}
              <QuickForm
                // What one customer's contract prefills must not stay for the next.
                key={customer?.id ?? ''}
                customer={customer}
                errors={errors}
                isSending={result.isPending}
                onSubmit={generation.submit}
              />
            </Stack>
          </Surface>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }} aria-live="polite" ref={answer} className={classes.answer ?? ''}>
          {result.data ? (
            <QuickResult response={result.data} />
          ) : result.error && Object.keys(errors).length === 0 ? (
            <QuickRefusal error={result.error} customerId={customerId} />
          ) : (
            <div className={classes.waiting}>
              <Text c="dimmed">{result.isPending ? 'Generating…' : 'The invoice appears here.'}</Text>
            </div>
          )}
        </Grid.Col>
      </Grid>
    </>
  );
}

function ContractFacts({ customer }: { customer: Customer }) {
  const { contract } = customer;
  return (
    <div className={classes.facts}>
      {contract?.ratePerHour === undefined ? (
        <span>
          No rate yet.{' '}
          <Anchor component={Link} to={`/customers/${customer.id ?? ''}?part=contract`} inherit>
            Set it in the contract
          </Anchor>
        </span>
      ) : (
        <span>
          <Money amount={contract.ratePerHour} currency={contract.currencyCode} /> per hour
        </span>
      )}
      <span>
        {frequencyLabel(contract?.frequency)} · {termsLabel(contract?.paymentTerms)}
      </span>
    </div>
  );
}

function QuickForm(props: {
  customer: Customer | undefined;
  errors: Record<string, string>;
  isSending: boolean;
  onSubmit: (request: RunQuickRequest) => void;
}) {
  const { customer, errors } = props;
  const [runDate, setRunDate] = useState(() => todayIn(customer?.schedule?.timeZone));
  const [totalHours, setTotalHours] = useState('');
  const [sendEmail, setSendEmail] = useState(customer?.schedule?.autoSendEmail ?? false);
  const hasAddress = (customer?.email ?? '') !== '';

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!customer?.id) return;
        const hours = normalizeDecimal(totalHours);
        props.onSubmit({ customerId: customer.id, runDate, sendEmail, ...(hours === '' ? {} : { totalHours: hours }) });
      }}
    >
      <Stack gap="md">
        <CivilDate
          label="Run date"
          description={`Date of the invoice. ${billedPeriod(customer?.contract?.frequency)}`}
          required
          value={runDate}
          onChange={setRunDate}
          error={errors.runDate}
        />
        <TextInput
          label="Hours"
          description="Empty: those of the timesheets, or the contract's default hours where there are none"
          placeholder={customer?.contract?.defaultHours}
          inputMode="decimal"
          autoComplete="off"
          value={totalHours}
          onChange={(event) => setTotalHours(event.currentTarget.value)}
          error={errors.totalHours}
          classNames={{ input: 'tabular' }}
        />
        <Switch
          label="Email the invoice"
          description={customer && !hasAddress ? 'The customer has no email address' : customer?.email}
          checked={sendEmail}
          onChange={(event) => setSendEmail(event.currentTarget.checked)}
          error={errors.sendEmail}
        />
        <Button
          type="submit"
          size="md"
          fullWidth
          leftSection={<IconBolt size={18} />}
          loading={props.isSending}
          disabled={!customer}
        >
          Generate
        </Button>
      </Stack>
    </form>
  );
}
