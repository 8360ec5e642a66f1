// The form of a vendor: what its invoices say about it, and how it wants to be paid.
import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fieldErrors, isApiError } from '../api/error';
import type { PaperSize, Vendor } from '../api/types';
import { useSubmission } from '../api/use-submission';
import { createVendor, updateVendor } from '../api/vendors';
import { changedFields, withoutEmpty } from '../format/changes';
import { AddressFields } from '../shell/AddressFields';
import { FormProblem } from '../shell/FormProblem';
import classes from '../shell/PanelForm.module.css';
import { currencyChoices } from '../shell/choices';
import { useFaultFocus } from '../shell/use-fault-focus';
import { toVendor, vendorValues } from './vendor-values';
import type { VendorValues } from './vendor-values';

const PAPERS: { value: PaperSize; label: string }[] = [
  { value: 'LETTER', label: 'US Letter' },
  { value: 'A4', label: 'A4' },
];

export function VendorForm({ vendor, onDone }: { vendor?: Vendor; onDone: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm<VendorValues>({ initialValues: vendorValues(vendor ?? {}) });
  const save = useSubmission({
    send: (values: VendorValues, key) => saveVendor(vendor, values, key),
    onSuccess: (result) => {
      void queryClient.invalidateQueries({ queryKey: ['vendors'] });
      notifications.show({ title: vendor ? 'Saved' : 'Created', message: result.name });
      onDone();
    },
    onError: (error, values) => form.setErrors(vendorErrors(error, values)),
  });
  const formRef = useFaultFocus<HTMLFormElement>(save.result.error);
  const isStale = isApiError(save.result.error, 'ABORTED');

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
      <Stack gap="md" className={classes.body ?? ''}>
        <PartyFields form={form} />
        <Title order={3} mt="xs">
          Payment
        </Title>
        <BankFields form={form} />
      </Stack>
      <div className={classes.foot}>
        {save.result.error ? (
          <FormProblem
            error={save.result.error}
            fields={vendorErrors(save.result.error, form.values)}
            values={form.values}
            title={isStale ? 'Somebody else changed this vendor' : 'Not saved'}
          />
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={save.result.isPending} disabled={vendor !== undefined && !form.isDirty()}>
            {vendor ? 'Save changes' : 'Create vendor'}
          </Button>
        </Group>
      </div>
    </form>
  );
}

/** Complaints by form path. An email that is missing is not one that is malformed. */
function vendorErrors(error: unknown, values: VendorValues): Record<string, string> {
  const errors = fieldErrors(error, ['vendor']);
  return errors.email !== undefined && values.email.trim() === '' ? { ...errors, email: 'Required' } : errors;
}

function saveVendor(vendor: Vendor | undefined, values: VendorValues, key: string): Promise<Vendor> {
  if (!vendor) return createVendor(withoutEmpty(toVendor(values)), key);
  const change = changedFields(toVendor(vendorValues(vendor)), toVendor(values));
  const etag = vendor.etag === undefined ? {} : { etag: vendor.etag };
  return updateVendor(vendor.id ?? '', { ...change.body, ...etag }, change.mask, key);
}

type Form = ReturnType<typeof useForm<VendorValues>>;

function PartyFields({ form }: { form: Form }) {
  const currencies = useMemo(() => currencyChoices(), []);
  const { currencyCode } = form.values;
  return (
    <>
      <TextInput label="Name" required maxLength={200} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Email" required inputMode="email" autoComplete="off" maxLength={254} {...form.getInputProps('email')} />
        <TextInput label="Telephone" inputMode="tel" autoComplete="off" maxLength={50} {...form.getInputProps('phone')} />
      </SimpleGrid>
      <AddressFields inputProps={(field) => form.getInputProps(`address.${field}`)} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Tax number" maxLength={50} {...form.getInputProps('taxNumber')} />
        <TextInput label="Contractor" maxLength={200} {...form.getInputProps('defaultContractor')} />
        <Select
          label="Currency"
          description="Of new contracts"
          placeholder="CAD"
          searchable
          data={currencies}
          {...form.getInputProps('currencyCode')}
          value={currencyCode === '' ? null : currencyCode}
          onChange={(value: string | null) => form.setFieldValue('currencyCode', value ?? '')}
        />
        <Select label="Paper" description="Of its documents" allowDeselect={false} data={PAPERS} {...form.getInputProps('paperSize')} />
        <TextInput label="Language" placeholder="en-CA" maxLength={35} {...form.getInputProps('locale')} />
      </SimpleGrid>
    </>
  );
}

function BankFields({ form }: { form: Form }) {
  const at = (field: string) => form.getInputProps(`bank.${field}`);
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Account holder" maxLength={200} {...at('accountHolder')} />
        <TextInput label="Bank" maxLength={200} {...at('bankName')} />
        <TextInput label="IBAN" maxLength={42} {...at('iban')} />
        <TextInput label="BIC" maxLength={11} {...at('bic')} />
        <TextInput label="Account number" maxLength={40} {...at('accountNumber')} />
        <TextInput label="Routing number" maxLength={40} {...at('routingNumber')} />
      </SimpleGrid>
      <Textarea label="Instructions" autosize minRows={2} maxRows={6} maxLength={2000} {...at('instructions')} />
    </>
  );
}
