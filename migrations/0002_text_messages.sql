-- Text messages as a method.

create table text_message_numbers (
	clinic_id text not null,
	method_id text not null,
	profile_id text not null,
	number text not null,
	primary key (clinic_id, method_id)
);
create index text_message_numbers_by_profile on text_message_numbers (clinic_id, profile_id);

create table text_message_set_ups (
	clinic_id text not null,
	set_up_id text not null,
	profile_id text not null,
	doors_version bigint not null,
	held_by text not null,
	number text,
	typed_number text not null,
	wrong_tries integer not null,
	started_at bigint not null,
	expires_at bigint not null,
	primary key (clinic_id, set_up_id)
);
create unique index text_message_set_ups_by_holder on text_message_set_ups (clinic_id, held_by);
create index text_message_set_ups_by_profile on text_message_set_ups (clinic_id, profile_id);

-- A code belongs to the sign-in, set-up or session that asked for it, and to the number it was sent to.
create table text_codes (
	clinic_id text not null,
	code_id text not null,
	profile_id text not null,
	held_by text not null,
	number text not null,
	sealed_code text,
	made_at bigint not null,
	expires_at bigint not null,
	spent_at bigint,
	primary key (clinic_id, code_id)
);
create index text_codes_by_holder on text_codes (clinic_id, held_by);

-- Each message that carried a code; its id is the outbox's.
create table text_sends (
	clinic_id text not null,
	message_id text not null,
	code_id text not null,
	held_by text not null,
	profile_id text not null,
	number text not null,
	purpose text not null check (purpose in ('sign-in', 'set-up')),
	known_browser integer not null,
	network text not null,
	active_staff bigint not null,
	sent_at bigint not null,
	primary key (clinic_id, message_id)
);
create index text_sends_by_holder on text_sends (clinic_id, held_by, sent_at);

create index profiles_by_last_sign_in on profiles (clinic_id, last_sign_in_at);

-- Which provider took a text message, which one to ask last, and why one that was given up was.
alter table outbox add column provider text;
alter table outbox add column avoid text;
alter table outbox add column why text check (why in ('expired', 'providers', 'number-cannot-receive'));

-- Each channel has a line of its own, so that emails that wait keep no text message waiting.
drop index outbox_due;
create index outbox_due on outbox (channel, due_at) where state = 'waiting';

-- Each time a provider was asked to take a text message, and what it said.
create table text_tries (
	clinic_id text not null,
	message_id text not null,
	try bigint not null,
	provider text not null,
	at bigint not null,
	outcome text not null check (outcome in ('taken', 'no-answer', 'another', 'wait', 'number', 'stop')),
	reason text,
	-- Not to be asked again before.
	wait_until bigint,
	primary key (clinic_id, message_id, try, provider)
);

-- The furthest that a provider reported of a text message.
create table text_receipts (
	clinic_id text not null,
	message_id text not null,
	provider text not null,
	state text not null check (state in ('sent', 'failed', 'delivered')),
	why text check (why in ('carrier', 'number-cannot-receive')),
	reason text,
	at bigint not null,
	primary key (clinic_id, message_id, provider)
);

-- Codes texted to a country and those used, an hour in a few rows, over all clinics. No profile in it.
create table codes_of_countries (
	country text not null,
	hour_at bigint not null,
	part integer not null,
	sent bigint not null,
	used bigint not null,
	primary key (country, hour_at, part)
);
