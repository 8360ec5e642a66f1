// The taxes of every line of the contract, each with its own rate.
import { ActionIcon, Button, Grid, Select, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { TaxCategory } from '../api/types';
import classes from './TaxFields.module.css';
import { EMPTY_TAX } from './customer-values';
import type { CustomerValues } from './customer-values';

const MOST_TAXES = 10;
const CATEGORIES: { value: TaxCategory; label: string }[] = [
  { value: 'STANDARD', label: 'Standard' },
  { value: 'ZERO', label: 'Zero rate' },
  { value: 'EXEMPT', label: 'Exempt' },
  { value: 'REVERSE_CHARGE', label: 'Reverse charge' },
  { value: 'OUTSIDE_SCOPE', label: 'Outside the scope' },
];

export function TaxFields({ form }: { form: UseFormReturnType<CustomerValues> }) {
  const { taxes } = form.values.contract;
  return (
    <Stack gap="xs" role="group" aria-label="Taxes">
      <div>
        <Text size="sm" fw={500}>
          Taxes
        </Text>
        <Text size="xs" c="dimmed">
          {taxes.length === 0 ? 'None. Invoices of this customer show no tax.' : 'On every line, each on its own.'}
        </Text>
      </div>
      {taxes.map((tax, index) => (
        <TaxRow key={index} form={form} index={index} category={tax.category} />
      ))}
      {taxes.length < MOST_TAXES ? (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          onClick={() => form.insertListItem('contract.taxes', { ...EMPTY_TAX })}
        >
          Add a tax
        </Button>
      ) : null}
    </Stack>
  );
}

function TaxRow(props: { form: UseFormReturnType<CustomerValues>; index: number; category: TaxCategory }) {
  const { form, index, category } = props;
  const at = (field: string) => form.getInputProps(`contract.taxes.${index.toString()}.${field}`);
  return (
    <Grid gap="xs" className={classes.tax ?? ''}>
      <Grid.Col span={{ base: 6, xs: 3 }}>
        <TextInput label="Name" placeholder="HST" maxLength={50} {...at('name')} />
      </Grid.Col>
      <Grid.Col span={{ base: 6, xs: 4 }}>
        <Select label="Kind" allowDeselect={false} data={CATEGORIES} {...at('category')} />
      </Grid.Col>
      <Grid.Col span={{ base: 10, xs: 4 }}>
        {category === 'STANDARD' ? (
          <TextInput label="Rate" placeholder="13" inputMode="decimal" rightSection="%" {...at('rate')} />
        ) : null}
      </Grid.Col>
      <Grid.Col span={{ base: 2, xs: 1 }}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          className={classes.remove ?? ''}
          aria-label={`Remove tax ${(index + 1).toString()}`}
          onClick={() => form.removeListItem('contract.taxes', index)}
        >
          <IconTrash size={17} stroke={1.7} />
        </ActionIcon>
      </Grid.Col>
      <Grid.Col span={12}>
        <TextInput label="Registration number" placeholder="Printed beside the tax" maxLength={50} {...at('registrationNumber')} />
      </Grid.Col>
      {category === 'EXEMPT' ? (
        <Grid.Col span={12}>
          <TextInput label="Reason of the exemption" required maxLength={500} {...at('exemptionReason')} />
        </Grid.Col>
      ) : null}
    </Grid>
  );
}
