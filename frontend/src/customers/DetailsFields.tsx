// Who the customer is, and where its invoices go.
import { Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Vendor } from '../api/types';
import { vendorsQuery } from '../api/vendors';
import { AddressFields } from '../shell/AddressFields';
import type { CustomerValues } from './customer-values';

const MOST_VENDORS = 200;

export function DetailsFields(props: {
  form: UseFormReturnType<CustomerValues>;
  isNew: boolean;
  onVendor: (vendor: Vendor | undefined) => void;
}) {
  const { form, isNew, onVendor } = props;
  const vendors = useQuery(vendorsQuery(isNew ? { active: true, pageSize: MOST_VENDORS } : { pageSize: MOST_VENDORS }));
  const list = vendors.data?.vendors;
  const { vendorId } = form.values;

  const { setFieldValue, resetDirty } = form;
  useEffect(() => {
    const only = list?.length === 1 ? list[0] : undefined;
    if (isNew && vendorId === '' && only?.id) {
      setFieldValue('vendorId', only.id);
      resetDirty();
    }
    onVendor(list?.find((vendor) => vendor.id === vendorId));
  }, [list, isNew, vendorId, setFieldValue, resetDirty, onVendor]);

  return (
    <Stack gap="md">
      <Select
        label="Vendor"
        description={isNew ? 'Who sends the invoices. Cannot be changed later.' : undefined}
        required={isNew}
        disabled={!isNew}
        searchable
        data={(list ?? []).map((vendor) => ({ value: vendor.id ?? '', label: vendor.name }))}
        nothingFoundMessage="No vendor"
        {...form.getInputProps('vendorId')}
      />
      <TextInput label="Name" required maxLength={200} data-autofocus autoComplete="off" {...form.getInputProps('name')} />
      <TextInput label="Email" description="Invoices go here" inputMode="email" autoComplete="off" maxLength={254} {...form.getInputProps('email')} />
      <TagsInput
        label="Copies to"
        description="Each address gets its own copy; press Enter after each"
        maxTags={10}
        {...form.getInputProps('ccEmails')}
        error={firstError(form.errors, 'ccEmails')}
      />
      <AddressFields inputProps={(field) => form.getInputProps(`address.${field}`)} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <TextInput label="Tax number" maxLength={50} {...form.getInputProps('taxNumber')} />
        <TextInput label="Language" placeholder="The vendor’s" maxLength={35} {...form.getInputProps('locale')} />
        <TextInput label="Contractor" placeholder="The vendor’s default" maxLength={200} {...form.getInputProps('contractorName')} />
        <TextInput label="Service location" maxLength={200} {...form.getInputProps('serviceLocation')} />
      </SimpleGrid>
    </Stack>
  );
}

/** The complaint about a list, or about one of its entries, which the field shows as one. */
function firstError(errors: UseFormReturnType<CustomerValues>['errors'], path: string) {
  return errors[path] ?? Object.entries(errors).find(([name]) => name.startsWith(`${path}.`))?.[1];
}
