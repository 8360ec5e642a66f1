-- Documents come before emails; a queue that no worker asks for is refused.
DO $$ BEGIN
  ASSERT NOT EXISTS (SELECT FROM jobs WHERE kind = 'SEND_EMAIL' AND urgency = 2), 'emails have the last queue';
  BEGIN
    INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
    VALUES (gen_random_uuid(), 'RENDER_DOCUMENT', gen_random_uuid(), now(), 4);
    RAISE EXCEPTION 'a job was queued where nobody looks';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
