// What is billed: rate, hours, currency, taxes, terms.
import { NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo } from 'react';
import type { PaymentTermsKind, Vendor } from '../api/types';
import { FREQUENCY_CHOICES, billedPeriod, frequencyLabel } from '../format/labels';
import { CivilDate } from '../shell/CivilDate';
import { currencyChoices } from '../shell/choices';
import { TaxFields } from './TaxFields';
import type { CustomerValues } from './customer-values';

const TERMS: { value: PaymentTermsKind; label: string }[] = [
  { value: 'DUE_ON_RECEIPT', label: 'Due on receipt' },
  { value: 'NET', label: 'Net days' },
  { value: 'END_OF_MONTH', label: 'End of the month' },
  { value: 'END_OF_NEXT_MONTH', label: 'End of the next month' },
];

export function ContractFields({ form, vendor }: { form: UseFormReturnType<CustomerValues>; vendor: Vendor | undefined }) {
  const currencies = useMemo(() => currencyChoices(), []);
  const { contract } = form.values;
  const at = (field: string) => form.getInputProps(`contract.${field}`);
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput label="Rate per hour" description="Needed before anything can be billed" inputMode="decimal" autoComplete="off" {...at('ratePerHour')} />
        <Select
          label="Currency"
          description="Of every amount on the invoice"
          placeholder={vendor?.currencyCode ? `${vendor.currencyCode}, the vendor’s` : 'The vendor’s'}
          searchable
          clearable
          data={currencies}
          {...at('currencyCode')}
          value={contract.currencyCode === '' ? null : contract.currencyCode}
          onChange={(value: string | null) => form.setFieldValue('contract.currencyCode', value ?? '')}
        />
        <TextInput label="Default hours" description="Billed where no hours are given" inputMode="decimal" autoComplete="off" {...at('defaultHours')} />
        <Select
          label="Billed"
          description={billedPeriod(contract.frequency)}
          allowDeselect={false}
          data={FREQUENCY_CHOICES.map((value) => ({ value, label: frequencyLabel(value) }))}
          {...at('frequency')}
        />
        <Select label="Payment terms" allowDeselect={false} data={TERMS} {...at('paymentTerms.kind')} />
        {contract.paymentTerms.kind === 'NET' ? (
          <NumberInput label="Days" min={0} max={365} allowDecimal={false} clampBehavior="blur" {...at('paymentTerms.days')} />
        ) : null}
      </SimpleGrid>
      <TaxFields form={form} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput label="Extra fees" description="Added to every invoice" inputMode="decimal" autoComplete="off" {...at('extraFees')} />
        <TextInput label="Called" description="As it is printed" placeholder="Extra fees" maxLength={200} {...at('extraFeesLabel')} />
        <TextInput label="Invoice prefix" placeholder="INV" maxLength={20} {...at('invoicePrefix')} />
        <TextInput label="Purchase order" maxLength={100} {...at('purchaseOrder')} />
        <CivilDate label="First day billed" placeholder="No limit" {...at('startDate')} />
        <CivilDate label="Last day billed" placeholder="No limit" {...at('endDate')} />
      </SimpleGrid>
      <Textarea label="Notes on every invoice" autosize minRows={2} maxRows={8} maxLength={4000} {...at('notes')} />
    </Stack>
  );
}
