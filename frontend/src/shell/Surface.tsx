// A panel on the page, with an optional heading and a link or action at its right.
import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Surface.module.css';

export function Surface(props: { title?: string; aside?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className={classes.surface}>
      {props.title === undefined ? null : (
        <Group justify="space-between" className={classes.head}>
          <Title order={2}>{props.title}</Title>
          {props.aside}
        </Group>
      )}
      <div className={props.flush ? undefined : classes.body}>{props.children}</div>
    </section>
  );
}
