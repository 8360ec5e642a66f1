-- Jobs that were queued before keep their place; a queue that no worker asks for is refused.
DO $$ BEGIN
  ASSERT NOT EXISTS (SELECT FROM jobs WHERE (kind IN ('START_RUN', 'RUN_CHUNK')) <> (urgency = 1)), 'runs come before documents';
  BEGIN
    INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
    VALUES (gen_random_uuid(), 'RENDER_DOCUMENT', gen_random_uuid(), now(), 3);
    RAISE EXCEPTION 'a job was queued where nobody looks';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
