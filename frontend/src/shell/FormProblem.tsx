// Why a form was not saved. Complaints that are shown at their fields are only counted here; others are told in full.
import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Problem } from './Problem';

export function FormProblem(props: { error: unknown; fields: Record<string, string>; values: object; title?: string }) {
  const paths = Object.keys(props.fields);
  if (paths.length === 0) return <Problem error={props.error} title={props.title ?? 'Not saved'} />;
  const elsewhere = paths.filter((path) => !hasField(props.values, path));
  return (
    <Alert color="brick" variant="light" icon={<IconAlertTriangle size={18} />} title="Not saved" role="alert">
      {elsewhere.length < paths.length ? <Text size="sm">Correct what is marked, then save again.</Text> : null}
      {elsewhere.map((path) => (
        <Text key={path} size="sm">
          {path}: {props.fields[path]}
        </Text>
      ))}
    </Alert>
  );
}

function hasField(values: unknown, path: string): boolean {
  const found = path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }, values);
  return found !== undefined;
}
