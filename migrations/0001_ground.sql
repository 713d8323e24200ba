-- The ground: clinics, who the staff are, the two doors, the limits, the record and the outbox.
-- Portable SQL for SQLite and PostgreSQL. Times are epoch milliseconds; yes and no are 1 and 0.
-- Every primary key begins with clinic_id, so that a clinic is one shard.

create table clinics (
	clinic_id text not null primary key,
	short_name text not null unique,
	name text not null,
	time_zone text not null,
	country text not null,
	created_at bigint not null
);

create table profiles (
	clinic_id text not null,
	profile_id text not null,
	name text not null,
	email text not null,
	email_key text not null,
	mobile text,
	access text not null check (access in ('full', 'limited')),
	active integer not null,
	language text not null,
	created_at bigint not null,
	last_sign_in_at bigint,
	-- Counts every change of how this person gets in. A sign-in or set-up begun before the last one is over.
	doors_version bigint not null,
	primary key (clinic_id, profile_id)
);
create unique index profiles_by_email on profiles (clinic_id, email_key);

create table passwords (
	clinic_id text not null,
	profile_id text not null,
	password_id text not null,
	hash text not null,
	set_at bigint not null,
	set_by text not null check (set_by in ('link', 'change')),
	only_known_browsers integer not null,
	primary key (clinic_id, profile_id)
);

create table password_links (
	clinic_id text not null,
	link_id text not null,
	token_hash text not null,
	profile_id text not null,
	kind text not null check (kind in ('invitation', 'reset')),
	made_at bigint not null,
	expires_at bigint not null,
	used_at bigint,
	ended_at bigint,
	primary key (clinic_id, link_id)
);
create unique index password_links_by_token on password_links (clinic_id, token_hash);
create index password_links_by_profile on password_links (clinic_id, profile_id);

create table browsers (
	clinic_id text not null,
	profile_id text not null,
	browser_hash text not null,
	name text not null,
	address text not null,
	first_known_at bigint not null,
	last_known_at bigint not null,
	primary key (clinic_id, profile_id, browser_hash)
);
create index browsers_by_hash on browsers (clinic_id, browser_hash);

create table methods (
	clinic_id text not null,
	profile_id text not null,
	kind text not null check (kind in ('authenticator-app', 'text-message')),
	method_id text not null,
	on_at bigint not null,
	last_used_at bigint,
	is_default integer not null,
	wrong_in_a_row integer not null,
	blocked_at bigint,
	primary key (clinic_id, profile_id, kind)
);

create table authenticator_apps (
	clinic_id text not null,
	method_id text not null,
	profile_id text not null,
	sealed_secret text not null,
	primary key (clinic_id, method_id)
);
create index authenticator_apps_by_profile on authenticator_apps (clinic_id, profile_id);

-- Each time step is spent by itself: the row is the spending (RFC 6238, 5.2).
create table authenticator_steps (
	clinic_id text not null,
	method_id text not null,
	time_step bigint not null,
	spent_at bigint not null,
	primary key (clinic_id, method_id, time_step)
);

create table authenticator_app_set_ups (
	clinic_id text not null,
	set_up_id text not null,
	profile_id text not null,
	doors_version bigint not null,
	held_by text not null,
	sealed_secret text not null,
	wrong_tries integer not null,
	started_at bigint not null,
	expires_at bigint not null,
	primary key (clinic_id, set_up_id)
);
create unique index authenticator_app_set_ups_by_holder on authenticator_app_set_ups (clinic_id, held_by);
create index authenticator_app_set_ups_by_profile on authenticator_app_set_ups (clinic_id, profile_id);

create table recovery_codes (
	clinic_id text not null,
	profile_id text not null,
	code_id text not null,
	hash text not null,
	sealed_code text,
	sealed_until bigint,
	shown_to text not null,
	made_at bigint not null,
	saved_at bigint,
	primary key (clinic_id, profile_id)
);
-- The codes that can still be read: few at any time, whatever the number of staff.
create index recovery_codes_sealed on recovery_codes (sealed_until) where sealed_code is not null;

create table sign_ins (
	clinic_id text not null,
	sign_in_id text not null,
	token_hash text not null,
	profile_id text not null,
	doors_version bigint not null,
	browser_hash text,
	known_browser integer not null,
	browser_name text not null,
	address text not null,
	asked_kind text,
	return_to text,
	started_at bigint not null,
	expires_at bigint not null,
	primary key (clinic_id, sign_in_id)
);
create unique index sign_ins_by_token on sign_ins (clinic_id, token_hash);
create index sign_ins_by_profile on sign_ins (clinic_id, profile_id);

create table sessions (
	clinic_id text not null,
	session_id text not null,
	token_hash text not null,
	profile_id text not null,
	browser_hash text not null,
	browser_name text not null,
	address text not null,
	signed_in_by text not null,
	started_at bigint not null,
	last_seen_at bigint not null,
	expires_at bigint not null,
	method_passed_at bigint,
	lost_phone_until bigint,
	lost_kinds text,
	set_up_signs_out integer not null,
	return_to text,
	wrong_proofs integer not null,
	primary key (clinic_id, session_id)
);
create unique index sessions_by_token on sessions (clinic_id, token_hash);
create index sessions_by_profile on sessions (clinic_id, profile_id);

create table tries (
	clinic_id text not null,
	limit_name text not null,
	key text not null,
	state text not null,
	expires_at bigint not null,
	primary key (clinic_id, limit_name, key)
);

-- Counters that must see every clinic at once: networks, numbers, prefixes, countries. No profile in them.
create table tries_across_clinics (
	limit_name text not null,
	key text not null,
	state text not null,
	expires_at bigint not null,
	primary key (limit_name, key)
);

create table activity_heads (
	clinic_id text not null primary key,
	number bigint not null,
	code text not null
);

create table activity_events (
	clinic_id text not null,
	number bigint not null,
	at bigint not null,
	kind text not null,
	profile_id text,
	actor text not null,
	address text,
	browser_name text,
	detail text not null,
	code text not null,
	primary key (clinic_id, number)
);
create index activity_events_by_profile on activity_events (clinic_id, profile_id, number);

create table outbox (
	clinic_id text not null,
	message_id text not null,
	channel text not null check (channel in ('email', 'text')),
	kind text not null,
	profile_id text,
	recipient text not null,
	sealed_body text,
	state text not null check (state in ('waiting', 'sent', 'dead')),
	made_at bigint not null,
	due_at bigint not null,
	expires_at bigint not null,
	tries integer not null,
	last_error text,
	ended_at bigint,
	primary key (clinic_id, message_id)
);
create index outbox_due on outbox (due_at) where state = 'waiting';

create table demo_inbox (
	clinic_id text not null,
	message_id text not null,
	channel text not null,
	recipient text not null,
	subject text not null,
	body text not null,
	received_at bigint not null,
	primary key (clinic_id, message_id)
);
