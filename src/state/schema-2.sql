-- Schema 2: the kind of place that a finding's file lives in, the service that copies it into its
-- cloud, and the address it was downloaded from.

ALTER TABLE finding ADD COLUMN place TEXT;
ALTER TABLE finding ADD COLUMN service TEXT;
ALTER TABLE finding ADD COLUMN download TEXT;
