-- migrate:up
-- The form of a logo that documents print. It is drawn once, by a process with bounds on time and memory, and kept. A logo from before this
-- migration gets its form when it is printed next. Both sides are blobs: an SVG that is drawn quickly is its own form.
CREATE TABLE logo_forms (
  logo_sha256 text NOT NULL,
  form_sha256 text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT logo_forms_pkey PRIMARY KEY (logo_sha256),
  CONSTRAINT logo_forms_logo_fkey FOREIGN KEY (logo_sha256) REFERENCES blobs (sha256),
  CONSTRAINT logo_forms_form_fkey FOREIGN KEY (form_sha256) REFERENCES blobs (sha256)
);
GRANT SELECT, INSERT ON logo_forms TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
