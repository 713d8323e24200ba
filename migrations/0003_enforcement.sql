-- The clinic's rule, trusted browsers, the emailed code before a forced set-up, and what is mailed to all of a clinic.

-- The rule: required from the start of this day in the clinic's time zone; null while it is off.
alter table clinics add column required_from_on text;
alter table clinics add column allows_trust integer not null default 1;
alter table clinics add column allows_texts integer not null default 1;
-- Clearing the checkbox raises it: trust given under an earlier one is over, for the whole clinic at once.
alter table clinics add column trust_version bigint not null default 0;
-- Automatic Sign Out: how long a session may lie unused.
alter table clinics add column sign_out_after_ms bigint not null default 7200000;
-- When the rule was last saved: a form drawn before somebody else saved changes nothing.
alter table clinics add column rule_version bigint not null default 0;

create table trusted_browsers (
	clinic_id text not null,
	profile_id text not null,
	browser_hash text not null,
	-- For the page that lists them: a form carries it, never the hash.
	trust_id text not null,
	trust_version bigint not null,
	name text not null,
	address text not null,
	trusted_at bigint not null,
	ends_at bigint not null,
	primary key (clinic_id, profile_id, browser_hash)
);

create table emailed_codes (
	clinic_id text not null,
	code_id text not null,
	profile_id text not null,
	code_hash text not null,
	made_at bigint not null,
	expires_at bigint not null,
	spent_at bigint,
	primary key (clinic_id, code_id)
);
create index emailed_codes_by_profile on emailed_codes (clinic_id, profile_id);

-- A fact of the sign-in: its emailed code was right.
alter table sign_ins add column emailed_code_passed_at bigint;

alter table profiles add column last_reminded_at bigint;

-- An email to all who have not set it up: made with the change that causes it, and sent in batches afterwards.
create table mailings (
	clinic_id text not null,
	mailing_id text not null,
	kind text not null check (kind in ('announcement', 'week-before', 'day-before', 'on-the-day', 'by-hand')),
	-- The day from which it is required, as the email says it.
	required_from_on text not null,
	due_at bigint not null,
	-- The profile that pressed Send reminder; null for what the rule calls for.
	asked_by text,
	-- The last profile that was seen to, in the order of their ids, and how many were emailed so far.
	after_profile_id text not null,
	emailed bigint not null,
	ended_at bigint,
	primary key (clinic_id, mailing_id)
);
create index mailings_due on mailings (due_at) where ended_at is null;
-- Reminders by hand go to all once at a time, however often somebody presses.
create unique index mailings_by_hand on mailings (clinic_id) where kind = 'by-hand' and ended_at is null;

create index profiles_by_name on profiles (clinic_id, name, profile_id);

-- What is over is forgotten by the clinic and the time, a batch at a time.
create index outbox_ended on outbox (clinic_id, state, ended_at) where ended_at is not null;
create index browsers_by_last_known on browsers (clinic_id, last_known_at);
