// The form of a customer in three parts: who it is, what is billed, and when.
import { Button, Group, Tabs } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ApiError } from '../api/error';
import type { Customer, Vendor } from '../api/types';
import { useSubmission } from '../api/use-submission';
import { FormProblem } from '../shell/FormProblem';
import classes from '../shell/PanelForm.module.css';
import { Problem } from '../shell/Problem';
import { useFaultFocus } from '../shell/use-fault-focus';
import { ActivitySwitch } from './ActivitySwitch';
import { ContractFields } from './ContractFields';
import { DetailsFields } from './DetailsFields';
import { ScheduleFields } from './ScheduleFields';
import { customerValues, newCustomerValues } from './customer-values';
import type { CustomerValues } from './customer-values';
import { PartRefused, createFromValues, formErrors, saveChanges } from './save-customer';

const PARTS = ['details', 'contract', 'schedule'] as const;
type Part = (typeof PARTS)[number];

export function CustomerForm(props: { customer?: Customer; onDone: () => void; onDirty: (isDirty: boolean) => void }) {
  const { customer, onDone, onDirty } = props;
  const [parameters] = useSearchParams();
  const [part, setPart] = useState<Part>(PARTS.find((known) => known === parameters.get('part')) ?? 'details');
  const [vendor, setVendor] = useState<Vendor>();
  const saved = useRef(customer);
  const queryClient = useQueryClient();
  const form = useForm<CustomerValues>({ initialValues: customer ? customerValues(customer) : newCustomerValues() });

  const save = useSubmission({
    send: (values: CustomerValues, key) =>
      saved.current
        ? saveChanges(saved.current, values, key, (part) => {
            saved.current = part;
          })
        : createFromValues(values, key),
    onSuccess: (result) => {
      void queryClient.invalidateQueries({ queryKey: ['customers'] });
      notifications.show({ title: customer ? 'Saved' : 'Created', message: result.name });
      onDone();
    },
    onError: (error) => {
      const errors = formErrors(error);
      form.setErrors(errors);
      const first = PARTS.find((candidate) => Object.keys(errors).some((path) => partOf(path) === candidate));
      if (first) setPart(first);
    },
  });

  const formRef = useFaultFocus<HTMLFormElement>(save.result.error);

  const isDirty = form.isDirty();
  useEffect(() => {
    onDirty(isDirty);
    return () => onDirty(false);
  }, [isDirty, onDirty]);

  return (
    <form
      ref={formRef}
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        form.clearErrors();
        save.submit(form.values);
      }}
    >
      <Tabs className={classes.body ?? ''} value={part} onChange={(value) => setPart(PARTS.find((known) => known === value) ?? 'details')} keepMounted={false}>
        <Tabs.List mb="lg">
          <PartTab part="details" label="Details" errors={form.errors} />
          <PartTab part="contract" label="Contract" errors={form.errors} />
          <PartTab part="schedule" label="Schedule" errors={form.errors} />
        </Tabs.List>
        <Tabs.Panel value="details">
          <DetailsFields form={form} isNew={customer === undefined} onVendor={setVendor} />
        </Tabs.Panel>
        <Tabs.Panel value="contract">
          <ContractFields form={form} vendor={vendor} />
        </Tabs.Panel>
        <Tabs.Panel value="schedule">
          <ScheduleFields form={form} nextRunDate={customer?.schedule?.nextRunDate} />
        </Tabs.Panel>
      </Tabs>
      <div className={classes.foot}>
        {save.result.error ? <Refusal error={save.result.error} values={form.values} /> : null}
        <Group justify="space-between">
          {customer ? <ActivitySwitch customer={customer} onDone={onDone} /> : <span />}
          <Group gap="xs">
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
            <Button type="submit" loading={save.result.isPending} disabled={customer !== undefined && !isDirty}>
              {customer ? 'Save changes' : 'Create customer'}
            </Button>
          </Group>
        </Group>
      </div>
    </form>
  );
}

function PartTab(props: { part: Part; label: string; errors: Record<string, unknown> }) {
  const count = Object.keys(props.errors).filter((path) => partOf(path) === props.part).length;
  return (
    <Tabs.Tab
      value={props.part}
      rightSection={count === 0 ? null : <span className={classes.faults} aria-label={`${count.toString()} to correct`}>{count}</span>}
    >
      {props.label}
    </Tabs.Tab>
  );
}

function partOf(path: string): Part {
  if (path.startsWith('contract.')) return 'contract';
  return path.startsWith('schedule.') ? 'schedule' : 'details';
}

function Refusal({ error, values }: { error: Error; values: CustomerValues }) {
  const cause = error instanceof PartRefused ? error.cause : error;
  const isStale = cause instanceof ApiError && cause.status === 'ABORTED';
  if (!isStale) return <FormProblem error={cause} fields={formErrors(error)} values={values} />;
  return (
    <Problem error={cause} title="Somebody else changed this customer">
      Close this panel and open the customer again to see the present values.
    </Problem>
  );
}
