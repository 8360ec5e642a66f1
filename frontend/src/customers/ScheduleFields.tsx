// When the customer is billed by itself. The contract's frequency decides which day counts.
import { NumberInput, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { formatDate } from '../format/date';
import { frequencyLabel } from '../format/labels';
import { CivilDate } from '../shell/CivilDate';
import { timeZoneChoices } from '../shell/choices';
import type { CustomerValues } from './customer-values';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function ScheduleFields(props: {
  form: UseFormReturnType<CustomerValues>;
  nextRunDate: string | undefined;
}) {
  const { form, nextRunDate } = props;
  const { schedule, contract } = form.values;
  const isWeekly = contract.frequency === 'WEEKLY' || contract.frequency === 'BIWEEKLY';
  const at = (field: string) => form.getInputProps(`schedule.${field}`);
  return (
    <Stack gap="md">
      <Switch
        label="Bill this customer on schedule"
        description={nextRunDate ? `Next run on ${formatDate(nextRunDate)}` : 'Needs a rate in the contract'}
        {...form.getInputProps('schedule.enabled', { type: 'checkbox' })}
      />
      <Switch
        label="Issue invoices at once"
        description="Otherwise they are made as drafts to look through"
        {...form.getInputProps('schedule.autoIssue', { type: 'checkbox' })}
      />
      <Switch label="Email invoices" {...form.getInputProps('schedule.autoSendEmail', { type: 'checkbox' })} />
      <Text size="sm" c="dimmed">
        Billed {frequencyLabel(contract.frequency).toLowerCase()}, as the contract says.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        {isWeekly ? (
          <Select
            label="Day of the week"
            allowDeselect={false}
            data={WEEKDAYS.map((label, index) => ({ value: index.toString(), label }))}
            {...at('billingWeekday')}
            value={schedule.billingWeekday.toString()}
            onChange={(value) => form.setFieldValue('schedule.billingWeekday', Number(value ?? '0'))}
          />
        ) : (
          <NumberInput
            label="Day of the month"
            description="A shorter month uses its last day"
            min={1}
            max={31}
            allowDecimal={false}
            clampBehavior="blur"
            {...at('billingDay')}
          />
        )}
        {contract.frequency === 'BIWEEKLY' ? (
          <CivilDate label="Counted from" description="Every 14 days, both ways" {...at('anchorDate')} />
        ) : null}
        <Select
          label="Time zone"
          description={isWeekly ? undefined : 'In which the day begins'}
          placeholder="UTC"
          searchable
          clearable
          limit={100}
          data={timeZoneChoices(schedule.timeZone)}
          {...at('timeZone')}
          value={schedule.timeZone === '' ? null : schedule.timeZone}
          onChange={(value: string | null) => form.setFieldValue('schedule.timeZone', value ?? '')}
        />
      </SimpleGrid>
    </Stack>
  );
}
