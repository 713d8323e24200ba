-- Helping a colleague, changing an email, "This wasn't me", and the pages of activity.

-- A reset is pending until the next session starts: a colleague or the operator turned 2-Step Verification off.
alter table profiles add column reset_pending_at bigint;
-- The latest change of email by somebody who had signed in before: for 7 days it closes some ways back in.
alter table profiles add column email_changed_at bigint;
alter table profiles add column earlier_email text;
-- For these 7 days the earlier one is nobody else's: it is looked up by its key.
alter table profiles add column earlier_email_key text;
alter table profiles add column mobile_changed_at bigint;
alter table profiles add column earlier_mobile text;
-- Since when somebody is kept out: 7 days that were running then begin again when they are let in.
alter table profiles add column deactivated_at bigint;
create index profiles_by_earlier_email on profiles (clinic_id, earlier_email_key);

-- Staff by name, and a search by name or email that reads nothing but this index.
drop index profiles_by_name;
create index profiles_by_name on profiles (clinic_id, name, profile_id, email_key);
create index profiles_by_active on profiles (clinic_id, active, name, profile_id);

-- A fact of the sign-in: its temporary code was right.
alter table sign_ins add column temporary_code_passed_at bigint;

create table temporary_codes (
	clinic_id text not null,
	code_id text not null,
	profile_id text not null,
	code_hash text not null,
	-- A profile id, or `operator`.
	given_by text not null,
	made_at bigint not null,
	expires_at bigint not null,
	spent_at bigint,
	ended_at bigint,
	primary key (clinic_id, code_id)
);
create index temporary_codes_by_profile on temporary_codes (clinic_id, profile_id);
create index temporary_codes_by_giver on temporary_codes (clinic_id, given_by);

-- An email that waits until the new address confirms it.
create table email_changes (
	clinic_id text not null,
	change_id text not null,
	token_hash text not null,
	profile_id text not null,
	new_email text not null,
	-- Who asked for it: a profile id.
	asked_by text not null,
	made_at bigint not null,
	expires_at bigint not null,
	used_at bigint,
	ended_at bigint,
	primary key (clinic_id, change_id)
);
create unique index email_changes_by_token on email_changes (clinic_id, token_hash);
create index email_changes_by_profile on email_changes (clinic_id, profile_id);
create index email_changes_by_asker on email_changes (clinic_id, asked_by);

-- The button "This wasn't me" of a security email.
create table not_me_links (
	clinic_id text not null,
	link_id text not null,
	token_hash text not null,
	profile_id text not null,
	-- The address the email went to.
	sent_to text not null,
	-- When the thing happened that the email tells of.
	since_at bigint not null,
	-- What was in force right before it: put back where it was changed since.
	email text not null,
	mobile text,
	made_at bigint not null,
	expires_at bigint not null,
	used_at bigint,
	primary key (clinic_id, link_id)
);
create unique index not_me_links_by_token on not_me_links (clinic_id, token_hash);
create index not_me_links_by_end on not_me_links (clinic_id, expires_at);
create index not_me_links_by_profile on not_me_links (clinic_id, profile_id);

-- The networks from which a person finished a sign-in lately: one that is not among them is told of.
create table networks_seen (
	clinic_id text not null,
	profile_id text not null,
	-- An IPv4 address, or an IPv6 /64.
	network text not null,
	last_seen_at bigint not null,
	primary key (clinic_id, profile_id, network)
);

-- What retention took away: the number and code of the last event that went, under a keyed hash of its own.
create table activity_marks (
	clinic_id text not null primary key,
	number bigint not null,
	code text not null,
	at bigint not null,
	mark text not null
);

-- The pages of activity: newest first, each filter along an index of its own.
drop index activity_events_by_profile;
create index activity_events_by_time on activity_events (clinic_id, at, number);
create index activity_events_by_profile on activity_events (clinic_id, profile_id, at, number);
create index activity_events_by_kind on activity_events (clinic_id, kind, at, number);
create index activity_events_by_profile_and_kind on activity_events (clinic_id, profile_id, kind, at, number);
-- What somebody did to another: what they did to themselves is found by whom it concerns.
create index activity_events_by_actor on activity_events (clinic_id, actor, at, number, kind)
	where coalesce(profile_id, '') <> actor;
