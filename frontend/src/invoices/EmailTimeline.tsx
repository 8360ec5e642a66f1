// What was emailed to whom, with every attempt and the mail server's own words.
import { Collapse, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { emailQuery, invoiceEmailsQuery } from '../api/invoices';
import type { Email, EmailAttempt } from '../api/types';
import { formatInstant } from '../format/date';
import { emailStateLabel } from '../format/labels';
import { Problem } from '../shell/Problem';
import { StatusBadge } from '../shell/StatusBadge';
import classes from './EmailTimeline.module.css';

export function EmailTimeline({ invoiceId }: { invoiceId: string }) {
  const list = useQuery(invoiceEmailsQuery(invoiceId));
  if (list.error && !list.data) return <Problem error={list.error} title="The emails could not be loaded" />;
  if (!list.data) return <Skeleton height={48} radius="sm" />;
  const emails = list.data.emails ?? [];
  if (emails.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        Nothing was emailed yet.
      </Text>
    );
  }
  return (
    <ol className={classes.timeline}>
      {emails.map((email, index) => (
        <EmailEntry key={email.id} email={email} startOpen={index === 0} />
      ))}
    </ol>
  );
}

function EmailEntry({ email, startOpen }: { email: Email; startOpen: boolean }) {
  const [isOpen, setOpen] = useState(startOpen);
  const label = emailStateLabel(email.state);
  return (
    <li className={classes.entry} data-tone={label.tone}>
      <UnstyledButton className={classes.head ?? ''} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={classes.line}>
          <span className={classes.recipient}>{email.recipient}</span>
          <StatusBadge label={label} />
        </span>
        <span className={classes.meta}>
          {whatHappened(email)}
          <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} aria-hidden />
        </span>
      </UnstyledButton>
      {email.problem ? <p className={classes.problem}>{email.problem}</p> : null}
      <Collapse expanded={isOpen}>{isOpen ? <Attempts id={email.id ?? ''} /> : null}</Collapse>
    </li>
  );
}

function whatHappened(email: Email): string {
  const role = email.role === 'CC' ? 'Copy · ' : email.role === 'ARCHIVE' ? 'Archive · ' : '';
  const again = (email.resendNumber ?? 0) > 0 ? 'Again · ' : '';
  const time = email.sentTime ? `accepted ${formatInstant(email.sentTime)}` : `queued ${formatInstant(email.createTime)}`;
  const next = email.nextAttemptTime && email.state === 'QUEUED' ? `, next try ${formatInstant(email.nextAttemptTime)}` : '';
  const text = `${role}${again}${time}${next}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Attempts({ id }: { id: string }) {
  const email = useQuery(emailQuery(id));
  if (email.error) return <Problem error={email.error} title="The attempts could not be loaded" />;
  if (!email.data) return <Skeleton height={48} mt="xs" radius="sm" />;
  const attempts = email.data.attempts ?? [];
  if (attempts.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt={6}>
        No attempt yet.
      </Text>
    );
  }
  return (
    <ol className={classes.attempts}>
      {[...attempts].reverse().map((attempt) => (
        <Attempt key={attempt.number} attempt={attempt} />
      ))}
    </ol>
  );
}

/** "LOST_AFTER_DATA" is "Lost after data"; an attempt without an outcome goes on. */
function outcomeText({ outcome = '' }: EmailAttempt): string {
  if (outcome === '') return 'Under way';
  const words = outcome.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The transcript marks what we sent with ">", what came back with "<" and remarks with "-". */
function sideOf(line: string): 'ours' | 'theirs' | 'remark' {
  if (line.startsWith('>')) return 'ours';
  return line.startsWith('<') ? 'theirs' : 'remark';
}

function Attempt({ attempt }: { attempt: EmailAttempt }) {
  const reply = [attempt.replyCode ? attempt.replyCode.toString() : '', attempt.reply ?? ''].filter(Boolean).join(' ');
  return (
    <li>
      <div className={classes.attemptHead}>
        <span>Attempt {attempt.number}</span>
        <span className={classes.meta}>{formatInstant(attempt.startTime)}</span>
      </div>
      <div className={classes.reply}>{reply === '' ? outcomeText(attempt) : reply}</div>
      {attempt.transcript ? (
        <details className={classes.details}>
          <summary>Transcript</summary>
          <pre className={classes.transcript} tabIndex={0}>
            {attempt.transcript.split('\n').map((line, index) => (
              <span key={index} data-side={sideOf(line)}>
                {line}
                {'\n'}
              </span>
            ))}
          </pre>
        </details>
      ) : null}
    </li>
  );
}
