import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { PageHeader } from './PageHeader';

export function NotFound() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <Text>
        Go to the{' '}
        <Anchor component={Link} to="/">
          overview
        </Anchor>
        .
      </Text>
    </>
  );
}
