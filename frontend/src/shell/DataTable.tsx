// A table of one page of a list: loading, empty and failed are states of it, so every list shows them alike. The first column
// holds a link or button for the keyboard; a click anywhere on the row does the same.
import { Skeleton, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from './Problem';
import classes from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  /** The width of the window below which the column is left out. */
  hideBelow?: 'sm' | 'md' | 'lg' | 'xl';
  width?: string;
  sort?: 'ascending' | 'descending';
}

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  isRefreshing?: boolean;
  error?: unknown;
  onRetry?: () => void;
  empty: ReactNode;
  skeletonRows?: number;
}

export function DataTable<Row>(props: TableProps<Row>) {
  if (props.error !== undefined && props.error !== null && props.rows === undefined) {
    return (
      <div className={classes.state}>
        <Problem error={props.error} title="The list could not be loaded" {...(props.onRetry ? { onRetry: props.onRetry } : {})} />
      </div>
    );
  }
  return (
    <div className={classes.scroller} aria-busy={props.rows === undefined || props.isRefreshing === true}>
      <Table className={classes.table} data-refreshing={props.isRefreshing === true || undefined} aria-label={props.label}>
        <Table.Thead>
          <Table.Tr>
            {props.columns.map((column) => (
              <Table.Th
                key={column.key}
                className={cellClass(column)}
                {...(column.width ? { w: column.width } : {})}
                {...(column.sort ? { 'aria-sort': column.sort } : {})}
              >
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{bodyOf(props)}</Table.Tbody>
      </Table>
    </div>
  );
}

function bodyOf<Row>(props: TableProps<Row>): ReactNode {
  if (props.rows === undefined) {
    return Array.from({ length: props.skeletonRows ?? 8 }, (_, index) => (
      <Table.Tr key={index}>
        {props.columns.map((column) => (
          <Table.Td key={column.key} className={cellClass(column)}>
            <Skeleton height={12} width={column.numeric ? '60%' : '75%'} radius="sm" ml={column.numeric ? 'auto' : 0} />
          </Table.Td>
        ))}
      </Table.Tr>
    ));
  }
  if (props.rows.length === 0) {
    return (
      <Table.Tr className={classes.emptyRow}>
        <Table.Td colSpan={props.columns.length}>
          <div className={classes.empty}>{props.empty}</div>
        </Table.Td>
      </Table.Tr>
    );
  }
  return props.rows.map((row) => (
    <Table.Tr
      key={props.rowKey(row)}
      {...(props.onOpen
        ? {
            className: classes.clickable ?? '',
            onClick: (event: React.MouseEvent) => {
              if (!isOwnControl(event)) props.onOpen?.(row);
            },
          }
        : {})}
    >
      {props.columns.map((column) => (
        <Table.Td key={column.key} className={cellClass(column)}>
          {column.cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}

function isOwnControl(event: React.MouseEvent): boolean {
  const selecting = (window.getSelection()?.toString() ?? '') !== '';
  return selecting || (event.target instanceof Element && event.target.closest('a, button, input') !== null);
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.numeric ? classes.numeric : '', column.hideBelow ? (classes[`below-${column.hideBelow}`] ?? '') : ''].join(' ');
}

export function EmptyText({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <>
      <Text fw={600}>{title}</Text>
      {children === undefined ? null : (
        <Text c="dimmed" size="sm" mt={4} component="div">
          {children}
        </Text>
      )}
    </>
  );
}
